"""Slices by values, by conditions and by both; a segment that cannot be had is named and loses nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import engine
from engine.config_sections import SegmentsConfig
from engine.errors import ConfigurationError
from engine.segments import segments_of

BATCH = pa.RecordBatch.from_pydict(
    {"region": ["EU", "US", None, "EU"], "age": ["70", "20", "65", "x"], "n": [1, 2, 3, 4]}
)


def rows(*terms: str | list[str]) -> dict[str, list[int]]:
    (segment,) = segments_of(SegmentsConfig(by=list(terms)))
    return {label: part.column("n").to_pylist() for label, part in segment.slices(BATCH)}


def test_values_of_a_column() -> None:
    assert rows("region") == {"region=(missing)": [3], "region=EU": [1, 4], "region=US": [2]} or rows("region") == {
        "region=EU": [1, 4],
        "region=US": [2],
        "region=(missing)": [3],
    }


def test_a_condition() -> None:
    assert rows("age >= 65") == {"age >= 65=true": [1, 3], "age >= 65=false": [2], "age >= 65=(missing)": [4]}


def test_crossed() -> None:
    found = rows(["region", "n > 1"])
    assert found["region=EU, n > 1=false"] == [1]
    assert found["region=EU, n > 1=true"] == [4]
    assert sum(map(len, found.values())) == 4


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (["age >="], "segment 'age >=': 'age >=' is not SQL"),
        (["avg(age) > 1"], "aggregates rows"),
        (["read_csv('x') > 1"], "not allowed here"),
        (["region", "region"], "'region' is named twice"),
    ],
)
def test_what_is_not_legal(terms: list[str | list[str]], message: str) -> None:
    with pytest.raises(ConfigurationError, match=r".") as caught:
        segments_of(SegmentsConfig(by=terms))
    assert message in str(caught.value)


NAMED = pa.RecordBatch.from_pydict(
    {
        "Long": ["u", "v"], "Long Name": ["p", "q"], "order": ["1", "7"], "a.b": ["x", "y"], "price (usd)": ["3", "9"],
        "Case": ["l", "m"], "avg(n)": ["5", "6"], " padded ": ["e", "f"], "scores.0": ["g", "h"], "tick`s": ["i", "j"],
    }
)  # fmt: skip


def labels(term: str, columns: bool = True) -> list[str]:
    known = NAMED.schema.names if columns else None
    (segment,) = segments_of(SegmentsConfig(by=[term]), known)
    return [label for label, _ in segment.slices(NAMED)]


@pytest.mark.parametrize(
    ("term", "values"),
    [
        ("Long Name", "pq"),
        ("`Long Name`", "pq"),
        ("long name", "pq"),
        ("Long Name ", "pq"),
        ("Long", "uv"),
        ("order", "17"),
        ("`order`", "17"),
        ("case", "lm"),
        ("a.b", "xy"),
        ("`a.b`", "xy"),
        ("price (usd)", "39"),
        ("`price (usd)`", "39"),
        ("avg(n)", "56"),
        (" padded ", "ef"),
        ("1", "pq"),
        ("$.scores[0]", "gh"),
        ("scores[0]", "gh"),
        ("tick`s", "ij"),
        ("`tick``s`", "ij"),
    ],
)
def test_the_whole_term_is_tried_as_a_column_first(term: str, values: str) -> None:
    assert labels(term) == [f"{term}={value}" for value in values]


@pytest.mark.parametrize("term", ["Long Name", "`Long Name`", "`price (usd)`", "order", "a.b"])
def test_names_of_columns_that_are_known_only_later(term: str) -> None:
    assert len(labels(term, columns=False)) == 2


@pytest.mark.parametrize(
    ("term", "values"),
    [
        ("`order` > 5", ["false", "true"]),
        ("`Long Name` = 'p'", ["true", "false"]),
        ("long = 'u'", ["true", "false"]),
        ("`price (usd)` >= 9", ["false", "true"]),
        ("`a.b` = 'x'", ["true", "false"]),
        ("a.b = 'x'", ["true", "false"]),
    ],
)
def test_columns_of_odd_names_in_conditions(term: str, values: list[str]) -> None:
    assert labels(term) == [f"{term}={value}" for value in values] or labels(term) == [
        f"{term}={value}" for value in values[::-1]
    ]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("n > 50 big", "gives the name 'big' to an expression"),
        ("n > 50 AS big", "gives the name 'big' to an expression"),
        ("avg(n) x", "gives the name 'x' to an expression"),
        ("sum(n) > 5", "aggregates rows"),
        ("  ", "a term is empty"),
    ],
)
def test_an_alias_or_an_aggregate_in_a_condition_is_refused(term: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        segments_of(SegmentsConfig(by=[term]), ["n"])
    assert message in str(caught.value)


def test_an_alias_in_a_sql_metric_is_refused(tmp_path: Path) -> None:
    base = write(tmp_path / "base.csv", 40, 0)
    metrics = [{"name": "mean_n", "sql": "avg(n) x"}]
    with pytest.raises(ConfigurationError, match="gives the name 'x' to an expression"):
        engine.baseline(base, output=tmp_path / "out", runner="inline", metrics=metrics)


def test_a_column_that_is_not_there_is_named_with_the_others_in_the_exit_message(tmp_path: Path) -> None:
    base = write(tmp_path / "base.csv", 40, 0)
    result = engine.baseline(base, output=tmp_path / "out", runner="inline", segments=["Long Name", "n > 3"])
    assert "the data has no column 'Long Name'; it has region, n" in result.message
    assert {m.slice for m in result.measurements} == {None, "n > 3=true", "n > 3=false"}


def write(path: Path, rows: int, bad: float) -> Path:
    path.write_text(
        "region,n\n" + "".join(f"{'EU' if i % 4 else 'US'},{-i if i < rows * bad else i}\n" for i in range(rows))
    )
    return path


def test_slices_are_measured_and_judged(tmp_path: Path) -> None:
    negative: dict[str, Any] = {
        "metrics": [{"name": "negative", "sql": "avg(if(n < 0, 1, 0))", "threshold": 0.2}],
        "segments": ["region", "absent"],
    }
    base = write(tmp_path / "base.csv", 400, 0)
    engine.baseline(base, output=tmp_path / "baseline", runner="inline", **negative)
    now = write(tmp_path / "now.csv", 400, 0.5)
    result = engine.monitor(now, baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline", **negative)
    found = {m.slice: (m.value, m.baseline, m.status) for m in result.measurements if m.metric == "negative"}
    assert found == {
        None: (0.4975, 0.0, "violation"),
        "region=EU": (0.5, 0.0, "violation"),
        "region=US": (0.49, 0.0, "violation"),
    }
    assert {m.slice for m in result.measurements if m.metric == "mean"} == {None, "region=EU", "region=US"}
    assert [str(failure) for failure in result.failures] == [
        f"metric 'segment absent' failed (split 0, {now}): LookupError: the data has no column 'absent'; it has region, n"
    ]
    assert "segment absent" in result.message


def test_a_small_slice_has_no_verdict(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "metrics": [{"name": "rows", "sql": "count(*)", "threshold": 1}],
        "segments": {"by": ["region"], "min_rows": 20},
    }
    base = write(tmp_path / "base.csv", 40, 0)
    engine.baseline(base, output=tmp_path / "baseline", runner="inline", **options)
    result = engine.monitor(base, baseline=tmp_path / "baseline", output=tmp_path / "out", runner="inline", **options)
    found = {m.slice: m.status for m in result.measurements if m.metric == "rows"}
    assert found == {None: "violation", "region=EU": "violation", "region=US": "not_enough_data"}


def test_too_many_values_are_no_segment(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n" + "".join(f"{i}\n" for i in range(1500)))
    result = engine.baseline(path, output=tmp_path / "out", runner="inline", segments=["id"])
    assert [failure.error for failure in result.failures] == [
        "more than 1000 values; a segment is a column or condition with few"
    ]
    assert {m.slice for m in result.measurements} == {None}
