"""Jobs without data, or with too little that can be read."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import make_config
from engine.datasets.base import QuarantinedRecord
from engine.errors import NoDataError, TooManyMalformedRecordsError
from engine.metrics import DatasetMetrics
from engine.record_checks import check_records


def found(rows: int, malformed: int = 0) -> DatasetMetrics:
    return DatasetMetrics(rows=rows, columns={}, malformed=malformed)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("csv", "the files under a, b hold no records"), ("table", "the table a, b holds no records")],
)
def test_no_record_is_told_by_what_was_read(tmp_path: Path, kind: str, told: str) -> None:
    config = make_config(["a", "b"], str(tmp_path), options={"input": {"format": kind}})
    with pytest.raises(NoDataError, match=rf"{told}\.$"):
        check_records(config, found(0), [])


@pytest.mark.parametrize(("share", "malformed", "stops"), [(0.5, 50, False), (0.5, 51, True), (0.0, 1, True)])
def test_the_share_that_is_configured_decides(tmp_path: Path, share: float, malformed: int, stops: bool) -> None:
    config = make_config(["a"], str(tmp_path), options={"input": {"max_malformed_share": share}})
    bad = [QuarantinedRecord("a", {"line": 7}, "bad JSON", None)]
    told = pytest.raises(TooManyMalformedRecordsError, match=f"{share:.0%} are allowed") if stops else nullcontext()
    with told:
        check_records(config, found(100 - malformed, malformed), bad)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, r"hold no records\.$"),
        ({"start": "2026-01-31T10:00:00Z"}, r"hold no records in the analysis window\.$"),
        (
            {"preprocessor": "pre.py"},
            r"no records for which the preprocessor pre.py returned a row; returned None: 7\.$",
        ),
    ],
)
def test_what_may_have_left_the_records_out_is_told(tmp_path: Path, given: dict[str, str], told: str) -> None:
    config = make_config(["a"], str(tmp_path), options={"input": given})
    with pytest.raises(NoDataError, match=told):
        check_records(config, replace(found(0), notes={"returned None": 7}), [])


def test_the_share_of_malformed_records_decides(tmp_path: Path) -> None:
    config = make_config(["a"], str(tmp_path))
    bad = [QuarantinedRecord("a", {"line": 7}, "bad JSON", None)]
    check_records(config, found(90, 10), bad)
    assert not list(tmp_path.iterdir())
    with pytest.raises(
        TooManyMalformedRecordsError,
        match=r"11 of 100 records \(11.0%\).*The first: a, line 7: bad JSON. 1 of them are listed",
    ):
        check_records(config, found(89, 11), bad)
    with pytest.raises(TooManyMalformedRecordsError, match=r"bad JSON. All are listed in .*quarantine.jsonl"):
        check_records(config, found(0, 1), bad)
    assert (tmp_path / "quarantine.jsonl").read_text().startswith('{"file"')
