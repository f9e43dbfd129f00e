"""JSON that was edited by hand: read, or explained with line and column."""

from __future__ import annotations

import sys

import pytest

from engine.json_text import parse_json


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_editors_save_is_read(encoding: str) -> None:
    assert parse_json('{"name": "Größe"}'.encode(encoding)) == {"name": "Größe"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n "b": [1, 2,]\n}', "line 2, column 13: a comma stands before ']'; remove it"),
        ('{"a": 1,\n}', "line 2, column 1: a comma stands before '}'; remove it"),
        ("{'a': 1}", "line 1, column 2: expecting property name"),
        ('{"a": 1} x', "line 1, column 10: extra data"),
        ("", "line 1, column 1: expecting value"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' is given twice"),
        ('{"a": ' + "9" * 5000 + "}", "a number has 5,000 digits"),
        ("[" * 101 + "]" * 101, "nested more than 100 deep"),
        ("[" * 100_000, "nested more than 100 deep"),
        ('{"a":' * 150 + "1" + "}" * 150, "nested more than 100 deep"),
        (b'{"a": "\xff"}', "byte 8 is not UTF-8"),
    ],
)
def test_what_is_no_json_is_said_with_its_place(text: str | bytes, expected: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_json(text)
    assert expected in str(caught.value)


def test_a_hundred_levels_are_read() -> None:
    parse_json("[" * 100 + "]" * 100)


@pytest.mark.parametrize(
    "text", ["[" * 5000, '{"a":' * 5000, "[" * 5000 + "]" * 4999, '["' + '[" , "' * 200 + "[" * 101]
)
@pytest.mark.parametrize("limit", [1000, 20_000])
def test_parse_json_text_that_nests_too_deep_is_called_so_whatever_the_stack(text: str, limit: int) -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        with pytest.raises(ValueError, match="nested more than 100 deep"):
            parse_json(text)
    finally:
        sys.setrecursionlimit(before)


def test_parse_json_brackets_in_texts_are_no_nesting() -> None:
    with pytest.raises(ValueError, match="line 1, column"):
        parse_json('{"a": "' + "[" * 500 + '", }')
