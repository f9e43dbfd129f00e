"""One table gives one answer, whatever it is stored in: statistics, suggested constraints and verdicts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import engine
from tests.datasets.containers import CONTAINERS, Table

WORDS = ["red", "green", "light blue", "naïve", 'say "so"', "a,b", "日本", "x"]
COLUMNS = {
    "a_count": st.one_of(st.none(), st.integers(-(2**53), 2**53)),
    "b_size": st.one_of(st.none(), st.integers(0, 5)),
    "c_price": st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: x + 0.0)),
    "d_ratio": st.sampled_from([0.5, 0.25, 1e-7, 123456789.125, 2.0]),
    "e_word": st.one_of(st.none(), st.sampled_from(WORDS)),
    "f_flag": st.booleans(),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of which each column has a value at the start: what no container knows the type of, none can tell."""
    rows = draw(st.integers(5, 40))
    table = {name: draw(st.lists(cells, min_size=rows, max_size=rows)) for name, cells in COLUMNS.items()}
    firsts = {"a_count": 7, "b_size": 3, "c_price": 0.75, "e_word": "red"}
    return {name: [firsts.get(name, cells[0]), *cells[1:]] for name, cells in table.items()}


def baseline(container: str, table: Table, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    (folder / "data").mkdir(parents=True)
    source = CONTAINERS[container](folder / "data", table)
    engine.baseline(source.pop("paths"), output=folder / "baseline", runner="inline", input=source)
    documents = [
        json.loads((folder / "baseline" / f"{name}.json").read_text()) for name in ("statistics", "constraints")
    ]
    return documents[0], documents[1]


def verdicts(container: str, table: Table, folder: Path) -> list[tuple[str, str]]:
    (folder / "now").mkdir(parents=True)
    source = CONTAINERS[container](folder / "now", table)
    result = engine.monitor(
        source.pop("paths"), baseline=folder / "baseline", output=folder / "out", runner="inline", input=source
    )
    return sorted((str(one.feature_name), one.constraint_check_type) for one in result.violations)


ESTIMATES = ("distinct_count", "approximate_num_distinct_values")


def without_estimates(value: Any) -> Any:
    """A document without estimates of distinct counts: CSV counts texts, typed columns values."""
    if isinstance(value, Mapping):
        return {key: without_estimates(item) for key, item in value.items() if key not in ESTIMATES}
    return [without_estimates(item) for item in value] if isinstance(value, list) else value


def estimates(statistics: Mapping[str, Any]) -> list[float]:
    parts = ("numerical_statistics", "string_statistics")
    blocks = [feature[part] for feature in statistics["features"] for part in parts if part in feature]
    return [block[key] for block in blocks for key in ESTIMATES if key in block]


# An example takes a second: a failing one is shown as it is, not made smaller.
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
@given(before=tables(), now=tables())
def test_documents_and_verdicts_are_those_of_csv_in_every_container(before: Table, now: Table) -> None:
    answers = {}
    for container in CONTAINERS:
        with tempfile.TemporaryDirectory() as folder:
            statistics, constraints = baseline(container, before, Path(folder))
            answers[container] = (statistics, constraints, verdicts(container, now, Path(folder)))
    expected = answers["csv"]
    for container, (statistics, constraints, found) in answers.items():
        assert without_estimates(statistics) == without_estimates(expected[0]), container
        assert estimates(statistics) == pytest.approx(estimates(expected[0]), rel=0.25, abs=2.5), container
        assert constraints == expected[1], container
        assert found == expected[2], container
