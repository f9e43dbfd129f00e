"""The dashboard and alarms keep CloudFormation's rules and name the metrics that the monitors publish."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cfnlint.api import lint_file

from engine.plugins import discover
from jobs.bundled import bundle_plugins

TEMPLATE = Path(__file__).resolve().parents[2] / "conf/cloudwatch/model-monitor.yaml"


def test_the_template_keeps_cloudformations_rules() -> None:
    assert lint_file(TEMPLATE) == []


@pytest.mark.parametrize("name", ["data_quality", "model_quality", "bias", "attribution"])
def test_every_monitor_has_an_alarm_in_its_namespace(name: str) -> None:
    bundle_plugins()
    cls = discover().plugins[name].cls
    monitor = cls(cls.Settings.model_construct())
    text = TEMPLATE.read_text()
    for endpoint in ("demo", None):
        place = monitor.namespace(endpoint).replace("aws/sagemaker", "${NamespacePrefix}")
        assert f'!Sub "{place}"' in text


def test_the_dashboard_is_json() -> None:
    body = re.search(r"        - \|\n(.*?)        - Kind:", TEMPLATE.read_text(), re.DOTALL)
    assert body is not None
    filled = re.sub(r"\$\{[\w:]+\}", "1", body[1])
    widgets = json.loads(filled)["widgets"]
    assert {widget["type"] for widget in widgets} == {"metric"}
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)
