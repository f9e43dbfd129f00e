"""Configurations that are damaged: loaded, or refused with the name of the file. Nothing in them is a defect of the program."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml

from engine.config import load_config
from engine.errors import ConfigurationError
from jobs.cli import template
from tests.documents.mutations import mutated

ROUNDS = 150
FULL = """
input: {paths: [a, b], format: csv, start: 2026-01-31T10:00:00Z, exclude_features: [1, x], csv: {header: true}, split_bytes: 1MiB}
output: o
baseline: {statistics: s, constraints: c}
metrics: [drift, {name: blank_share, columns: [a], settings: {x: 1}}, {name: mine, sql: count(*), threshold: 1}]
segments: {by: [a, [b, c]], min_rows: 5}
actions: [{action: sns, settings: {topic_arn: x}, when: {severity: info, kinds: [completeness_check]}}]
severities: {completeness_check: info}
cloudwatch: {enabled: true, metric_time: 2026-01-31}
runner: {kind: inline, conf: {spark.x: 1}}
deequ: {checks: [{check: isComplete, column: a}, {check: hasSize, assertion: "> 1"}]}
"""


@pytest.mark.parametrize("source", ["template", "full"])
def test_a_damaged_configuration_is_loaded_or_refused_by_name(tmp_path: Path, source: str) -> None:
    text = template() if source == "template" else FULL
    rng = random.Random(f"{source} 18")  # noqa: S311 - a seed, no secret
    document = json.loads(json.dumps(yaml.safe_load(text), default=str))
    path = tmp_path / "monitor.yaml"
    refused = 0
    for _ in range(ROUNDS):
        damaged = mutated(document, rng)  # JSON is YAML
        if rng.random() < 0.3:
            lines = text.splitlines()
            lines[rng.randrange(len(lines))] = rng.choice(
                ["\t", "a: [", "!!map x", "? x", "- -", "a: &a [*a]", "x: 2026-99-99", "'"]
            )
            damaged = "\n".join(lines).encode()
        path.write_bytes(damaged)
        try:
            load_config(path)
        except ConfigurationError as error:
            assert str(path) in str(error), damaged[:2000]  # noqa: PT017 - it may also be loaded
            refused += 1
    assert refused > ROUNDS // 3
