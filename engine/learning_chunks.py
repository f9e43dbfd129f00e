"""The chunks of a baseline from which thresholds are learnt: runs of splits, or the hours or days that files name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from engine.analyzers.judging import FEWEST_CHUNKS
from engine.config_sections import LearningConfig
from engine.datasets.base import Dataset, Split

NO_CHUNK = -1
"""Number of a split that belongs to no chunk."""

_DATE = re.compile(
    r"(?<!\d)(\d{4})([-_/])(\d{2})\2(\d{2})(?!\d)"  # with marks between
    r"|(?<![0-9A-Za-z])(\d{4})(\d{2})(\d{2})(?!\d)"  # without: letters before it would take in parts of random names
    r"|(?<![0-9A-Za-z])(\d{4})(\d{2})(\d{2})(?=\d\d(?!\d))"  # the same with an hour
)
_KEYED_DATE = re.compile(r"\byear=(\d{4})/month=(\d{1,2})/day=(\d{1,2})(?!\d)", re.IGNORECASE)
_HOUR = re.compile(r"(?:/(\d{2})(?=/)|[-_T]?(\d{2})(?!\d))")
_KEYED_HOUR = re.compile(r"/(?:hour|hr|h)=(\d{1,2})(?=/)", re.IGNORECASE)


def divided_for_learning(dataset: Dataset, learning: LearningConfig, reopened: Callable[[int], Dataset]) -> Dataset:
    """The dataset in splits of which none belongs to two chunks, and enough of them where the data allows.

    The plan still follows from the data and the settings alone.

    Args:
        dataset: As it was planned.
        learning: The section of the configuration.
        reopened: Plans the dataset again with splits of so many bytes.
    """
    if dataset.reader.format == "table":  # Spark's partitions are not known beforehand
        return dataset
    if learning.by == "split":
        size = sum(split.length for split in dataset.splits)
        few = len(dataset.splits) < FEWEST_CHUNKS
        return reopened(max(1, -(-size // learning.chunks))) if few and size > learning.chunks else dataset
    parts = [
        tuple(fragments)
        for split in dataset.splits
        for _, fragments in groupby(split.fragments, lambda fragment: period_of(fragment.uri, learning.by))
    ]
    return replace(dataset, splits=tuple(Split(index, fragments) for index, fragments in enumerate(parts)))


def chunks_of(dataset: Dataset, learning: LearningConfig) -> list[int] | None:
    """The number of the chunk that each split belongs to; None where there are no splits that could be told apart."""
    splits, wanted = dataset.splits, learning.chunks
    if dataset.reader.format == "table":
        return None
    if learning.by == "split":
        return [index * min(wanted, len(splits)) // len(splits) for index in range(len(splits))]
    numbers: dict[str, int] = {}
    periods = [period_of(split.fragments[0].uri, learning.by) for split in splits]
    return [NO_CHUNK if period is None else numbers.setdefault(period, len(numbers)) for period in periods]


def notes_of(dataset: Dataset, learning: LearningConfig) -> dict[str, int]:
    """What is to be said about files that belong to no chunk, with their number."""
    if learning.by == "split" or dataset.reader.format == "table":
        return {}
    outside = sum(period_of(uri, learning.by) is None for uri in dataset.files)
    text = f"files that name no {learning.by} in their folder or name, from which no threshold was learnt (learning.by)"
    return {text: outside} if outside else {}


def period_of(uri: str, by: str) -> str | None:
    """The day or hour that a file's folders or name tell, the last one where there are several; None if none does.

    Folders ``2026/01/31/10``, ``year=2026/month=1/day=31/hour=10`` and ``dt=2026-01-31``, and names such as
    ``scores-20260131.csv`` are understood.

    >>> period_of("in/2026/01/31/10/a.csv", "hour"), period_of("dt=2026-01-31/a.csv", "day"), period_of("a/b.csv", "day")
    ('2026-01-31T10', '2026-01-31', None)
    """
    known = list(_days(uri))
    if not known:
        return None
    day, end = known[-1]
    if by == "day":
        return day.isoformat()
    keyed, plain = _KEYED_HOUR.search(uri, end), _HOUR.match(uri, end)
    text = keyed[1] if keyed else (plain[1] or plain[2]) if plain else None
    return f"{day.isoformat()}T{int(text):02}" if text is not None and int(text) < 24 else None


def _days(uri: str) -> Iterator[tuple[date, int]]:
    """The dates in a path, and where each ends."""
    for match in sorted([*_DATE.finditer(uri), *_KEYED_DATE.finditer(uri)], key=lambda match: match.end()):
        digits = [group for group in match.groups() if group and group.isdigit()]
        try:
            yield date(*map(int, digits)), match.end()
        except ValueError:  # digits that are no date
            continue
