"""Features of a model are columns of the request, named by headers, however the request is captured."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import ConfigurationError, DataFormatError
from engine.testing.applicants import write_applicants
from tests.plugins.clarify.captured import (
    Payload,
    csv_payload,
    features_payload,
    instances_payload,
    list_payload,
    payloads,
    write_captures,
)

SHAP = {"shap": {"baseline": [[40, 40, 10]]}}
MODEL: dict[str, Any] = {
    "model": {"path": "engine.testing.applicants:scores", "loader": "python"},
    "headers": ["age", "income", "years"], "max_rows": 50, "methods": SHAP,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Age, income, years of applicants."""
    path = write_applicants(tmp_path_factory.mktemp("data") / "a.csv", 50, seed=3)
    header, *lines = [line.split(",") for line in path.read_text().splitlines()]
    places = [header.index(name) for name in MODEL["headers"]]
    return [[line[place] for place in places] for line in lines]


def shares(data: Path, output: Path, changed: dict[str, Any], **source: Any) -> dict[str, float]:
    engine.baseline(data, output=output, runner="inline", monitor="attribution", settings=MODEL | changed, input=source)
    document = json.loads((output / "analysis.json").read_text())
    values: dict[str, float] = document["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    return values


@pytest.fixture(scope="module")
def expected(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The values of the same rows as a table with names."""
    folder = tmp_path_factory.mktemp("expected")
    (folder / "a.csv").write_text("age,income,years\n" + "\n".join(map(",".join, rows)) + "\n")
    return shares(folder / "a.csv", folder / "out", {})


Form = Callable[[Sequence[Any]], Payload]


def numbers(form: Form) -> Form:
    return lambda row: form([float(cell) for cell in row])


@pytest.mark.parametrize("response", [
    lambda _: ("0.5", "CSV"), lambda _: ("0.5,0.25", "CSV"), lambda _: ("[0.5]", "JSON"), lambda _: ("[0.5, 0.25]", "JSON"),
    lambda _: ('{"score": 0.5}', "JSON"), None,
])  # fmt: skip
@pytest.mark.parametrize("request_form", [csv_payload, numbers(list_payload)])
def test_headers_name_the_request_whatever_the_response_is(
    tmp_path: Path, rows: list[list[str]], expected: dict[str, float], request_form: Form, response: Form | None
) -> None:
    answers = None if response is None else payloads(rows, response)
    data = write_captures(tmp_path / "c" / "a.jsonl", payloads(rows, request_form), answers)
    assert shares(data, tmp_path / "out", {}) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("form", "path"),
    [(instances_payload, "instances[*].features"), (features_payload, "$.features"), (features_payload, "features")],
)
def test_features_of_json_are_found_by_path(
    tmp_path: Path, rows: list[list[str]], expected: dict[str, float], form: Form, path: str
) -> None:
    answers = payloads(rows, lambda _: ('{"predictions": [{"score": 0.5}]}', "JSON"))
    data = write_captures(tmp_path / "c" / "a.jsonl", payloads(rows, numbers(form)), answers)
    assert shares(data, tmp_path / "out", {"features": path}) == pytest.approx(expected)


def test_members_of_json_are_features_by_name(
    tmp_path: Path, rows: list[list[str]], expected: dict[str, float]
) -> None:
    def form(row: Sequence[Any]) -> Payload:
        return json.dumps({"YEARS": float(row[2]), "Age": float(row[0]), "income": float(row[1])}), "JSON"

    data = write_captures(tmp_path / "c" / "a.jsonl", payloads(rows, form), payloads(rows, lambda _: ("0.5", "CSV")))
    assert shares(data, tmp_path / "out", {}) == pytest.approx(expected)


def test_twelve_features_of_a_list_keep_their_order(tmp_path: Path) -> None:
    """By their text, element 10 would come before element 2."""
    rows = [[float(10 * place + index % 3) for place in range(12)] for index in range(9)]
    names = [f"f{place}" for place in range(12)]
    changed = {
        "model": {"path": "tests.plugins.attribution.test_features:third", "loader": "python"}, "headers": names,
        "methods": {"shap": {"baseline": [[0.0] * 12], "num_samples": 200}},
    }  # fmt: skip
    data = write_captures(
        tmp_path / "c" / "a.jsonl", payloads(rows, list_payload), payloads(rows, lambda _: ("1", "CSV"))
    )
    values = shares(data, tmp_path / "out", changed)
    assert max(values, key=lambda name: values[name]) == "f2"
    assert values["f2"] == pytest.approx(21.0, rel=1e-6)


def third(x: Any) -> Any:
    """A model that is its third feature; the job calls it by this name."""
    return x[:, 2] * 1.0


@pytest.mark.parametrize("headers", [["age", "income"], ["age", "income", "years", "town"]])
def test_headers_of_another_length_are_an_error_with_both_lists(
    tmp_path: Path, rows: list[list[str]], headers: list[str]
) -> None:
    answers = payloads(rows, lambda _: ("0.5", "CSV"))
    data = write_captures(tmp_path / "c" / "a.jsonl", payloads(rows, csv_payload), answers)
    with pytest.raises(DataFormatError, match="headers of features and 3 columns of features") as raised:
        shares(data, tmp_path / "out", {"headers": headers})
    assert f"Headers: {', '.join(headers)}. Columns: _c1, _c2, _c3." in str(raised.value)


def test_members_of_json_that_are_not_headers_are_an_error(tmp_path: Path, rows: list[list[str]]) -> None:
    def form(row: Sequence[Any]) -> Payload:
        return json.dumps(dict(zip(("x", "income", "z"), map(float, row), strict=True))), "JSON"

    data = write_captures(tmp_path / "c" / "a.jsonl", payloads(rows, form), payloads(rows, lambda _: ("0.5", "CSV")))
    with pytest.raises(DataFormatError, match="only income are names of columns"):
        shares(data, tmp_path / "out", {})


@pytest.mark.parametrize("flat", [[40, 40, 10], {"instances": [{"features": [40, 40, 10]}]}])
def test_background_of_one_row_may_be_flat(
    tmp_path: Path, rows: list[list[str]], expected: dict[str, float], flat: Any
) -> None:
    data = write_captures(
        tmp_path / "c" / "a.jsonl", payloads(rows, csv_payload), payloads(rows, lambda _: ("0.5", "CSV"))
    )
    assert shares(data, tmp_path / "out", {"methods": {"shap": {"baseline": flat}}}) == pytest.approx(expected)


@pytest.mark.parametrize(("wanted", "names"), [(["Age"], ["age"]), ([2, "income"], ["income", "years"])])
def test_features_to_explain_are_named_by_header_or_index(
    tmp_path: Path, rows: list[list[str]], wanted: list[Any], names: list[str]
) -> None:
    data = write_captures(
        tmp_path / "c" / "a.jsonl", payloads(rows, csv_payload), payloads(rows, lambda _: ("0.5", "CSV"))
    )
    shap = SHAP["shap"] | {"features_to_explain": wanted}
    assert sorted(shares(data, tmp_path / "out", {"methods": {"shap": shap}})) == names


@pytest.mark.parametrize("wanted", [["town"], [3], [-1]])
def test_features_to_explain_that_are_none_are_refused(
    tmp_path: Path, rows: list[list[str]], wanted: list[Any]
) -> None:
    data = write_captures(
        tmp_path / "c" / "a.jsonl", payloads(rows, csv_payload), payloads(rows, lambda _: ("0.5", "CSV"))
    )
    shap = SHAP["shap"] | {"features_to_explain": wanted}
    with pytest.raises(ConfigurationError, match="features_to_explain: there is no feature"):
        shares(data, tmp_path / "out", {"methods": {"shap": shap}})


def test_attributions_near_the_largest_double_have_a_mean(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("shap_a,shap_b\n1e308,1\n1e308,-1\n")
    settings: dict[str, Any] = {"source": "columns"}
    engine.baseline(
        tmp_path / "d.csv", output=tmp_path / "out", runner="inline", monitor="attribution", settings=settings
    )
    document = json.loads((tmp_path / "out" / "analysis.json").read_text())
    values = document["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    assert values == {"a": 1e308, "b": 1.0}


@pytest.mark.parametrize(("method", "kept"), [("mean_sq", {"b": 1.0}), ("median", {"a": 1e308, "b": 0.0})])
def test_attributions_beyond_a_double_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, kept: dict[str, float]
) -> None:
    (tmp_path / "d.csv").write_text("shap_a,shap_b\n1e308,1\n1e308,-1\n")
    settings = {"source": "columns", "methods": {"shap": {"agg_method": method}}}
    engine.baseline(
        tmp_path / "d.csv", output=tmp_path / "out", runner="inline", monitor="attribution", settings=settings
    )
    document = json.loads((tmp_path / "out" / "analysis.json").read_text())
    assert document["explanations"]["kernel_shap"]["label0"]["global_shap_values"] == kept
    assert ("too large for a double" in caplog.text) == (method == "mean_sq")


@pytest.mark.parametrize("column", ["SHAP_A", 0, "$.shap_a"])
def test_columns_are_named_in_any_way(tmp_path: Path, column: Any) -> None:
    (tmp_path / "d.csv").write_text("shap_a,shap_b\n1,2\n3,-2\n")
    settings = {"columns": {"yes": {"feature": str(column)}}}
    engine.baseline(
        tmp_path / "d.csv", output=tmp_path / "out", runner="inline", monitor="attribution", settings=settings
    )
    document = json.loads((tmp_path / "out" / "analysis.json").read_text())
    assert document["explanations"]["kernel_shap"]["yes"]["global_shap_values"] == {"feature": 2.0}
