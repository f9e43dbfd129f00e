"""Label, prediction and facets are found by name, header, index and path, each in its own part of a captured record."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import ConfigurationError, DataFormatError
from plugins.bias.formulas import number_of
from plugins.bias.verification import metrics_in
from tests.plugins.bias.brute_force import Row, metrics
from tests.plugins.clarify.captured import (
    Payload,
    csv_payload,
    features_payload,
    in_base64,
    instances_payload,
    list_payload,
    payloads,
    write_captures,
)

ROWS = [(20 + i % 9, i % 2, 30 + i % 7, int(i % 5 < 3), int(i % 4 < 2)) for i in range(120)]
"""Age, sex, income, label, prediction."""
HEADERS = ["age", "sex", "income", "y"]
PARTS = {"format": "capture", "capture": {"parts": ["endpointInput", "endpointOutput", "groundTruthData"]}}
BY_HAND = metrics([Row(sex == 0, label == 1, guess == 1, None) for _, sex, _, label, guess in ROWS])
NAMES = ["AD", "DI", "DPPL", "RD", "DPL", "CI"]


def settings(**changed: Any) -> dict[str, Any]:
    return {
        "label": "y", "label_values_or_threshold": [1], "predicted_label": 0,
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}], "headers": HEADERS,
    } | changed  # fmt: skip


def figures(data: Path, output: Path, chosen: dict[str, Any], source: dict[str, Any]) -> dict[str, float | None]:
    result = engine.baseline(data, output=output, runner="inline", monitor="bias", settings=chosen, input=source)
    statistics: Any = result.statistics
    return {metric.name: number_of(metric.value) for metric in metrics_in(statistics) if metric.name in NAMES}


def expected() -> Any:
    return pytest.approx({name: BY_HAND[name] for name in NAMES})


def captures(
    path: Path,
    request: Callable[[Sequence[Any]], Payload] = csv_payload,
    response: Callable[[Sequence[Any]], Payload] = csv_payload,
    label: Callable[[Sequence[Any]], Payload] = csv_payload,
) -> Path:
    return write_captures(
        path, payloads([row[:3] for row in ROWS], request), payloads([row[4:] for row in ROWS], response),
        payloads([row[3:4] for row in ROWS], label),
    )  # fmt: skip


@pytest.mark.parametrize("facet", ["sex", "SEX", 1])
@pytest.mark.parametrize("response", [csv_payload, list_payload])
@pytest.mark.parametrize("request_form", [csv_payload, list_payload])
def test_facet_in_captures_is_the_header_of_the_request(
    tmp_path: Path, facet: Any, response: Any, request_form: Any
) -> None:
    chosen = settings(facet=[{"name_or_index": facet, "value_or_threshold": [0]}])
    data = captures(tmp_path / "c" / "a.jsonl", request_form, response)
    assert figures(data, tmp_path / "out", chosen, PARTS) == expected()


def test_facet_in_base64_captures_is_the_header_of_the_request(tmp_path: Path) -> None:
    data = captures(
        tmp_path / "c" / "a.jsonl", lambda row: in_base64(csv_payload(row)), lambda row: in_base64(list_payload(row))
    )
    source = {**PARTS, "capture": {**PARTS["capture"], "decode_base64": "auto"}}  # type: ignore[dict-item]
    assert figures(data, tmp_path / "out", settings(), source) == expected()


def test_facet_index_without_headers_counts_the_request(tmp_path: Path) -> None:
    chosen = settings(facet=[{"name_or_index": 1, "value_or_threshold": [0]}], headers=None)
    assert figures(captures(tmp_path / "c" / "a.jsonl"), tmp_path / "out", chosen, PARTS) == expected()


def test_headers_with_the_label_first_count_features_without_it(tmp_path: Path) -> None:
    chosen = settings(
        headers=["y", "age", "sex", "income"], facet=[{"name_or_index": 2, "value_or_threshold": [0]}], label=0
    )
    assert figures(captures(tmp_path / "c" / "a.jsonl"), tmp_path / "out", chosen, PARTS) == expected()


@pytest.mark.parametrize("form", [instances_payload, features_payload])
def test_jmespath_of_features_and_prediction(tmp_path: Path, form: Any) -> None:
    path = "instances[*].features" if form is instances_payload else "features"
    data = captures(
        tmp_path / "c" / "a.jsonl",
        form,
        lambda row: (json.dumps({"predictions": [{"predicted_label": row[0]}]}), "JSON"),
    )
    chosen = settings(features=path, predicted_label="predictions[*].predicted_label", label="instances[*].label")
    assert figures(data, tmp_path / "out", chosen, PARTS) == expected()


@pytest.mark.parametrize("address", ["$.predictions[0].score", "predictions[].score", "$['predictions'][0]['score']"])
def test_probability_by_path_is_one_column(tmp_path: Path, address: str) -> None:
    data = captures(
        tmp_path / "c" / "a.jsonl",
        response=lambda row: (json.dumps({"predictions": [{"score": 0.9 if row[0] else 0.1}]}), "JSON"),
    )
    chosen = settings(probability=address, predicted_label=None)
    assert figures(data, tmp_path / "out", chosen, PARTS) == expected()


@pytest.mark.parametrize("headers", [["age", "sex", "y"], ["age", "sex", "income", "town", "y"]])
def test_headers_of_another_length_are_an_error_with_both_lists(tmp_path: Path, headers: list[str]) -> None:
    with pytest.raises(DataFormatError, match="headers of features and 3 columns") as raised:
        figures(captures(tmp_path / "c" / "a.jsonl"), tmp_path / "out", settings(headers=headers), PARTS)
    assert "age, sex" in str(raised.value)
    assert "_c1, _c2, _c3" in str(raised.value)


def test_headers_never_name_members_of_json_by_their_order(tmp_path: Path) -> None:
    data = captures(tmp_path / "c" / "a.jsonl", lambda row: (json.dumps(dict(zip("xyz", row, strict=True))), "JSON"))
    with pytest.raises(DataFormatError, match="headers cannot be matched"):
        figures(data, tmp_path / "out", settings(), PARTS)


@pytest.mark.parametrize("index", [-1, -9])
def test_negative_index_is_refused(tmp_path: Path, index: int) -> None:
    chosen = settings(facet=[{"name_or_index": index, "value_or_threshold": [0]}])
    with pytest.raises(ConfigurationError, match="facet"):
        figures(captures(tmp_path / "c" / "a.jsonl"), tmp_path / "out", chosen, PARTS)


@pytest.mark.parametrize("address", [1, 7])
def test_prediction_index_beyond_the_response_is_an_error(tmp_path: Path, address: int) -> None:
    with pytest.raises(
        DataFormatError, match=f"predicted_label: the response has no column {address}; allowed is an index"
    ):
        figures(captures(tmp_path / "c" / "a.jsonl"), tmp_path / "out", settings(predicted_label=address), PARTS)


def table(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("f,y,p\n" + "\n".join(lines) + "\n")
    return path


PLAIN = {
    "label": "y", "label_values_or_threshold": ["yes"], "predicted_label": "p",
    "facet": [{"name_or_index": "f", "value_or_threshold": ["f"]}],
}  # fmt: skip


def test_window_without_positive_labels_is_defined(tmp_path: Path) -> None:
    rows = [("f", "no", "yes"), ("m", "no", "no"), ("f", "no", "no"), ("m", "no", "no")]
    found = figures(table(tmp_path / "a.csv", rows), tmp_path / "out", PLAIN, {})
    by_hand = metrics([Row(f == "f", y == "yes", p == "yes", None) for f, y, p in rows])
    assert by_hand["DPL"] == 0.0
    assert found == pytest.approx({name: by_hand[name] for name in NAMES})


def test_window_without_positive_labels_of_numbers_is_defined(tmp_path: Path) -> None:
    rows = [("fm"[i % 2], 0, i % 3 // 2) for i in range(60)]
    chosen = PLAIN | {"label_values_or_threshold": [1], "data_type_rule": "values"}
    assert figures(table(tmp_path / "a.csv", rows), tmp_path / "out", chosen, {})["DPL"] == 0.0


@pytest.mark.parametrize("rows", [
    [("fm"[i % 2], i % 2, i % 3 // 2) for i in range(12)],
    [("fm"[i % 2], float(i % 2), float(i % 3 // 2)) for i in range(100)],
    [("fm"[i % 2], i % 2 if i % 9 else None, i % 2) for i in range(100)],
])  # fmt: skip
def test_value_that_is_read_as_a_bound_is_explained(tmp_path: Path, rows: Any) -> None:
    chosen = PLAIN | {"label_values_or_threshold": [1]}
    with pytest.raises(DataFormatError, match=r"read as continuous numbers.*data_type_rule: values"):
        figures(table(tmp_path / "a.csv", rows), tmp_path / "out", chosen, {})
    figures(table(tmp_path / "a.csv", rows), tmp_path / "out", chosen | {"data_type_rule": "values"}, {})


@pytest.mark.parametrize("positive", [1, True, "true", "True", 1.0, "1"])
@pytest.mark.parametrize("flags", [(False, True), ("False", "True"), ("false", "true"), ("FALSE", "TRUE")])
def test_flags_match_in_every_spelling(tmp_path: Path, positive: Any, flags: tuple[Any, Any]) -> None:
    rows = [("fm"[i % 2], i % 5 < 3, i % 4 < 2) for i in range(120)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"f": f, "y": y, "p": flags[p]}) + "\n" for f, y, p in rows))
    found = figures(path, tmp_path / "out", PLAIN | {"label_values_or_threshold": [positive]}, {})
    by_hand = metrics([Row(f == "f", y, p, None) for f, y, p in rows])
    assert found == pytest.approx({name: by_hand[name] for name in NAMES})


@pytest.mark.parametrize("split_bytes", [1 << 20, 64])
def test_groups_stand_in_the_order_of_the_data(tmp_path: Path, split_bytes: int) -> None:
    order = ["north", "east", "west", "aside", "south"]
    rows = [(order[i % 3 if i < 30 else i % 5], "yes" if i % 2 else "no", "yes" if i % 3 else "no") for i in range(90)]
    chosen = PLAIN | {"facet": [{"name_or_index": "f"}]}
    result = engine.baseline(
        table(tmp_path / "a.csv", rows), output=tmp_path / "out", runner="inline", monitor="bias", settings=chosen,
        input={"split_bytes": split_bytes},
    )  # fmt: skip
    block: Any = json.loads((tmp_path / "out" / "analysis.json").read_text())["pre_training_bias_metrics"]
    assert [entry["value_or_threshold"] for entry in block["facets"]["f"]] == list(
        dict.fromkeys(row[0] for row in rows)
    )
    assert result.rows == 90


def test_method_that_is_null_is_not_asked_for(tmp_path: Path) -> None:
    rows = [("fm"[i % 2], "yes" if i % 3 else "no", "yes" if i % 2 else "no") for i in range(60)]
    chosen = PLAIN | {"methods": {"pre_training_bias": None, "post_training_bias": {"methods": ["AD"]}}}
    assert set(figures(table(tmp_path / "a.csv", rows), tmp_path / "out", chosen, {})) == {"AD"}


@pytest.mark.parametrize("split_bytes", [1 << 20, 64])
@pytest.mark.parametrize(("label", "prediction", "facet"), [("y", "p", "f"), (2, 1, 0)])
def test_columns_that_a_file_lacks_are_missing_values_there(
    tmp_path: Path, split_bytes: int, label: Any, prediction: Any, facet: Any
) -> None:
    """A file of JSON Lines without the facet is data, not an error; an index means the same column in each file."""
    rows = [("fm"[i % 2], "yes" if i % 3 else "no", "yes" if i % 4 else "no") for i in range(60)]
    files = {"a": "fyp", "b": "yp", "c": "fp"}
    (tmp_path / "data").mkdir()
    for name, keys in files.items():
        records = [{key: value for key, value in zip("fyp", row, strict=True) if key in keys} for row in rows]
        (tmp_path / "data" / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    by_hand = metrics(
        [
            Row("f" in keys and f == "f", "y" in keys and y == "yes", p == "yes", None)
            for keys in files.values()
            for f, y, p in rows
        ]
    )
    chosen = PLAIN | {
        "label": label, "predicted_label": prediction, "facet": [{"name_or_index": facet, "value_or_threshold": ["f"]}],
    }  # fmt: skip
    found = figures(tmp_path / "data", tmp_path / "out", chosen, {"split_bytes": split_bytes})
    assert found == pytest.approx({name: by_hand[name] for name in NAMES})


PAIRS = [(0.75, 0.25) if guess == 0 else (0.2, 0.8) for *_, guess in ROWS]
"""Scores of the classes 0 and 1, which say what the predictions of the rows say."""


@pytest.mark.parametrize("address", [0, 1, "0", "[*]"])
@pytest.mark.parametrize("labels", [None, [0, 1]])
@pytest.mark.parametrize("encoding", ["CSV", "JSON"])
def test_index_of_class_scores_means_the_list(tmp_path: Path, address: Any, labels: Any, encoding: str) -> None:
    """Index 0 took the scores of class 0 as those of the positive class, so every prediction was the opposite."""
    data = write_captures(
        tmp_path / "c" / "a.jsonl", payloads([row[:3] for row in ROWS], csv_payload),
        [(json.dumps(pair), encoding) for pair in PAIRS], payloads([row[3:4] for row in ROWS], csv_payload),
    )  # fmt: skip
    chosen = settings(probability=address, label_headers=labels, predicted_label=None)
    assert figures(data, tmp_path / "out", chosen, PARTS) == expected()


@pytest.mark.parametrize("labels", [None, [0, 1]])
def test_class_scores_in_cells_of_a_table_are_read(tmp_path: Path, labels: Any) -> None:
    lines = [f'{row[1]},{row[3]},"[{a}, {b}]"' for row, (a, b) in zip(ROWS, PAIRS, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(["sex,y,scores", *lines]) + "\n")
    chosen = settings(probability="scores", label_headers=labels, predicted_label=None, headers=None)
    assert figures(tmp_path / "a.csv", tmp_path / "out", chosen, {}) == expected()


def test_more_class_scores_in_cells_than_labels_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('sex,y,scores\n0,1,"[0.1, 0.2, 0.7]"\n1,0,"[0.1, 0.2, 0.7]"\n')
    chosen = settings(probability="scores", label_headers=[0, 1], predicted_label=None, headers=None)
    with pytest.raises(DataFormatError, match="label_headers has 2 labels, but there are 3 scores in scores"):
        figures(tmp_path / "a.csv", tmp_path / "out", chosen, {})


@pytest.mark.parametrize("header", [False, True])
def test_headers_of_a_table_name_label_and_prediction_by_place(tmp_path: Path, header: bool) -> None:
    lines = [",".join(map(str, row)) for row in ROWS]
    (tmp_path / "a.csv").write_text("\n".join((["c,d,e,f,g"] if header else []) + lines) + "\n")
    chosen = settings(headers=["age", "sex", "income", "y", "guess"], predicted_label="guess")
    assert figures(tmp_path / "a.csv", tmp_path / "out", chosen, {"csv": {"header": header}}) == expected()


def test_member_of_the_response_with_a_features_name_is_no_feature(tmp_path: Path) -> None:
    data = captures(tmp_path / "c" / "a.jsonl", response=lambda row: (json.dumps({"sex": row[0], "age": 1}), "JSON"))
    assert figures(data, tmp_path / "out", settings(predicted_label="sex"), PARTS) == expected()
