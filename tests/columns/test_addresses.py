"""One way to name a column: names, indices by part, paths into JSON."""

from __future__ import annotations

import pyarrow as pa
import pytest

from engine.columns.addresses import match_name, require_column, resolve
from engine.columns.batch import BatchView
from engine.columns.layout import Layout, Part, PartColumn, tag
from engine.errors import DataFormatError

TABLE = Layout.from_names(["Label", "a.b", "x y", "price[usd]", "0", "score"])
CAPTURE = Layout.from_names(
    ["p", "age", "income", "endpointInput.p", "shap_age__label0", "groundTruthData"],
    {
        "p": PartColumn("response", "p"),
        "age": PartColumn("request", "age"),
        "income": PartColumn("request", "income"),
        "endpointInput.p": PartColumn("request", "p"),
        "shap_age__label0": PartColumn("attributions", "shap_age__label0"),
        "groundTruthData": PartColumn("label", "groundTruthData"),
    },
)
NESTED = Layout.from_names(
    ["predictions.0.score", "predictions.0.label", "instances.0.features.0", "instances.0.features.1", "meta.user id"]
)


@pytest.mark.parametrize("name", TABLE.names)
def test_resolve_exact_name_wins_over_index_and_path(name: str) -> None:
    assert resolve(TABLE, name) == (name,)


@pytest.mark.parametrize(("address", "name"), [("label", "Label"), ("SCORE", "score"), ("A.B", "a.b"), ("X Y", "x y")])
def test_resolve_name_in_other_case_finds_the_column(address: int | str, name: str) -> None:
    assert resolve(TABLE, address) == (name,)


def test_resolve_names_that_differ_by_case_alone_need_the_exact_one() -> None:
    layout = Layout.from_names(["Age", "AGE", "x"])
    assert resolve(layout, "AGE") == ("AGE",)
    with pytest.raises(DataFormatError, match="Age, AGE"):
        resolve(layout, "age")


@pytest.mark.parametrize(("address", "names"), [(0, ("Label",)), ("3", ("price[usd]",)), (6, ()), (-1, ()), ("-1", ())])
def test_resolve_index_of_a_table_counts_all_columns(address: int | str, names: tuple[str, ...]) -> None:
    assert resolve(TABLE, address) == names


@pytest.mark.parametrize(
    ("part", "names"),
    [("request", ["age", "income", "endpointInput.p"]), ("response", ["p"]), ("label", ["groundTruthData"])],
)
def test_resolve_index_counts_one_part_alone(part: Part, names: list[str]) -> None:
    assert [resolve(CAPTURE, i, part) for i in range(len(names))] == [(name,) for name in names]
    assert resolve(CAPTURE, len(names), part) == ()


def test_resolve_index_without_part_counts_the_request() -> None:
    assert resolve(CAPTURE, 0) == ("age",)


def test_resolve_name_of_two_parts_is_the_parts_own() -> None:
    assert resolve(CAPTURE, "p", "request") == ("endpointInput.p",)
    assert resolve(CAPTURE, "p", "response") == ("p",)
    assert resolve(CAPTURE, "endpointInput.p", "response") == ("endpointInput.p",)


def test_resolve_name_of_another_part_is_found_too() -> None:
    assert resolve(CAPTURE, "Age", "response") == ("age",)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("predictions[0].score", ("predictions.0.score",)),
        ("$.predictions[0].score", ("predictions.0.score",)),
        ("predictions[*].score", ("predictions.0.score",)),
        ("predictions[].label", ("predictions.0.label",)),
        ("$['predictions'][0]['label']", ("predictions.0.label",)),
        ("$..score", ()),
        ("predictions.0.score", ("predictions.0.score",)),
        ("PREDICTIONS.0.SCORE", ("predictions.0.score",)),
        ("instances[*].features", ("instances.0.features.0", "instances.0.features.1")),
        ("instances[0].features[-1]", ("instances.0.features.1",)),
        ('meta."user id"', ("meta.user id",)),
        ("$.meta['user id']", ("meta.user id",)),
        ("predictions[1].score", ()),
        ("predictions[", ()),
        ("", ()),
        ("length(predictions)", ()),
        ("keys(@)", ()),
        ("Predictions[*].Score", ("predictions.0.score",)),
        ("$['META'].\"User Id\"", ("meta.user id",)),
        ("$['meta.user id']", ("meta.user id",)),
        ('"meta.user id"', ("meta.user id",)),
        ('predictions[0]."score"', ("predictions.0.score",)),
        ("max(predictions[*].score)", ()),
        ("predictions[?score != label].score", ()),
        ("predictions[0].label || predictions[0].score", ()),
    ],
)
def test_resolve_path_names_the_flattened_columns(path: str, names: tuple[str, ...]) -> None:
    assert resolve(NESTED, path) == names


def test_resolve_path_into_a_list_without_names_is_a_position() -> None:
    layout = Layout.from_names(["_c0", "_c1", "_c10"])
    assert resolve(layout, "[1]") == resolve(layout, "$[1]") == ("_c1",)


@pytest.mark.parametrize(
    ("address", "part", "text"),
    [
        ("nope", None, "inference_attribute: the data has no column 'nope'; it has Label"),
        (9, "response", "the response has no column 9; allowed is an index from 0 to 0. Its columns: p."),
        (-1, "request", "the request has no column -1; allowed is an index from 0 to 2"),
    ],
)
def test_require_column_absent_says_what_there_is(address: int | str, part: Part | None, text: str) -> None:
    with pytest.raises(DataFormatError, match="inference_attribute") as raised:
        require_column(CAPTURE if part else TABLE, "inference_attribute", address, part)
    assert text in str(raised.value)


@pytest.mark.parametrize(
    "path", ["max_by(instances, &label).label", "instances[?label > other].label", "label || other"]
)
def test_require_column_by_values_says_that_a_path_names_columns(path: str) -> None:
    with pytest.raises(
        DataFormatError, match=r"chooses by values or computes, but a setting names columns\. The data has"
    ):
        require_column(NESTED, "label", path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("[*].label", ("label",)),
        ("[].Label", ("label",)),
        ("$[*].features", ("features.0", "features.1")),
        ("[*].[label, features[1]]", ("label", "features.1")),
        ("[0].label", ()),
    ],
)
def test_resolve_path_from_a_list_of_records_is_found_in_each_row(path: str, names: tuple[str, ...]) -> None:
    """Clarify's configurations of datasets in application/json name columns so."""
    assert resolve(Layout.from_names(["features.0", "features.1", "label"]), path) == names


def test_resolve_index_without_request_never_counts_the_label() -> None:
    sources = {"groundTruthData": PartColumn("label", "groundTruthData"), "_c0": PartColumn("response", "_c0")}
    layout = Layout.from_names(["groundTruthData", "_c0"], sources)
    assert (resolve(layout, 0), resolve(layout, 1)) == (("_c0",), ())


def test_resolve_path_in_another_case_needs_names_that_differ_by_more() -> None:
    layout = Layout.from_names(["a.X", "a.x"])
    assert resolve(layout, "$.a.x") == ("a.x",)
    assert resolve(layout, "$.A.x") == ()


def test_require_column_of_a_list_says_that_one_is_needed() -> None:
    with pytest.raises(DataFormatError, match=r"names 2 columns \(instances.0.features.0, instances.0.features.1\)"):
        require_column(NESTED, "label", "instances[0].features")


def test_batch_view_knows_the_parts_of_its_columns_after_a_filter() -> None:
    sources = {"p": PartColumn("response", "p"), "age": PartColumn("request", "age")}
    fields = [tag(pa.field(name, pa.int64()), source) for name, source in sources.items()]
    batch = pa.RecordBatch.from_arrays([pa.array([1, 2]), pa.array([3, 4])], schema=pa.schema(fields))
    view = BatchView(batch.filter(pa.array([True, False])))
    assert (view.find(0, "response"), view.find(0, "request"), view.find(1, "request")) == ("p", "age", None)


def test_match_name_prefers_the_exact_one() -> None:
    assert match_name(["id", "ID"], "ID") == "ID"
