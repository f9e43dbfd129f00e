"""Scalars of Python as the text that Spark would show for them."""

from __future__ import annotations

import math

from engine.columns.java_text import java_double


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
