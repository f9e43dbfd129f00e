"""The metrics of bias, row by row from their definitions: no counts, no arrays, nothing shared with the plugin."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A record: whether it is of the disadvantaged group, its label and prediction, and the value of the group variable."""

    d: bool
    y: bool
    p: bool
    g: str | None


Rows = Sequence[Row]


class UndefinedError(Exception):
    """The metric does not exist for these rows."""


def _share(rows: Rows, holds: Callable[[Row], bool], of: Callable[[Row], bool]) -> float:
    whole = [row for row in rows if of(row)]
    return _ratio(sum(1 for row in whole if holds(row)), len(whole))


def _ratio(part: float, whole: float) -> float:
    if whole:
        return part / whole
    return 0.0 if not part else math.inf


def _minus(x: float, y: float) -> float:
    return 0.0 if x == y == math.inf else x - y


def _count(rows: Rows, holds: Callable[[Row], bool]) -> int:
    return len([row for row in rows if holds(row)])


def _classes(a: Rows, d: Rows) -> list[tuple[float, float]]:
    found = []
    for value in (False, True):
        pair = tuple(_count(rows, lambda row, v=value: row.y == v) / len(rows) for rows in (a, d))  # type: ignore[misc]
        if pair[0] > 0 and pair[1] > 0:
            found.append((pair[0], pair[1]))
    if not found:
        raise UndefinedError
    return found


def _disparity(rows: Rows, positive: Callable[[Row], bool]) -> float:
    known = [row for row in rows if row.g is not None]
    if not known or not any(map(positive, known)) or all(map(positive, known)):
        raise UndefinedError
    total = 0.0
    for group in {row.g for row in known}:
        members = [row for row in known if row.g == group]
        accepted = _share(members, lambda row: row.d, positive)
        rejected = _share(members, lambda row: row.d, lambda row: not positive(row))
        total += len(members) * (rejected - accepted)
    return total / len(known)


def metrics(rows: Rows) -> dict[str, float | None]:
    """All metrics but FT; None where one is undefined."""
    found: dict[str, float | None] = {}
    for name, formula in FORMULAS.items():
        a, d = [row for row in rows if not row.d], [row for row in rows if row.d]
        try:
            found[name] = formula(a, d) if (a and d) or name in ("GE", "CDDL", "CDDPL") else None
        except UndefinedError:
            found[name] = None
    return found


def _kl(pairs: list[tuple[float, float]]) -> float:
    return sum(p * math.log(p / q) for p, q in pairs)


def _js(a: Rows, d: Rows) -> float:
    pairs = _classes(a, d)
    return sum(0.5 * _kl([(pair[i], sum(pair) / 2) for pair in pairs]) for i in (0, 1))


def _entropy(a: Rows, d: Rows) -> float:
    benefits = [int(row.p) - int(row.y) + 1 for row in (*a, *d)]
    mean = sum(benefits) / len(benefits)
    if not mean:
        raise UndefinedError
    return sum((b / mean) ** 2 - 1 for b in benefits) / (2 * len(benefits))


def _rate(rows: Rows, holds: Callable[[Row], bool], of: Callable[[Row], bool]) -> float:
    return _ratio(_count(rows, holds), _count(rows, of))


FORMULAS: dict[str, Callable[[Rows, Rows], float]] = {
    "CDDL": lambda a, d: _disparity([*a, *d], lambda r: r.y),
    "CI": lambda a, d: (len(a) - len(d)) / (len(a) + len(d)),
    "DPL": lambda a, d: _share(a, lambda r: r.y, lambda _: True) - _share(d, lambda r: r.y, lambda _: True),
    "JS": _js,
    "KL": lambda a, d: _kl(_classes(a, d)),
    "KS": lambda a, d: max(abs(p - q) for p, q in _classes(a, d)),
    "LP": lambda a, d: math.sqrt(sum((p - q) ** 2 for p, q in _classes(a, d))),
    "TVD": lambda a, d: sum(abs(p - q) for p, q in _classes(a, d)) / 2,
    "AD": lambda a, d: (
        _share(a, lambda r: r.y == r.p, lambda _: True) - _share(d, lambda r: r.y == r.p, lambda _: True)
    ),
    "CDDPL": lambda a, d: _disparity([*a, *d], lambda r: r.p),
    "DAR": lambda a, d: _share(a, lambda r: r.y, lambda r: r.p) - _share(d, lambda r: r.y, lambda r: r.p),
    "DCA": lambda a, d: _minus(_rate(a, lambda r: r.y, lambda r: r.p), _rate(d, lambda r: r.y, lambda r: r.p)),
    "DCR": lambda a, d: _minus(
        _rate(d, lambda r: not r.y, lambda r: not r.p), _rate(a, lambda r: not r.y, lambda r: not r.p)
    ),
    "DI": lambda a, d: _ratio(_share(d, lambda r: r.p, lambda _: True), _share(a, lambda r: r.p, lambda _: True)),
    "DPPL": lambda a, d: _share(a, lambda r: r.p, lambda _: True) - _share(d, lambda r: r.p, lambda _: True),
    "DRR": lambda a, d: (
        _share(d, lambda r: not r.y, lambda r: not r.p) - _share(a, lambda r: not r.y, lambda r: not r.p)
    ),
    "GE": _entropy,
    "RD": lambda a, d: _share(a, lambda r: r.p, lambda r: r.y) - _share(d, lambda r: r.p, lambda r: r.y),
    "SD": lambda a, d: (
        _share(d, lambda r: not r.p, lambda r: not r.y) - _share(a, lambda r: not r.p, lambda r: not r.y)
    ),
    "TE": lambda a, d: _minus(*(_rate(x, lambda r: r.y and not r.p, lambda r: r.p and not r.y) for x in (d, a))),
}
