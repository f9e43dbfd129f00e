"""The columns of a SQL expression: what each stands for, and its values as DuckDB gets them.

Texts become numbers here, by the rule that holds everywhere (``engine/columns/numbers.py``), and not by a cast of DuckDB's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.columns.batch import BatchView
from engine.columns.kinds import kind_of_type
from engine.columns.numbers import FloatArray

Role = Literal["plain", "number", "exact", "compared", "text", "with_nan"]

EXACT_INTEGER = 2**53
"""From here on a double is not every whole number."""


@dataclass(frozen=True)
class SqlColumn:
    """A column in an expression, under a name of ours.

    Attributes:
        own_name: That name.
        name: The name that the user gave.
        role: ``plain`` as it is; ``number`` as a double; ``exact`` as a number that keeps all digits of whole ones; ``compared``
            with other columns, as texts if all are texts, else as numbers; ``text`` as Spark writes it; ``with_nan`` as a double
            that may be NaN.
        others: Names of the columns that it is compared with.
    """

    own_name: str
    name: str
    role: Role
    others: tuple[str, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> SqlColumn:
        """The same column by the names that the data has."""
        return replace(self, name=names[self.name], others=tuple(names[other] for other in self.others))


def values_of_column(column: SqlColumn, batch: BatchView) -> pa.Array:
    """The values of a column in its role, one a row; absent ones are null. NaN and infinities of a column are missing values."""
    name = _name_in(batch, column.name)
    if column.role == "text":
        return batch.texts(name)
    if column.role == "compared":
        together = [batch.array(_name_in(batch, other)) for other in (column.name, *column.others)]
        are_texts = {kind_of_type(array.type) for array in together} <= {"text", "unknown"}
        return _plain(together[0]) if are_texts else _exact(batch, name)
    return _MAKERS[column.role](batch, name)


def _name_in(batch: BatchView, name: str) -> str:
    return name if name in batch else batch.find(name) or name


def _number(batch: BatchView, name: str) -> pa.Array:
    array = batch.array(name)
    if pa.types.is_boolean(array.type):
        return array.cast(pa.int8()).cast(pa.float64())
    return _with_nulls(batch.numbers(name))


def _exact(batch: BatchView, name: str) -> pa.Array:
    array = _plain(batch.array(name))
    if pa.types.is_integer(array.type) or pa.types.is_decimal128(array.type):
        return array
    if pa.types.is_temporal(array.type):
        return array
    numbers = batch.numbers(name)
    if pa.types.is_string(array.type) and (np.abs(numbers) >= EXACT_INTEGER).any():
        texts = pc.utf8_trim_whitespace(array)
        whole = pc.match_substring_regex(texts, r"\A[+-]?\d{1,18}\z")
        if pc.all(pc.or_(whole, pa.array(np.isnan(numbers))), min_count=0).as_py():
            digits = pc.replace_substring_regex(texts, r"\A\+", "")
            return pc.if_else(whole, digits, pa.scalar(None, pa.string())).cast(pa.int64())
    return _number(batch, name)


def _with_nan(batch: BatchView, name: str) -> pa.Array:
    array = _plain(batch.array(name))
    if pa.types.is_floating(array.type):
        return array.cast(pa.float64())
    if pa.types.is_string(array.type):
        is_nan = pc.match_substring_regex(array, r"(?i)\A\s*nan\s*\z").fill_null(False)
        return pc.if_else(is_nan, pa.scalar(float("nan")), _number(batch, name))
    return _number(batch, name)


def _present(batch: BatchView, name: str) -> pa.Array:
    array = _plain(batch.array(name))
    return _with_nulls(batch.numbers(name)) if pa.types.is_floating(array.type) else array


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_dictionary(array.type):
        return _plain(array.cast(array.type.value_type))
    is_other_text = pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type)
    return array.cast(pa.string()) if is_other_text else array


def _with_nulls(numbers: FloatArray) -> pa.Array:
    return pa.array(numbers, mask=np.isnan(numbers))


_MAKERS: dict[str, Callable[[BatchView, str], pa.Array]] = {
    "plain": _present,
    "number": _number,
    "exact": _exact,
    "with_nan": _with_nan,
}
