"""Whatever a YAML text holds, it is a value or a sentence that says where."""

from __future__ import annotations

import pytest

from engine.yaml_text import parse_yaml

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!map [a]", "line 1, column 1: expected a mapping"),
        ("a: !!bool maybe", "line 1, column 4: 'maybe' is not of the type bool"),
        ("a: !!int ''", "'' is not of the type int"),
        ("a: !!float ''", "'' is not of the type float"),
        ("a: !!timestamp x", "'x' is not of the type timestamp"),
        ("a:\n  b: 2026-13-01", "line 2, column 6: '2026-13-01' is not of the type timestamp (month must be in 1..12)"),
        ("a: " + "1" * 5000, "is not of the type int"),
        ('a: "\\ud800"', "half of a pair"),
        ("a: \x00", "the character '\\x00' at position 4"),
        ("[" * 60 + "]" * 60, "nested more than 50 deep"),
        ("[" * 5000, "50 deep"),
        ("a: &a [*a]", "an alias stands for what it is a part of"),
        ("{[a]: 1}", "found unhashable key"),
        (BOMB, "more than 100,000 values"),
    ],
)
def test_what_is_no_configuration_is_said_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_yaml(text)
    assert expected in str(caught.value)


def test_a_byte_order_mark_and_an_empty_text_are_no_faults() -> None:
    assert parse_yaml("\ufeffa: 1") == {"a": 1}
    assert parse_yaml("# nothing\n") is None
