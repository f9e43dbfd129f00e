"""What is done with analyzers of plugins, so that one that raises is taken out and named, and nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.analyzers.plugged import is_plugged
from engine.analyzers.state import decode_state, encode_state
from engine.foreign_code import ForeignError, call_foreign

Failures = dict[tuple[str, str], str]
"""Where an analyzer failed first, and why, by column and key; the key ``ENTIRE_COLUMN`` stands for all of a column's analyzers."""

Held = dict[str, Any]
"""Analyzers by key."""


@dataclass(frozen=True)
class Guard:
    """Calls analyzers; those of plugins may raise.

    Attributes:
        failures: Receives what was raised.
        where: Part of the data, or what is done, for messages.
    """

    failures: Failures
    where: str

    def call(self, column: str, key: str, held: Held, step: Callable[[], Any]) -> Any:
        """What a step of a plugin's analyzer gives; None if it raises, which takes the analyzer out and keeps its failure."""
        try:
            return call_foreign(step, type(held[key]).__module__)
        except ForeignError as error:
            self.failures.setdefault((column, key), f"{self.where}: {error}")
            del held[key]
            return None

    def merge(self, column: str, mine: Held, theirs: Held) -> None:
        """Take in the analyzers of a later part; they are not changed."""
        for key, analyzer in list(mine.items()):
            if key in theirs and not is_plugged(analyzer):
                analyzer.merge(theirs[key])
            elif key in theirs:
                self.call(column, key, mine, partial(analyzer.merge, theirs[key]))

    def encode(self, column: str, held: Held) -> dict[str, Any]:
        """The states of analyzers by key."""
        encoded = {}
        for key, analyzer in list(held.items()):
            if not is_plugged(analyzer):
                encoded[key] = encode_state(analyzer)
            elif (state := self.call(column, key, held, partial(encode_state, analyzer))) is not None:
                encoded[key] = state
        return encoded

    def decode(self, column: str, held: Held, states: dict[str, Any], guarded: bool) -> Held:
        """The analyzers that have a state, with it; without ``guarded`` what a plugin raises comes through."""
        decoded = {key: analyzer for key, analyzer in held.items() if key in states}
        for key, analyzer in list(decoded.items()):
            read = partial(decode_state, analyzer, states[key])
            if not (guarded and is_plugged(analyzer)):
                decoded[key] = read()
            elif (found := self.call(column, key, decoded, read)) is not None:
                decoded[key] = found
        return decoded
