"""Tables that pandas printed into a notebook, read back: the only form in which some real outputs are known."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

Table = dict[str, list[str]]
"""Cells by column, as they were printed."""

_ROW = re.compile(r"\d+ {2,}")
_CELLS = re.compile(r" {2,}")


@dataclass(frozen=True)
class Printed:
    """The text of a notebook's outputs."""

    text: str

    def cell(self, number: int) -> str:
        """The output of one cell of the notebook."""
        parts = re.split(r"##### cell (\d+) output\n", self.text)
        return dict(zip(parts[1::2], parts[2::2], strict=True))[str(number)]

    def table(self, number: int) -> Table:
        """The table of a cell. pandas breaks a wide one into blocks of columns."""
        columns: Table = {}
        header: list[str] = []
        for line in self.cell(number).splitlines():
            if _ROW.match(line):
                for name, cell in zip(header, _CELLS.split(line.strip())[1:], strict=True):
                    columns.setdefault(name, []).append(cell)
            elif line.startswith(" "):
                header = line.removesuffix("\\").split()
        return columns


def rows(table: Table) -> Iterator[dict[str, str]]:
    """The rows of a table."""
    for cells in zip(*table.values(), strict=True):
        yield dict(zip(table, cells, strict=True))


def agrees(value: object, printed: str) -> bool:
    """Whether a value would have been printed like this: numbers to the decimals shown, lists up to the dots.

    >>> agrees(0.4034128, "0.403413"), agrees(1000, "1000"), agrees([[1.0, 2.0]], "[[1.0, ..."), agrees(0.41, "0.403")
    (True, True, True, False)
    """
    if printed.endswith("..."):
        return str(value).startswith(printed.removesuffix("..."))
    if isinstance(value, bool | str) or not isinstance(value, int | float):
        return str(value) == printed
    decimals = len(printed.partition(".")[2])
    return math.isclose(value, float(printed), rel_tol=0, abs_tol=0.5000001 * 10.0**-decimals)
