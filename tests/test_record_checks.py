"""Jobs without data, or with too little that can be read."""

from __future__ import annotations

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
    with pytest.raises(NoDataError, match=told):
        check_records(config, found(0), [])


def test_the_share_of_malformed_records_decides(tmp_path: Path) -> None:
    config = make_config(["a"], str(tmp_path))
    bad = [QuarantinedRecord("a", {"line": 7}, "bad JSON", None)]
    check_records(config, found(90, 10), bad)
    assert not list(tmp_path.iterdir())
    with pytest.raises(
        TooManyMalformedRecordsError, match=r"11 of 100 records \(11.0%\).*The first: a, line 7: bad JSON"
    ):
        check_records(config, found(89, 11), bad)
    assert (tmp_path / "quarantine.jsonl").read_text().startswith('{"file"')
