"""Patterns of names: only * and ? are wild, case is ignored, the exact name comes first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.patterns import is_meant, matches_pattern


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("price[usd]", "price[usd]", True),
        ("price[usd]", "price[*]", True),
        ("priceu", "price[usd]", False),
        ("price[!x]", "price[!x]", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
        ("a+b (c)", "A+B (?)", True),
        ("Straße", "STRASSE", True),
        ("two\nlines", "two*", True),
        ("ab", "a?b", False),
        ("", "*", True),
    ],
)
def test_matches_pattern_knows_two_wildcards_only(name: str, pattern: str, fits: bool) -> None:
    assert matches_pattern(name, pattern) is fits


@given(name=st.text(max_size=10))
def test_matches_pattern_every_name_fits_itself(name: str) -> None:
    assert matches_pattern(name, name)
    assert matches_pattern(name, re.sub(r".", "?", name.casefold(), flags=re.DOTALL))


def test_is_meant_prefers_the_exact_name() -> None:
    names = ["Age", "age", "AGE", "height"]
    assert [name for name in names if is_meant(name, ["age"], names)] == ["age"]
    assert [name for name in names if is_meant(name, ["aGe"], names)] == ["Age", "age", "AGE"]
    assert [name for name in names if is_meant(name, ["age", "H*"], names)] == ["age", "height"]
