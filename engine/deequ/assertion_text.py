"""Assertions as text: ``>= 0.9``, ``between 0.1 and 0.2``, ``ratio of 'gold' > 0.3``. Parsed into bounds, never evaluated."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Flavour = Literal["number", "histogram", "kll", "binned"]
"""What an assertion looks at: a number, or a part of a histogram, a KLL sketch or a histogram of equal-width bins."""

PARTS: dict[Flavour, tuple[str, ...]] = {
    "number": (),
    "histogram": ("ratio of 'VALUE'", "count of 'VALUE'", "bins"),
    "kll": ("count of BUCKET", "low of BUCKET", "high of BUCKET", "percentile of 1..99"),
    "binned": ("count of BIN", "ratio of BIN", "bins"),
}

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?:\s*/\s*(?:\d+\.?\d*|\.\d+))?"
_CONDITION = re.compile(
    rf"""\s*(?:(?P<part>ratio|count|low|high|percentile|bins)(?:\s+of\s+(?P<key>'(?:[^']|'')*'|\d+))?\s+)?
    (?:(?P<operator>>=|<=|==|!=|>|<)\s*(?P<number>{_NUMBER})
      |between\s+(?P<lower>{_NUMBER})\s+and\s+(?P<upper>{_NUMBER}))\s*""",
    re.VERBOSE,
)
_AND = re.compile(r"and\b")


@dataclass(frozen=True)
class Condition:
    """A number within bounds, or, with ``outside``, not within them.

    Attributes:
        part: What of the metric; empty for the metric itself.
        key: Which value, bucket or percentile of it.
    """

    part: str = ""
    key: str = ""
    lower: float = -math.inf
    lower_open: bool = False
    upper: float = math.inf
    upper_open: bool = False
    outside: bool = False


def parse_assertion(text: str | float, flavour: Flavour = "number") -> tuple[Condition, ...]:
    """Read an assertion.

    Args:
        text: Conditions joined by ``and``; a number alone means ``== NUMBER``. Fractions such as ``2/3`` are numbers.
        flavour: What it looks at.

    Returns:
        The conditions, all of which must hold.

    Raises:
        ValueError: It is no assertion; the text says what is allowed.

    >>> parse_assertion("> 0.5 and <= 1")[1]
    Condition(part='', key='', lower=-inf, lower_open=False, upper=1.0, upper_open=False, outside=False)
    """
    source = text if isinstance(text, str) else f"== {text!r}"
    found, position = [], 0
    while True:
        match = _CONDITION.match(source, position)
        if match is None:
            raise _illegal(source, flavour)
        found.append(_condition(match, source, flavour))
        if match.end() == len(source):
            return tuple(found)
        joint = _AND.match(source, match.end())
        if joint is None:
            raise _illegal(source, flavour)
        position = joint.end()


def _condition(match: re.Match[str], source: str, flavour: Flavour) -> Condition:
    part, key = match["part"] or "", match["key"] or ""
    expected = {form.split()[0]: form for form in PARTS[flavour]}
    if (part not in expected) if expected else part:
        raise _illegal(source, flavour)
    if part and (("of" in expected[part]) != bool(key) or ("'" in expected[part]) != key.startswith("'")):
        raise _illegal(source, flavour)
    if part == "percentile" and not 1 <= int(key) <= 99:
        raise _illegal(source, flavour)
    if key.startswith("'"):
        key = key[1:-1].replace("''", "'")
    return _bounded(match, source, part, key)


def _bounded(match: re.Match[str], source: str, part: str, key: str) -> Condition:
    if match["operator"] is None:
        lower, upper = _number(match["lower"]), _number(match["upper"])
        if lower > upper:
            raise ValueError(f"{source!r}: the lower bound {lower} is above the upper bound {upper}")
        return Condition(part, key, lower, upper=upper)
    number, operator = _number(match["number"]), match["operator"]
    if operator in ("==", "!="):
        return Condition(part, key, number, upper=number, outside=operator == "!=")
    if operator.startswith(">"):
        return Condition(part, key, number, lower_open=operator == ">")
    return Condition(part, key, upper=number, upper_open=operator == "<")


def _number(text: str) -> float:
    numerator, _, denominator = text.partition("/")
    if denominator and not float(denominator):
        raise ValueError(f"{text!r} divides by zero")
    return float(numerator) / float(denominator) if denominator else float(numerator)


def _illegal(source: str, flavour: Flavour) -> ValueError:
    allowed = "'>= 0.9', '> 0', '<= 10', '< 1', '== 5', '!= 0', 'between 0.1 and 0.2', two joined by 'and'"
    forms = PARTS[flavour]
    of_what = f', each after one of: {", ".join(forms)} (for example "{_EXAMPLES[flavour]}")' if forms else ""
    return ValueError(f"{source!r} is no assertion. Allowed: {allowed}{of_what}")


_EXAMPLES: dict[Flavour, str] = {
    "number": ">= 0.9",
    "histogram": "ratio of 'gold' > 0.3",
    "kll": "percentile of 50 between 20 and 60",
    "binned": "count of 0 > 10",
}
