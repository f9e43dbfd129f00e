"""Values as the JVM writes them: what Deequ hashes, counts and prints."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LARGEST_PLAIN, SMALLEST_PLAIN = 1e7, 1e-3


def java_double(value: float) -> str:
    """A double as ``Double.toString`` of JDK 19 and later prints it: the shortest digits that read back.

    >>> [java_double(x) for x in (1, 0.1, 12345678.0, 4.97e-17, -0.0, float("nan"), float("-inf"))]
    ['1.0', '0.1', '1.2345678E7', '4.97E-17', '-0.0', 'NaN', '-Infinity']
    """
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if value != 0.0 and not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        return _scientific(text)
    return text if "e" not in text else format(value, "f")


def _java_float(value: float, kind: pa.DataType) -> str:
    """A float as ``Float.toString`` prints it: the shortest digits that read back as a float of this width."""
    return java_double(float(str(kind.to_pandas_dtype()(value))))


def _scientific(text: str) -> str:
    """Rewrite Python's shortest digits as ``d.dddEn``."""
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading_zeros = len(whole + fraction) - len(digits)
    power = int(exponent or 0) + len(whole) - 1 - leading_zeros
    digits = digits.rstrip("0") or "0"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{power}"


def as_text(array: pa.Array) -> pa.Array:
    """Values of any type as Spark casts them to string."""
    kind = array.type
    if pa.types.is_string(kind):
        return array
    if pa.types.is_float64(kind):
        return pa.array([None if v is None else java_double(v) for v in _shortest(array)], pa.string())
    if pa.types.is_floating(kind):
        return pa.array([None if v is None else _java_float(v, kind) for v in array.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        text = pc.cast(array.cast(pa.timestamp("us"), safe=False), pa.string())
        return pc.replace_substring_regex(text, r"\.?0*\z", "") if len(text) else text
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        texts = [None if v is None else v.decode("utf-8", "replace") for v in array.to_pylist()]
        return pa.array(texts, pa.string())
    return array.cast(pa.string())


def _shortest(array: pa.Array) -> list[float | None]:
    """The numbers of floats; those of 32 bits as the double with their fewest digits, which is what Java writes of a float."""
    if pa.types.is_float64(array.type):
        return array.to_pylist()  # type: ignore[no-any-return]
    singles = array.cast(pa.float32()).to_numpy(zero_copy_only=False).astype(np.float32)
    doubles = singles.astype(str).astype(np.float64)
    return pa.array(doubles, mask=array.is_null().to_numpy(zero_copy_only=False)).to_pylist()  # type: ignore[no-any-return]
