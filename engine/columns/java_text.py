"""Values as the JVM writes them: what Deequ hashes, counts and prints."""

from __future__ import annotations

import math

import pyarrow as pa
import pyarrow.compute as pc


def java_double(value: float) -> str:
    """Java's ``Double.toString`` (the shortest text that reads back as the same number, as since JDK 19).

    >>> [java_double(x) for x in (1.0, 1e7, 0.001, 1.5e-7, float("nan"), -0.0)]
    ['1.0', '1.0E7', '0.001', '1.5E-7', 'NaN', '-0.0']
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{value:.1f}" if value == int(value) else _positional(value)
    mantissa, _, exponent = f"{value!r}".partition("e")
    digits, shift = _scientific(mantissa)
    return f"{digits}E{shift + int(exponent or 0)}"


def _positional(value: float) -> str:
    text = repr(value)
    return f"{value:f}" if "e" in text else text


def _scientific(mantissa: str) -> tuple[str, int]:
    """``123.45`` as ``1.2345`` and 2."""
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, part = mantissa.lstrip("-").partition(".")
    digits = (whole + part).lstrip("0")
    leading = len(whole + part) - len(digits)
    tail = digits[1:].rstrip("0")
    return f"{sign}{digits[0]}.{tail or '0'}", len(whole) - leading - 1


def as_text(array: pa.Array) -> pa.Array:
    """Values of any type as Spark casts them to string."""
    kind = array.type
    if pa.types.is_string(kind):
        return array
    if pa.types.is_floating(kind):
        return pa.array([None if v is None else java_double(v) for v in array.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        text = pc.cast(array.cast(pa.timestamp("us"), safe=False), pa.string())
        return pc.replace_substring_regex(text, r"\.?0*\z", "") if len(text) else text
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        texts = [None if v is None else v.decode("utf-8", "replace") for v in array.to_pylist()]
        return pa.array(texts, pa.string())
    return array.cast(pa.string())
