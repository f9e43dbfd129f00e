"""Variables of a container with the values that people and tools write: read as they are meant, or refused by their name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import ConfigurationError
from jobs.container_environment import container
from jobs.merge_environment import merge_settings

PLACES = {"dataset_source": "/opt/ml/in", "output_path": "/opt/ml/out"}


def configuration(**variables: str) -> Any:
    return container({**PLACES, **variables}).configuration()


@pytest.mark.parametrize(
    ("value", "enabled"),
    [
        ("Enabled", True),
        ("enabled", True),
        (" ENABLED ", True),
        ("true", True),
        ("Disabled", False),
        ("", False),
        ("false", False),
    ],
)
def test_metrics_are_switched_by_any_spelling(value: str, enabled: bool) -> None:
    assert configuration(publish_cloudwatch_metrics=value).cloudwatch.enabled is enabled


@pytest.mark.parametrize("word", ["MODEL_QUALITY", "model_quality", "ModelQuality", "Model Quality", "model-quality"])
def test_the_kind_of_analysis_is_read_in_any_spelling(word: str) -> None:
    assert configuration(analysis_type=word).monitor == "model_quality"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        (
            {"publish_cloudwatch_metrics": "perhaps"},
            "publish_cloudwatch_metrics is 'perhaps'; allowed: Enabled and Disabled",
        ),
        ({"MONITOR_PUT_METRICS": "sure"}, "MONITOR_PUT_METRICS is 'sure'; allowed: true and false"),
        ({"MONITOR_FAIL_ON_VIOLATIONS": "2"}, "MONITOR_FAIL_ON_VIOLATIONS is '2'"),
        ({"start_time": "0001-01-01T00:00:00+14:00"}, "start_time is in UTC outside of the years"),
        ({"end_time": "tomorrow"}, "The environment variable end_time is not a time"),
        ({"start_time": "2026-01-02", "end_time": "2026-01-01"}, "is not before end"),
        ({"MONITOR_RUNNER": "cluster"}, "'runner.kind' is 'cluster': it must be 'spark' or 'inline'"),
        ({"output_path": "  "}, "The environment variable output_path is not set"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_its_name(variables: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configuration(**variables)
    assert expected in str(caught.value)


def test_times_without_a_zone_are_utc_and_blanks_do_not_matter() -> None:
    config = configuration(start_time=" 2026-01-31T10: 00: 00 ", end_time="2026-01-31 11:00", MONITOR_RUNNER="Inline")
    assert (config.input.start.isoformat(), config.input.end.isoformat()) == (
        "2026-01-31T10:00:00+00:00",
        "2026-01-31T11:00:00+00:00",
    )
    assert config.runner.kind == "inline"


def test_excluded_features_are_names_and_indices_with_blanks() -> None:
    assert configuration(exclude_features_attribute=" 0, 3 ,age ,, ").input.exclude_features == ["0", "3", "age"]


def test_statistics_alone_are_named_as_unused(caplog: pytest.LogCaptureFixture) -> None:
    assert configuration(baseline_statistics="/opt/ml/s.json").baseline is None
    assert "baseline_statistics is not used without baseline_constraints" in caplog.text


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"MONITOR_RUNNER": "cluster"}, "MONITOR_RUNNER is 'cluster'"),
        ({"start_time": "soon"}, "variable start_time is not a time"),
    ],
)
def test_a_merge_refuses_alike(variables: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected):
        merge_settings(container({**PLACES, "ground_truth_source": "/opt/ml/gt", **variables}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "is not JSON: line 1"),
        ("[]", "an object is allowed"),
        ('{"dataset_type": "xls"}', "allowed: text/csv"),
        ("[" * 5000, "nested"),
    ],
)
def test_clarifys_file_is_explained(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "processing/input/config/analysis_config.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"analysis_config.json") as caught:
        container({"OPT_ML_ROOT": str(tmp_path)}).configuration()
    assert expected in str(caught.value)
