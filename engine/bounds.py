"""A threshold in a document that people edit: a number that something can be above or below."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator


def _no_switch(value: Any) -> Any:
    """True is no bound, though Python takes it for 1."""
    if isinstance(value, bool):
        raise ValueError("it must be a number")  # noqa: TRY004 - pydantic takes a ValueError
    return value


def _no_nan(value: float) -> float:
    """Nothing is above or below NaN: such a bound would hold for all data, without a word."""
    if math.isnan(value):
        raise ValueError("it must be a number, not NaN")
    return value


Bound = Annotated[float, BeforeValidator(_no_switch), AfterValidator(_no_nan)]
"""A threshold."""
