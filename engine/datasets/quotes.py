"""Where CSV records end when quoted fields may hold line ends. Vectorised: about as fast as reading the bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True)
class QuoteRules:
    """The delimiter and the quote of a CSV dialect, one ASCII character each."""

    delimiter: str = ","
    quote: str = '"'

    def record_ends(self, data: bytes) -> tuple[Offsets, bool]:
        """Find record ends in text that starts with a record.

        Returns:
            The offset after the line end of every record, and whether a quoted field is open at the end of the text.
        """
        text = np.frombuffer(data, np.uint8)
        newlines = np.flatnonzero(text == 10)
        quotes = self._effective(text, np.flatnonzero(text == ord(self.quote)))
        if not len(quotes):
            return newlines + 1, False
        outside = np.searchsorted(quotes, newlines) % 2 == 0
        return newlines[outside] + 1, len(quotes) % 2 == 1

    def after_last_record(self, data: bytes) -> int:
        """How many leading bytes are whole records."""
        ends, _ = self.record_ends(data)
        return int(ends[-1]) if len(ends) else 0

    def _effective(self, text: npt.NDArray[np.uint8], quotes: Offsets) -> Offsets:
        """Quotes that open or close a field, alternating; a quote inside an unquoted field is a plain character."""
        opening, closing = quotes[0::2], quotes[1::2]
        starts_field = np.isin(text[opening - 1], [ord(self.delimiter), 10, 13]) | (opening == 0)
        starts_field[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
        return quotes if starts_field.all() else self._one_by_one(text, quotes)

    def _one_by_one(self, text: npt.NDArray[np.uint8], quotes: Offsets) -> Offsets:
        before = (ord(self.delimiter), 10, 13)
        effective: list[int] = []
        inside, closed = False, -2
        for quote in quotes.tolist():
            if inside:
                inside, closed = False, quote
            elif quote == 0 or quote == closed + 1 or int(text[quote - 1]) in before:
                inside = True
            else:
                continue
            effective.append(quote)
        return np.array(effective, np.int64)
