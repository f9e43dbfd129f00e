"""Scalars of Python as the text that Spark would show for them."""

from __future__ import annotations

import math
from decimal import Decimal


def java_double(value: float) -> str:
    """A finite number as ``Double.toString`` prints it.

    >>> java_double(0.5), java_double(1e10), java_double(0.00012)
    ('0.5', '1.0E10', '1.2E-4')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else text + ".0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{int(exponent) + len(digits) - 1}"


def scalar_text(value: object) -> str | None:
    """The text of a cell; missing for None, NaN and infinities, which JSON cannot hold.

    Raises:
        TypeError: The value is no scalar.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return java_double(float(value)) if math.isfinite(value) else None
    item = getattr(value, "item", None)  # a scalar of numpy
    if callable(item) and getattr(value, "ndim", None) == 0:
        return scalar_text(item())
    raise TypeError(f"{type(value).__name__} is no scalar")
