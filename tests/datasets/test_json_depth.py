"""Depth of JSON, found before a parser sees it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.json_depth import MOST_LEVELS, TOO_DEEP, is_too_deep, too_deep
from tests.datasets.reading import read, reasons

strings = st.text(st.sampled_from('ab"\\[{]}é/\t'), max_size=6)
values = st.recursive(
    st.none() | strings, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3)
)


def depth(value: Any) -> int:
    """Levels of a parsed value, counted by walking through it."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if items is None else 1 + max(map(depth, items), default=0)


def nested(kind: str, levels: int) -> str:
    opening, closing = {"objects": ('{"a":', "}"), "lists": ("[", "]"), "both": ('{"a":[', "]}")}[kind]
    return opening * levels + "1" + closing * levels


@given(st.lists(st.tuples(values, st.integers(MOST_LEVELS - 12, MOST_LEVELS)), min_size=1, max_size=8))
def test_too_deep_finds_the_lines_that_a_walk_through_the_values_finds(lines: list[tuple[Any, int]]) -> None:
    wrapped = [json.loads("[" * levels + json.dumps(value) + "]" * levels) for value, levels in lines]
    texts = [json.dumps(value, ensure_ascii=False).encode() for value in wrapped]
    deep = [text for text, value in zip(texts, wrapped, strict=True) if depth(value) > MOST_LEVELS]
    data = b"\n".join(texts)
    assert [data[start:stop] for start, stop in too_deep(data)] == deep
    assert [text for text in texts if is_too_deep(text)] == deep


def test_is_too_deep_looks_at_texts_of_many_lines() -> None:
    assert is_too_deep(json.dumps(json.loads(nested("lists", MOST_LEVELS + 1)), indent=1).encode())
    assert not is_too_deep(json.dumps([json.loads(nested("lists", MOST_LEVELS - 1))] * 50, indent=1).encode())


@pytest.mark.parametrize("kind", ["objects", "lists", "both"])
@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 490, 990, 20_000])
def test_reading_a_deep_record_costs_only_that_record(tmp_path: Path, kind: str, levels: int) -> None:
    lines = ['{"a": 1}', f'{{"b": {nested(kind, levels)}}}', '{"a": 2}', f'{{"b": {"[" * levels}', '{"a": 3}']
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    rows, report = read(tmp_path)
    assert [row["a"] for row in rows] == [1, 2, 3]
    starts = [len(lines[0]) + 1, len("\n".join(lines[:3])) + 1]
    assert reasons(report) == [({"byte": start}, TOO_DEEP) for start in starts]


def test_reading_records_of_the_deepest_kind_works(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(f'{{"b": {nested("lists", MOST_LEVELS - 1)}}}\n' * 3)
    rows, report = read(tmp_path)
    assert report.count == 0
    assert rows == [{"b" + ".0" * (MOST_LEVELS - 1): 1}] * 3


def test_a_deep_document_is_one_malformed_entry(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('[{"a": 1}]')
    (tmp_path / "2.json").write_text(nested("objects", 20_000))
    rows, report = read(tmp_path, json_lines=False)
    assert rows == [{"a": 1}]
    assert reasons(report) == [({"byte": 0}, TOO_DEEP)]


def test_a_deep_item_of_a_document_costs_only_that_item(tmp_path: Path) -> None:
    items = [
        '{"a": "],[{"}',
        nested("lists", 5000),
        '{"a": "\\\\"}',
        f'{{"b": {nested("objects", 101)}}}',
        '{"a": "x"}',
    ]
    (tmp_path / "1.json").write_text(f"[{', '.join(items)}]")
    rows, report = read(tmp_path, json_lines=False)
    assert [row["a"] for row in rows] == ["],[{", "\\", "x"]
    assert reasons(report) == [({"element": 1}, TOO_DEEP), ({"element": 3}, TOO_DEEP)]
