"""Reading of hand-edited constraints: every spelling, nothing lost, and mistakes explained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.documents.baseline import load_baseline, read_document
from engine.documents.constraints import Constraints
from engine.documents.statistics import Statistics
from engine.errors import BaselineError


def read(body: dict[str, Any]) -> Constraints:
    return Constraints.parse(json.dumps({"features": [], **body}), "constraints.json")


def test_old_and_mistaken_spellings_are_read_and_written_canonically() -> None:
    distribution = {
        "comparion_method": "linf_simple",
        "enable_comparisons": False,
        "categorical_drift_method": "chisquared",
    }
    document = read({"monitoring_config": {"evaluateConstraints": "disabled", "distributionConstraints": distribution}})
    written = json.loads(document.to_json())["monitoring_config"]
    assert written == {
        "evaluate_constraints": "Disabled",
        "distribution_constraints": {
            "perform_comparison": "Disabled",
            "comparison_method": "Simple",
            "categorical_drift_method": "ChiSquared",
        },
    }


@pytest.mark.parametrize("value", ["linf_robust", "Linf_Robust", "ROBUST", "Robust"])
def test_methods_in_any_case(value: str) -> None:
    config = read({"monitoring_config": {"distribution_constraints": {"comparison_method": value}}}).monitoring_config
    assert config
    assert config.distribution_constraints
    assert config.distribution_constraints.comparison_method == "Robust"


@pytest.mark.parametrize("key", ["monitoring_config_overrides", "monitoringConfigOverrides"])
@pytest.mark.parametrize("place", [None, "string_constraints", "num_constraints"])
def test_overrides_are_found_in_every_place(key: str, place: str | None) -> None:
    overrides = {key: {"evaluate_constraints": "Disabled"}}
    feature = {"name": "a", **(overrides if place is None else {place: overrides})}
    (found,) = read({"features": [feature]}).features[0].overrides
    assert found.evaluate_constraints == "Disabled"


def test_unknown_keys_survive() -> None:
    body = {
        "features": [{"name": "a", "owner": {"team": None}}],
        "monitoring_config": {"min_domain_mass": 1},
        "note": 1,
    }
    written = json.loads(read(body).to_json())
    assert {key: written[key] for key in body} == body


def test_numbers_in_a_domain_mean_their_text() -> None:
    assert read({"features": [{"name": "a", "string_constraints": {"domains": [0, "b"]}}]}).features[0].domains == [
        "0",
        "b",
    ]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ({"features": [{"name": "a", "inferred_type": "Int"}]}, ["features[0].inferred_type", "'Int'", "'Integral'"]),
        ({"features": [{}]}, ["'features[0].name' is missing"]),
        ({"features": {}}, ["'features' is {}", "list"]),
        ({"features": [{"name": "a"}, {"name": "a"}]}, ["each feature once; 'a' stands there twice"]),
        (
            {"monitoring_config": {"evaluate_constraints": "On"}},
            ["evaluate_constraints", "'On'", "'Enabled' or 'Disabled'"],
        ),
        (
            {"monitoring_config": {"distribution_constraints": {"comparison_threshold": "ten"}}},
            ["distribution_constraints.comparison_threshold", "'ten'", "number"],
        ),
    ],
)
def test_a_mistake_names_file_field_found_and_legal(body: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(BaselineError) as caught:
        read(body)
    for part in ["constraints.json: ", *parts]:
        assert part in str(caught.value)


def test_text_that_is_not_json() -> None:
    with pytest.raises(BaselineError, match=r"constraints.json: not JSON: .*line 1"):
        Constraints.parse("{", "constraints.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "the document is []: it must be a JSON object."),
        ('{"features": [1]}', "'features[0]' is 1: it must be a JSON object."),
    ],
)
def test_json_of_another_shape(text: str, told: str) -> None:
    with pytest.raises(BaselineError, match=re.escape(told)):
        Constraints.parse(text, "constraints.json")


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match=r"statistics.json: .*no such file.*make a baseline first"):
        read_document(Statistics, str(tmp_path), "statistics.json")


def test_a_baseline_is_read_from_a_folder_or_from_paths(tmp_path: Path) -> None:
    (tmp_path / "constraints.json").write_text('{"features": [{"name": "a"}]}')
    (tmp_path / "statistics.json").write_text('{"dataset": {"item_count": 3.0}, "features": []}')
    both = load_baseline(tmp_path)
    assert both.statistics
    assert both.statistics.dataset.item_count == 3
    only = load_baseline({"constraints": tmp_path.as_uri() + "/constraints.json", "statistics": None})
    assert only.statistics is None
    assert only.constraints == both.constraints
    with pytest.raises(BaselineError, match="no place is given"):
        load_baseline(None)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "constraints.json"
    path.write_text('{"features": [{"name": "a"}]}')
    with pytest.raises(
        BaselineError, match=r"constraints.json: this is a file. Name the folder that holds statistics.json"
    ):
        load_baseline(path)
    one = load_baseline(path, Constraints, Constraints, ("analysis.json", "analysis.json"))
    assert one.statistics == one.constraints


def test_published_files_with_old_keys(shared: Path) -> None:
    path = shared / "golden" / "sdk-monitor-intro" / "constraints.json"
    document = Constraints.parse(path.read_text(), str(path))
    config = document.monitoring_config
    assert config
    assert config.distribution_constraints
    assert config.distribution_constraints.perform_comparison == "Enabled"
    assert document.features[0].overrides[0].evaluate_constraints == "Enabled"


@pytest.mark.parametrize("value", ["NaN", float("nan"), True])
@pytest.mark.parametrize(
    "body",
    [
        {"features": [{"name": "a", "completeness": ...}]},
        {"monitoring_config": {"domain_content_threshold": ...}},
        {"monitoring_config": {"distribution_constraints": {"comparison_threshold": ...}}},
    ],
)
def test_a_bound_that_nothing_can_break_is_refused(body: dict[str, Any], value: object) -> None:
    text = json.dumps({"features": [], **body}, default=lambda _: value)
    with pytest.raises(BaselineError, match="it must be a number"):
        Constraints.parse(text, "constraints.json")


@pytest.mark.parametrize("version", [0, 0.0, "0.0", "1.2.3", None, {"major": 1}])
def test_whatever_stands_for_a_version_is_read_and_kept(version: object) -> None:
    document = read({"version": version, "note": "mine", "features": [{"name": "a", "owner": "me"}]})
    written = json.loads(document.to_json())
    assert written.get("version") == version
    assert (written["note"], written["features"][0]["owner"]) == ("mine", "me")
    assert read({}).version == 0.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"version": 0}', "'features' is missing"),
        ('{"features": null}', "'features' is null: it must be a list"),
        ('{"features": [{"name": "a"},]}', "line 1, column 29: a comma stands before ']'; remove it"),
        ('{"features": [], "features": []}', "the key 'features' is given twice"),
        ('{"features": [{"name": 5}]}', "'features[0].name' is 5: it must be text; write it in quotes"),
        ('{"features": [{"name": "a", "completeness": 1e400}]}', ""),
    ],
)
def test_what_people_write_by_hand_is_read_or_explained(text: str, expected: str) -> None:
    if not expected:
        Constraints.parse(text, "constraints.json")
        return
    with pytest.raises(BaselineError, match=re.escape(expected)):
        Constraints.parse(text, "constraints.json")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dataset": {"item_count": -1}}, "'dataset.item_count' is -1"),
        ({"dataset": {"item_count": 10**30}}, "'dataset.item_count'"),
        ({"features": [{"name": "a"}, {"name": "a"}]}, "'a' stands there twice"),
        (
            {"features": [{"name": "a", "numerical_statistics": {"common": {"num_present": 1, "num_missing": 0}, "distribution": {
                "kll": {"buckets": [{"lower_bound": 0, "upper_bound": 1, "count": float("inf")}]}}}}]},
            "kll.buckets[0].count' is inf",
        ),
    ],
)  # fmt: skip
def test_counts_that_are_none_are_refused(change: dict[str, Any], expected: str) -> None:
    text = json.dumps({"dataset": {"item_count": 1}, "features": [], **change})
    with pytest.raises(BaselineError, match=re.escape(expected)):
        Statistics.parse(text, "statistics.json")
