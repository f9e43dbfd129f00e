"""The same rows give the same table, one a record or several, in every shape of JSON and CSV that model servers use.

What is expected is what one row a record gives in the same shape, and, between shapes, the values that were written.
"""

from __future__ import annotations

import csv as csv_text
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.datasets.capture_examples import ALL, as_json, captured, csv, payload, present, read_records

Batch = Sequence[tuple[Any, ...]]


def csv_lines(rows: Batch) -> str:
    target = io.StringIO()
    csv_text.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def objects(rows: Batch, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


REQUESTS: dict[str, Callable[[Batch], str]] = {
    "csv": csv_lines,
    "lists": lambda rows: json.dumps([list(row) for row in rows]),
    "objects": lambda rows: json.dumps(objects(rows, "a", "b")),
    "json lines": lambda rows: "\n".join(json.dumps(row) for row in objects(rows, "a", "b")),
    "instances of objects": lambda rows: json.dumps({"instances": objects(rows, "a", "b")}, indent=1),
    "instances of lists": lambda rows: json.dumps({"instances": [list(row) for row in rows], "version": 7}),
    "columns": lambda rows: json.dumps({"a": [row[0] for row in rows], "b": [row[1] for row in rows]}),
}
RESPONSES: dict[str, Callable[[Batch], str]] = {
    "csv": csv_lines,
    "one line of csv": lambda rows: ",".join(str(score) for (score,) in rows),
    "lists in brackets": lambda rows: ",".join(f"[{score}]" for (score,) in rows),
    "list of scalars": lambda rows: json.dumps([score for (score,) in rows]),
    "lists": lambda rows: json.dumps([list(row) for row in rows]),
    "predictions": lambda rows: json.dumps({"predictions": [score for (score,) in rows]}),
    "predictions of objects": lambda rows: json.dumps({"predictions": objects(rows, "score")}),
    "predictions of lists": lambda rows: json.dumps({"predictions": [list(row) for row in rows]}),
    "columns": lambda rows: json.dumps({"scores": [s for (s,) in rows], "again": [s for (s,) in rows]}),
}
LABELS: dict[str, Callable[[Batch], str]] = {
    "csv": csv_lines,
    "one line of csv": lambda rows: ",".join(str(label) for (label,) in rows),
    "list of scalars": lambda rows: json.dumps([label for (label,) in rows]),
    "instances": lambda rows: json.dumps({"instances": objects(rows, "label")}),
}

features = st.tuples(st.integers(-9, 99), st.text('ab ,"\n{', min_size=1, max_size=3).filter(str.strip))
table_rows = st.tuples(features, st.floats(0, 1, width=16).map(lambda score: (score,)), st.integers(0, 1))


def is_csv(form: str) -> bool:
    return "csv" in form or "brackets" in form


def part(forms: dict[str, Callable[[Batch], str]], form: str, rows: Batch, encoding: str) -> dict[str, Any]:
    kind = "CSV" if is_csv(form) else "JSON"
    content_type = "text/csv" if is_csv(form) else "application/json"
    return payload(forms[form](rows), kind if encoding == "declared" else encoding, content_type)


def batches(rows: list[Any], sizes: list[int]) -> list[list[Any]]:
    """Rows cut into batches of these sizes, and the rest one by one."""
    cut: list[list[Any]] = []
    for size in [*sizes, *[1] * len(rows)]:
        cut, rows = [*cut, rows[:size]], rows[size:]
    return [batch for batch in cut if batch]


def read_batches(
    forms: tuple[str, str, str], rows: list[list[Any]], encoding: str, **kept: Any
) -> list[dict[str, Any]]:
    records = [
        captured(
            request=part(REQUESTS, forms[0], [row[0] for row in batch], encoding),
            response=part(RESPONSES, forms[1], [row[1] for row in batch], encoding),
            label=part(LABELS, forms[2], [(row[2],) for row in batch], encoding),
        )
        for batch in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        found, report = read_records(Path(folder), *records, **{"parts": ALL} | kept)
    assert not report.records
    return present(found)


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(*(st.sampled_from(list(forms)) for forms in (REQUESTS, RESPONSES, LABELS))),
    st.lists(table_rows, min_size=1, max_size=7),
    st.lists(st.integers(1, 4), max_size=4),
    st.sampled_from(["declared", "BASE64"]),
)
def test_batches_of_any_sizes_and_shapes_are_the_rows_one_by_one(
    forms: tuple[str, str, str], rows: list[Any], sizes: list[int], encoding: str
) -> None:
    one_by_one = read_batches(forms, batches(rows, []), "declared")
    assert read_batches(forms, batches(rows, sizes), encoding) == one_by_one
    assert len(one_by_one) == len(rows)
    for found, ((a, b), (score,), label) in zip(one_by_one, rows, strict=True):
        cells = [str(cell) for name, cell in found.items() if "version" not in name]
        wanted = [str(a), b, *[str(score)] * (2 if forms[1] == "columns" else 1), str(label)]
        assert sorted(_plain(cell) for cell in cells) == sorted(_plain(cell) for cell in wanted)
        assert str(found["groundTruthData"]) == str(label)


def _plain(cell: str) -> str:
    """Numbers of CSV are text, those of JSON are not: 1.0 is 1.0 however it is written."""
    try:
        return repr(float(cell))
    except ValueError:
        return cell


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(list(RESPONSES)),
    st.lists(table_rows, min_size=1, max_size=5),
    st.lists(st.integers(1, 3), max_size=3),
)
def test_a_request_that_is_not_used_still_says_how_many_rows_there_are(
    response: str, rows: list[Any], sizes: list[int]
) -> None:
    forms = ("csv", response, "csv")
    parts = ("endpointOutput", "groundTruthData")
    whole = read_batches(forms, batches(rows, []), "declared", parts=parts)
    assert read_batches(forms, batches(rows, sizes), "declared", parts=parts) == whole
    assert read_batches(forms, batches(rows, sizes), "declared", parts=parts[:1]) == [
        {name: cell for name, cell in row.items() if name != "groundTruthData"} for row in whole
    ]


def test_joined_output_of_a_transform_and_its_labels_are_split_together(tmp_path: Path) -> None:
    """The merged record that the closed container printed for a batch job over JSON has this shape."""
    joined = {"SageMakerOutput": {"predictions": [{"s": 0.1}, {"s": 0.2}]}, "instances": [{"f": [1, 2]}, {"f": [3, 4]}]}
    record = captured(response=as_json(joined), label=as_json({"instances": [{"label": 0}, {"label": 1}]}))
    rows, _ = read_records(tmp_path, record, parts=ALL)
    assert rows == [
        {"SageMakerOutput.predictions.0.s": 0.1, "instances.0.f.0": 1, "instances.0.f.1": 2, "groundTruthData": 0},
        {"SageMakerOutput.predictions.0.s": 0.2, "instances.0.f.0": 3, "instances.0.f.1": 4, "groundTruthData": 1},
    ]


def test_columns_of_predictions_are_a_row_for_each_object_of_the_request(tmp_path: Path) -> None:
    answer = {"predictions": list(range(25)), "scores": [0.5] * 25}
    rows, _ = read_records(
        tmp_path, captured(request=as_json({"instances": [{"f": i} for i in range(25)]}), response=as_json(answer))
    )
    assert [(row["instances.0.f"], row["predictions.0"]) for row in rows] == [(i, i) for i in range(25)]


@pytest.mark.parametrize(
    ("request_part", "response", "reason"),
    [
        (csv("1\n2"), as_json([0.1, 0.2, 0.3]), "endpointOutput 1 or 3, endpointInput 2"),
        (as_json([{"a": 1}, {"a": 2}, {"a": 3}]), csv("0.1,0.2"), "endpointOutput 1 or 2, endpointInput 3"),
        (csv("1\n2\n3"), csv("1\n2"), "endpointOutput 2, endpointInput 3"),
    ],
)
def test_parts_that_agree_on_no_number_of_rows_are_one_malformed_record(
    tmp_path: Path, request_part: Any, response: Any, reason: str
) -> None:
    good = captured(request=csv("7"), response=csv("0.5"))
    rows, report = read_records(tmp_path, captured(request=request_part, response=response), good, good)
    assert report.count == 1
    assert len(rows) == 2
    assert any(text in report.records[0].reason for text in (reason, "holds JSON, that of other records CSV"))


@pytest.mark.parametrize(("multi_row", "count", "malformed"), [("zip", 3, 0), ("first", 2, 0), ("error", 1, 1)])
def test_multi_row_settings_keep_their_meaning_for_json(
    tmp_path: Path, multi_row: str, count: int, malformed: int
) -> None:
    batch = captured(request=as_json([[1, 2], [3, 4]]), response=as_json([0.1, 0.2]))
    single = captured(request=as_json([[5, 6]]), response=as_json([0.3]))
    rows, report = read_records(tmp_path, batch, single, multi_row=multi_row)
    assert (len(rows), report.count) == (count, malformed)


def test_an_empty_list_is_a_row_of_nothing(tmp_path: Path) -> None:
    rows, report = read_records(
        tmp_path,
        captured(request=as_json([1, 2]), response=as_json([0.1])),
        captured(request=as_json([]), response=as_json([])),
    )
    assert (present(rows)[1], report.count) == ({}, 0)
