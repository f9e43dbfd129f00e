"""Fields that a part has too few or too many of shift nothing: every value stands in a column of its own part."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.csv_reader import NARROW
from tests.datasets.capture_examples import ALL, captured, csv, read_records

GOOD = captured(request=csv("1,2"), response=csv("0.1,0.9"), label=csv("yes"))


def test_short_response_is_filled_up_in_its_place(tmp_path: Path) -> None:
    short = captured(request=csv("3,4"), response=csv("0.5"), label=csv("no"))
    rows, report = read_records(tmp_path, GOOD, GOOD, short, parts=ALL)
    assert tuple(rows[2].values()) == ("0.5", None, "3", "4", "no")
    assert (report.count, report.notes[NARROW]) == (0, 1)


def test_long_response_is_a_malformed_record(tmp_path: Path) -> None:
    long = captured(request=csv("3,4"), response=csv('0.1,0.2,"a,b"'), label=csv("no"))
    rows, report = read_records(tmp_path, GOOD, GOOD, long, parts=ALL)
    assert len(rows) == 2
    assert report.records[0].reason == "wrong number of columns in endpointOutput: expected 2, got 3"


def test_long_request_before_a_label_never_becomes_the_label(tmp_path: Path) -> None:
    long = captured(request=csv("3,4,5"), response=csv("0.1,0.9"), label=csv("no"))
    rows, report = read_records(tmp_path, GOOD, GOOD, long, parts=ALL)
    assert [row["groundTruthData"] for row in rows] == ["yes", "yes"]
    assert report.count == 1


fields = st.lists(st.sampled_from(["1", "", '"a,b"', '"x""y"']), min_size=1, max_size=4).map(",".join)


@given(st.lists(st.tuples(fields, fields), min_size=1, max_size=6))
def test_requests_are_never_read_as_responses(tmp_path_factory: object, pairs: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("align")  # type: ignore[attr-defined]
    usual = [captured(request=csv("q,q"), response=csv("r,r"))] * 10
    marked = [captured(request=csv(f"q,{request}"), response=csv(f"r,{response}")) for request, response in pairs]
    rows, report = read_records(folder, *usual, *marked)
    assert len(rows) + report.count == len(usual) + len(marked)
    assert {(row["_c0"], row["_c2"]) for row in rows} == {("r", "q")}
