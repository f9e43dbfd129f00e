"""One way to say what is wrong with a value, for configurations, settings, documents and variables."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config import make_config
from engine.errors import ConfigurationError
from engine.plugins import discover
from jobs.bundled import bundle_plugins


def fault(options: dict[str, Any]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        make_config(["a"], "o", options=options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"input": {"csv": {"multiline": "perhaps"}}},
            "'input.csv.multiline' is 'perhaps': it must be a valid boolean",
        ),
        ({"input": {"csv": 5}}, "'input.csv' is 5: it must be a mapping of keys to values"),
        ({"segments": {"by": [5]}}, "'segments.by[0]' is 5: it must be text; write it in quotes, or a list"),
        (
            {"metrics": [{"name": "x", "colums": ["a"]}]},
            "section 'metrics[0]': unknown key 'colums'. Did you mean 'columns'?",
        ),
        (
            {"actions": [{"action": "sns", "when": {"severty": "info"}}]},
            "unknown key 'severty'. Did you mean 'severity'?",
        ),
        ({"run_id": True}, "'run_id' is true: it must be text; write it in quotes"),
        ({"settings": {1: 2}}, "'settings[1]' is 1: it must be text"),
        ({"input": {"max_malformed_share": 10**400}}, "'input.max_malformed_share'"),
        ({"s3": {"endpoint_url": "http://u:geheim@h"}}, "'s3.endpoint_url' is 'http://***@h'"),
        ({"actions": [{"action": "w", "settings": "x", "headers": {"a": "geheim"}}]}, "unknown key"),
    ],
)
def test_a_fault_names_the_key_the_value_and_what_is_allowed(options: dict[str, Any], expected: str) -> None:
    text = fault(options)
    assert expected in text
    assert "geheim" not in text


@pytest.mark.parametrize(
    ("monitor", "settings", "expected"),
    [
        ("data_quality", {"categorical_drift_methd": "x"}, "unknown key 'categorical_drift_methd'. Did you mean"),
        (
            "data_quality",
            {"categorical_drift_method": 1},
            "settings of monitor data_quality: 'categorical_drift_method' is 1",
        ),
        ("model_quality", {}, "settings of monitor model_quality: "),
        ("model_qualty", {}, "there is no monitor 'model_qualty'. Did you mean 'model_quality'?"),
    ],
)
def test_settings_of_a_monitor_are_explained_alike(monitor: str, settings: dict[str, Any], expected: str) -> None:
    bundle_plugins()
    with pytest.raises(ConfigurationError) as caught:
        discover().monitor(monitor, settings)
    assert expected in str(caught.value)
    assert "  " not in str(caught.value)
    assert "Value error" not in str(caught.value)


def test_a_value_is_not_written_out_whole_first() -> None:
    wide: Any = ["x"] * 9
    for _ in range(9):
        wide = [wide] * 9  # 9 ** 10 texts, if all were written
    assert len(fault({"input": {"format": wide}})) < 300
