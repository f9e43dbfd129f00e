"""docs/reference/inputs.md says what files of each format give, and that is what Spark 3.5.9 gives where it has an opinion."""

from __future__ import annotations

import math
from functools import cache

import pytest

from tests.columns.test_numbers import SPARK
from tests.docs.inputs_table import PAGE, filled, outcomes
from tests.docs.odd_files import MALFORMED, MISSING, NUMBER_FORMATS, TEXT_FORMATS, Outcome
from tests.docs.odd_values import NOTHING, TEXTS

read = cache(outcomes)

DEEQU = {
    "Integral": ("1", "+1", " 1", "- 1", "01", "-0", "9223372036854775808"),
    "Fractional": ("1.0", " 3.0", "+ 1.5", "1e5", "1E+5", "-0.0", "1e308", "1e-400"),
    "Boolean": ("true", "false"),
    "String": (
        "1 ",
        "  1",
        "\t1",
        " +1",
        "1.",
        ".5",
        "1e",
        "1d",
        "0x1F",
        "1_000",
        "\u0661\u0662",
        "NaN",
        "null",
        "True",
        " ",
    ),
}
"""Classes of texts by Deequ's expressions, done by hand."""


def test_the_page_is_what_files_give() -> None:
    page = PAGE.read_text("utf-8")
    assert page == filled(page), "write the tables anew: python -m tests.docs.inputs_table"


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_a_text_is_the_same_in_every_format(text: str) -> None:
    found = {read()[name][TEXTS.index(text)] for name in TEXT_FORMATS}
    assert len(found) == 1


@pytest.mark.parametrize("text", [text for text in TEXTS if text in SPARK])
def test_the_number_of_a_text_is_sparks(text: str) -> None:
    expected, outcome = SPARK[text], read()["CSV"][TEXTS.index(text)]
    if expected is None or not math.isfinite(expected):
        assert (outcome.asked, outcome.statistics) == (NOTHING, NOTHING)
    else:
        assert float(outcome.asked) == expected
        assert outcome.statistics in (NOTHING, outcome.asked)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in DEEQU.items() for text in texts])
def test_the_class_of_a_text_is_deequs(kind: str, text: str) -> None:
    assert read()["CSV"][TEXTS.index(text)].kind == kind


@pytest.mark.parametrize("name", NUMBER_FORMATS)
def test_a_number_of_json_is_that_of_the_same_text_or_no_json(name: str) -> None:
    for text, in_json, in_text in zip(TEXTS, read()[name], read()["CSV"], strict=True):
        if in_json not in (MALFORMED, MISSING):
            assert (in_json.statistics, in_json.asked) in {(in_text.statistics, in_text.asked), ("0.0", "0.0")}, text
        if in_json == MISSING:
            assert in_text == MISSING or in_text.kind == "String", text


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1.8e308", "9" * 400])
def test_a_number_beyond_doubles_is_missing_in_every_format(text: str) -> None:
    found: set[Outcome] = {each[TEXTS.index(text)] for each in read().values()}
    assert found == {MISSING}
