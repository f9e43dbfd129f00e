"""Hashes of decimals beside ``xxhash64`` of Spark 3.5.9, run once and written down, and beside Java's rule done by hand."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.hashing import hash_array
from engine.sketches.hll import HyperLogLog
from tests.kernels.ways import kernels  # noqa: F401 - each test runs both ways

SPARK = [
    (38, 0, "0", 9486749600008296231),
    (38, 0, "1", 6668291691252061002),
    (38, 0, "-1", 14440711548252107680),
    (38, 0, "127", 12448637898737142623),
    (38, 0, "128", 6715097930120473301),
    (38, 0, "-128", 10548332412077393493),
    (38, 0, "-129", 11987228187671653660),
    (38, 0, "255", 879945414100663330),
    (38, 0, "256", 4805153208743283185),
    (38, 0, "10000000000000000000000000000000000000", 13033150986372277676),
    (38, 0, "10000000000000000000000000000000000001", 1111346630512881619),
    (38, 0, "99999999999999999999999999999999999999", 18399553344533558437),
    (38, 0, "-99999999999999999999999999999999999999", 16192704168088680848),
    (38, 10, "0.1", 14012108457392928152),
    (38, 10, "-0.1", 9203812353257415906),
    (38, 10, "1234567890123456789012345678.0123456789", 15698696860606281244),
    (38, 10, "1234567890123456789012345678.0123456788", 10423538427154733447),
    (38, 10, "-1234567890123456789012345678.0123456789", 12276809096454147364),
    (19, 0, "9223372036854775807", 17359485307679648239),
    (19, 0, "9999999999999999999", 17677826928759409630),
    (19, 0, "-9999999999999999999", 8615971145055448513),
    (29, 3, "12345678901234567890123456.789", 10341519493837019251),
    (29, 3, "12345678901234567890123456.788", 9852416815985389542),
    (18, 2, "1234567890123456.78", 2974817411982866413),
    (18, 2, "-0.01", 3858142552250413010),
    (18, 2, "0.00", 13194218611613725804),
    (18, 18, "0.123456789012345678", 2974817411982866413),
    (18, 18, "-0.999999999999999999", 4265531446127695490),
]


@pytest.mark.parametrize(("precision", "scale", "text", "expected"), SPARK)
def test_hash_array_decimal_is_hashed_as_spark_does(precision: int, scale: int, text: str, expected: int) -> None:
    exact = Decimal(text).quantize(Decimal(1).scaleb(-scale), context=Context(prec=60))
    array = pa.array([Decimal(7), exact], pa.decimal128(precision, scale)) if precision > scale else None
    array = pa.array([exact, exact], pa.decimal128(precision, scale)) if array is None else array
    assert int(hash_array(array)[1]) == expected
    assert int(hash_array(array[1:])[0]) == expected
    assert int(hash_array(array.dictionary_encode())[-1]) == expected


def by_hand(unscaled: int) -> int:
    """XXH64 of ``BigInteger.toByteArray``: the fewest bytes of two's complement, the largest first."""
    bits = (unscaled if unscaled >= 0 else ~unscaled).bit_length()
    return xxhash.xxh64_intdigest(unscaled.to_bytes(bits // 8 + 1, "big", signed=True), seed=42)


KINDS: list[tuple[Any, int]] = [
    (pa.decimal128(38, 0), 38),
    (pa.decimal128(20, 5), 20),
    (pa.decimal128(38, -3), 38),
    (pa.decimal256(76, 0), 76),
    (pa.decimal256(50, 20), 50),
    (pa.decimal256(20, -2), 20),
]


@pytest.mark.parametrize(("kind", "digits"), KINDS)
@given(data=st.data())
def test_hash_array_any_width_and_scale_hashes_every_digit(kind: Any, digits: int, data: Any) -> None:
    unscaled = data.draw(st.lists(st.integers(-(10**digits) + 1, 10**digits - 1), max_size=20))
    width = kind.byte_width
    stored = b"".join(value.to_bytes(width, "little", signed=True) for value in unscaled)
    array = pa.Array.from_buffers(kind, len(unscaled), [None, pa.py_buffer(stored)])
    assert hash_array(array).tolist() == [by_hand(value) for value in unscaled]


def test_distinct_count_of_38_digits_is_sparks() -> None:
    sketch = HyperLogLog()
    sketch.update(hash_array(pa.array([Decimal(10**37 + i) for i in range(1000)], pa.decimal128(38, 0))))
    assert sketch.estimate() == 950  # approx_count_distinct of Spark 3.5.9
