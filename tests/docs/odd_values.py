"""Values that formats, Deequ and Spark look at in different ways."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pyarrow as pa

TEXTS = (
    "1", "1.0", "1.50", "+1", "-1", " 1", " 3.0", "1 ", "  1", "\t1", " +1", "- 1", "+ 1.5", "1.", ".5", "-.5",
    "1e5", "1E+5", "1e-5", ".5e1", "1e", "1d", "1.5f", "1L", "0x1F", "0x1p3", "1_000", "1,000", "1 000",
    "\u0661\u0662", "\uff11", "01", "-0", "-0.0", "0.1", "9007199254740993", "9223372036854775807",
    "9223372036854775808", "12345678901234567890123456789", "9" * 400, "1e308", "1.8e308", "1e400", "-1e400",
    "1e-400", "NaN", "nan", "inf", "-inf", "Infinity", "null", "None", "true", "True", "false", "FALSE", "", " ",
    "12e4567a",
)  # fmt: skip
"""Cells of text, which may also stand in JSON without quotes."""

NOTHING = "none"
LARGE = 2**53 + 1
TYPED: tuple[tuple[str, Any, pa.DataType], ...] = (
    ("double", 3.0, pa.float64()), ("double", -0.0, pa.float64()), ("double", 1e7, pa.float64()),
    ("double", math.nan, pa.float64()), ("double", math.inf, pa.float64()), ("double", -math.inf, pa.float64()),
    ("double", None, pa.float64()), ("float", 0.1, pa.float32()), ("float", 1e7, pa.float32()), ("float", math.nan, pa.float32()),
    ("half", 0.5, pa.float16()), ("int64", LARGE, pa.int64()), ("int64", -(2**63), pa.int64()),
    ("uint64", 2**64 - 1, pa.uint64()), ("int8", -1, pa.int8()), ("boolean", True, pa.bool_()), ("boolean", None, pa.bool_()),
    ("decimal(10,2)", Decimal("56834724.12"), pa.decimal128(10, 2)), ("decimal(18,4)", Decimal("0.1000"), pa.decimal128(18, 4)),
    ("decimal(38,0)", Decimal(10**37 + 1), pa.decimal128(38, 0)), ("decimal(20,10)", Decimal("1E-10"), pa.decimal128(20, 10)),
)  # fmt: skip
"""Values of columns with a type: its name in the page, the value, the type."""
