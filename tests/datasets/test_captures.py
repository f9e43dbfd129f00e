"""Captures: parts in order, payloads decoded, any cut, and every malformed kind counted with its place."""

from __future__ import annotations

import base64
import json
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.settings import CaptureSettings
from engine.testing.captures import write_captures
from tests.datasets.reading import opened, read, reasons

TYPES = {"CSV": "text/csv", "JSON": "application/json", "BASE64": "text/csv"}


def record(
    output: str | None, inputs: str | None, encoding: str = "CSV", time: str = "2026-01-31T10:00:00Z", **types: str
) -> dict[str, Any]:
    parts = {"endpointInput": inputs, "endpointOutput": output}
    capture = {
        part: {"observedContentType": types.get("content", TYPES[encoding]), "data": data, "encoding": encoding}
        for part, data in parts.items()
        if data is not None
    }
    return {"captureData": capture, "eventMetadata": {"eventId": "e", "inferenceTime": time}, "eventVersion": "0"}


def write(folder: Path, *records: Any) -> Path:
    path = folder / "c.jsonl"
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records))
    return path


def values(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in rows]


def test_output_comes_first_unless_the_baseline_has_it_last(tmp_path: Path) -> None:
    write(tmp_path, record("0.8", "34,,red\n"))
    assert read(tmp_path)[0] == [{"_c0": "0.8", "_c1": "34", "_c2": None, "_c3": "red"}]
    last = CaptureSettings(output_columns_position="END")
    assert values(read(tmp_path, capture=last)[0]) == [("34", None, "red", "0.8")]
    assert opened(tmp_path, names=("score", "age")).columns == ("score", "age", "_c2", "_c3")


def test_one_part_only(tmp_path: Path) -> None:
    write(tmp_path, record("0.8", "34"))
    assert values(read(tmp_path, capture=CaptureSettings(parts=("endpointOutput",)))[0]) == [("0.8",)]


def test_json_in_the_only_part_that_was_captured(tmp_path: Path) -> None:
    write(tmp_path, record('{"score": 0.5}', None, "JSON"), record('{"score": 1}', None, "JSON"))
    assert values(read(tmp_path)[0]) == [(0.5,), (1.0,)]


def present(row: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in row.items() if cell is not None}


payloads = st.tuples(
    st.sampled_from(["0.5", "1", ""]), st.sampled_from(["1,2", '"a,b",2', '"x\ny",2', "1,2\n3,4", "1,2,3", ",", '"a,1'])
)


@given(st.lists(payloads, min_size=3, max_size=20), st.integers(50, 2000))
def test_any_cut_gives_the_same_rows(pairs: list[tuple[str, str]], split_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), *(record(*pair) for pair in pairs))
        whole, one = read(path)
        cut, other = read(path, split_bytes=split_bytes)
        # A column that only other blocks have is one of nulls there: the scan sees to that.
        assert [present(row) for row in cut] == [present(row) for row in whole]
        assert sorted(reasons(one), key=str) == sorted(reasons(other), key=str)


def test_the_order_of_records_stays_when_some_are_read_one_by_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        record("1", "a"),
        record("2\n3", "b\nc"),
        record("4", '"d\ne"'),
        record("5,6", "f\ng"),
        record("7", "h"),
    )
    assert values(read(tmp_path)[0]) == [
        ("1", "a"), ("2", "b"), ("3", "c"), ("4", "d\ne"), ("5", "f"), ("6", "g"), ("7", "h"),
    ]  # fmt: skip


def test_several_rows_may_be_cut_or_refused(tmp_path: Path) -> None:
    write(tmp_path, record("1", "a"), record("2\n3", "b\nc"), record("2\n3", "b\nc\nd"))
    rows, report = read(tmp_path)
    assert values(rows) == [("1", "a"), ("2", "b"), ("3", "c")]
    assert "numbers of rows in the payloads differ" in reasons(report)[0][1]
    assert values(read(tmp_path, capture=CaptureSettings(multi_row="first"))[0]) == [("1", "a"), ("2", "b"), ("2", "b")]
    assert read(tmp_path, capture=CaptureSettings(multi_row="error"))[1].count == 2


def test_malformed_lines(tmp_path: Path) -> None:
    good = json.dumps(record("1", "a"))
    broken = [
        '{"captureData": ', "[]", "{}", '{"captureData": {"endpointInput": 5}}', '{"captureData": {}}',
        json.dumps(record("!!", "??", "BASE64")), json.dumps(record("1", '"a')),
    ]  # fmt: skip
    path = write(tmp_path, good, *broken, good)
    path.write_bytes(path.read_bytes() + good.replace("a", "\xff").encode("latin-1"))
    rows, report = read(tmp_path, format="capture")
    assert values(rows) == [("1", "a"), ("1", "a")]
    assert report.count == len(broken) + 1
    found = " | ".join(sorted(reason for _, reason in reasons(report)))
    expected = (
        "bad JSON",
        "bad base64",
        "invalid UTF-8",
        "none of the parts",
        "a quote is not closed",
        "not an object",
    )
    for text in expected:
        assert text in found


@pytest.mark.parametrize("decode_as", [None, "auto", "csv"])
def test_base64(tmp_path: Path, decode_as: str | None) -> None:
    encoded = [base64.b64encode(text.encode()).decode() for text in ("0.5", "1,a\n")]
    write(tmp_path, record(encoded[0], encoded[1], "BASE64"))
    assert values(read(tmp_path, capture=CaptureSettings(decode_base64=decode_as))[0]) == [("0.5", "1", "a")]


def test_base64_of_json_by_its_content_type(tmp_path: Path) -> None:
    encoded = [base64.b64encode(text.encode()).decode() for text in ('{"p": 0.5}', '{"b": 1, "a": "x"}')]
    write(tmp_path, record(encoded[0], encoded[1], "BASE64", content="application/json"))
    assert read(tmp_path)[0] == [{"p": 0.5, "a": "x", "b": 1}]


def test_json_payloads(tmp_path: Path) -> None:
    write(
        tmp_path,
        record('{"p": 1}', '{"b": {"y": 2, "x": [1]}, "a": "2026-01-01"}', "JSON"),
        record('{"p": 0.5}', '{\n"a": null}', "JSON"),
        record('[{"p": 1}, {"p": 2}]', '{"a": "m"}\n{"a": "n"}', "JSON"),
        record('{"p": ', "{}", "JSON"),
        record("0.5", "1", "CSV"),
    )
    dataset = opened(tmp_path)
    assert dataset.columns == ("p", "a", "b.x.0", "b.y")
    rows, report = read(tmp_path)
    assert [(row["p"], row["a"], row["b.x.0"]) for row in rows] == [
        (1.0, "2026-01-01", 1), (0.5, None, None), (1.0, "m", None), (2.0, "n", None),
    ]  # fmt: skip
    assert report.count == 2


def test_names_that_both_parts_have(tmp_path: Path) -> None:
    write(tmp_path, record('{"a": 1}', '{"a": 2}', "JSON"))
    assert read(tmp_path)[0] == [{"a": 1, "endpointInput.a": 2}]


def test_json_request_with_csv_response(tmp_path: Path) -> None:
    mixed = record("0.5", None)
    mixed["captureData"]["endpointInput"] = {"data": '{"a": 1}', "encoding": "JSON"}
    write(tmp_path, mixed)
    assert read(tmp_path)[0] == [{"_c0": "0.5", "a": 1}]


def test_a_json_column_that_widens_is_read_again(tmp_path: Path) -> None:
    lines = [record('{"p": 1}', '{"a": 1}', "JSON")] * 1000 + [record('{"p": 1}', '{"a": "x"}', "JSON")]
    write(tmp_path, *lines)
    rows, report = read(tmp_path, split_bytes=100_000)
    assert report.conflicts == {"a": "text"}
    assert [rows[0]["a"], rows[-1]["a"]] == ["1", "x"]


def test_batch_output_and_ground_truth_are_tolerated(tmp_path: Path) -> None:
    line = record(None, "a,b")
    line["captureData"]["batchTransformOutput"] = {"data": "1", "encoding": "CSV"}
    line["groundTruthData"] = {"data": "0", "encoding": "CSV"}
    write(tmp_path, line)
    assert values(read(tmp_path)[0]) == [("1", "a", "b")]


@pytest.mark.parametrize("stamp", ["2026-01-31T{}Z", "2026-01-31T{}+00:00", "2026-01-31T{}.000Z"])
def test_window_by_record(tmp_path: Path, stamp: str) -> None:
    times = ["09:59:59", "10:00:00", "10:59:59", "11:00:00"]
    write(
        tmp_path, *(record(str(i), "a", time=stamp.format(t)) for i, t in enumerate(times)), record("9", "a", time="?")
    )
    start, end = (datetime(2026, 1, 31, hour, tzinfo=timezone.utc) for hour in (10, 11))
    rows, _ = read(tmp_path, window_filter="record", start=start, end=end)
    assert [row["_c0"] for row in rows] == ["1", "2", "9"]


@pytest.mark.parametrize("payload", ["csv", "json", "base64"])
def test_synthetic_captures(tmp_path: Path, payload: str) -> None:
    files = write_captures(tmp_path / "a", 500, seed=1, payload=payload, hours=3, drift=True)
    assert len(files) == 3
    again = write_captures(tmp_path / "b", 500, seed=1, payload=payload, hours=3, drift=True)
    assert [f.read_bytes() for f in files] == [f.read_bytes() for f in again]
    rows, report = read(tmp_path / "a")
    assert (len(rows), report.count) == (500, 0)
    assert len(rows[0]) == 9


def test_reference_captures_of_the_sdk(shared: Path) -> None:
    rows, report = read(shared / "golden" / "cookbook-data-quality" / "captured_reconstructed.jsonl")
    assert (len(rows), report.count, len(rows[0])) == (18, 0, 5)
