"""What is worth saying about a pass over groups: listed groups that do not occur, and groups without a rest."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.bias.report import Entry


def collect_notes(entries: Iterable[Entry]) -> dict[str, int]:
    """Return what is worth saying of the groups, and how often."""
    notes: dict[str, int] = {}
    for entry in entries:
        named = f"facet {entry.facet}: {{}} {entry.shown} (value_or_threshold): metrics that compare it with the rest are null"
        if not entry.counts.d.rows:
            notes[named.format("no row has the value")] = 1
        elif not entry.counts.a.rows:
            notes[named.format("every row has the value")] = 1
    return notes
