"""Text metrics against plain Python, in any script."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import ColumnView
from engine.errors import ConfigurationError
from engine.measurements.use import MetricUse
from plugins.text import BlankShare, CharacterClasses, PatternShare, TextLength

some = st.lists(
    st.none() | st.text(max_size=12) | st.sampled_from(["", "  ", "日本 語", "٣", "a1!", "🙂"]), max_size=20
)
texts = st.builds(lambda values, times: values * times, some, st.sampled_from([1, 6]))  # many different, or few


def result(metric: Any, values: list[str | None]) -> Any:
    metric.update(ColumnView("c", pa.array(values, pa.string())))
    return metric.result()


@given(texts)
def test_lengths(values: list[str | None]) -> None:
    lengths = [len(value) for value in values if value is not None]
    expected = {"mean": sum(lengths) / len(lengths), "min": min(lengths), "max": max(lengths)} if lengths else None
    assert result(TextLength(), values) == expected


@given(texts)
def test_blank(values: list[str | None]) -> None:
    present = [value for value in values if value is not None]
    expected = sum(not value.strip() for value in present) / len(present) if present else None
    assert result(BlankShare(), values) == pytest.approx(expected)


@given(texts)
def test_pattern(values: list[str | None]) -> None:
    present = [value for value in values if value is not None]
    expected = sum(bool(re.search("[0-9]", value)) for value in present) / len(present) if present else None
    assert result(PatternShare(pattern="[0-9]"), values) == expected


@given(texts)
def test_classes(values: list[str | None]) -> None:
    found = result(CharacterClasses(), values)
    characters = [character for value in values if value for character in value]
    if not characters:
        assert found is None
        return
    names = {"L": "letters", "M": "letters", "N": "digits", "Z": "spaces", "P": "marks", "S": "marks"}
    expected = dict.fromkeys(("letters", "digits", "spaces", "marks", "others"), 0)
    for character in characters:
        category = unicodedata.category(character)
        if category == "Cn":  # assigned in a newer Unicode than Python's or RE2's
            return
        expected["spaces" if character in "\t\n\r\v\f" else names.get(category[0], "others")] += 1
    assert found == pytest.approx({name: count / len(characters) for name, count in expected.items()})


def test_a_wrong_pattern_is_said_at_the_start() -> None:
    with pytest.raises(
        ConfigurationError, match=r"settings of metric 'pattern_share': 'pattern' is '\(': it is not a regular"
    ):
        MetricUse(PatternShare, "pattern_share", settings={"pattern": "("})
