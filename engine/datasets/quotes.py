"""Where CSV records end when quoted fields may hold line ends. Vectorised: about as fast as reading the bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.datasets.escapes import escaped_quotes, normalise_escapes

Text = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

_NEWLINE, _RETURN = 10, 13


@dataclass(frozen=True)
class QuoteRules:
    r"""A CSV dialect.

    Attributes:
        delimiter: Between fields; one ASCII character.
        quote: Around fields; one ASCII character. Doubled it stands for itself.
        escape: Before a quote inside a quoted field it makes the quote a plain character, as ``\"``; empty for none.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""

    def record_ends(self, data: bytes) -> tuple[Offsets, bool]:
        """Find record ends in text that starts with a record.

        A carriage return alone ends a record, too, unless it is the last character: a newline may follow it.

        Returns:
            The offset after the line end of every record, and whether a quoted field is open at the end of the text.
        """
        text = np.frombuffer(data, np.uint8)
        breaks = _line_breaks(text, data)
        quotes = self._effective(text, self._plain_quotes(text))
        if not len(quotes):
            return breaks + 1, False
        outside = np.searchsorted(quotes, breaks) % 2 == 0
        return breaks[outside] + 1, len(quotes) % 2 == 1

    def after_last_record(self, data: bytes) -> int:
        """How many leading bytes are whole records."""
        ends, _ = self.record_ends(data)
        return int(ends[-1]) if len(ends) else 0

    def inside(self, data: bytes, places: Offsets) -> npt.NDArray[np.bool_]:
        """Which of some places lie in quoted fields."""
        text = np.frombuffer(data, np.uint8)
        inside: npt.NDArray[np.bool_] = (
            np.searchsorted(self._effective(text, self._plain_quotes(text)), places) % 2 == 1
        )
        return inside

    def unescaped(self, data: bytes) -> tuple[bytes, Offsets]:
        r"""The same records with doubled quotes in the place of escaped ones, and the offsets of the bytes left out.

        >>> QuoteRules(escape="\\").unescaped(rb'1,"say \"hi\".",C:\n')[0]
        b'1,"say ""hi"".",C:\\n'
        """
        if not self.escape or self.escape.encode() not in data:
            return data, np.empty(0, np.int64)
        return normalise_escapes(data, ord(self.escape), ord(self.quote), lambda places: self.inside(data, places))

    @property
    def without_escape(self) -> QuoteRules:
        """The dialect of what :meth:`unescaped` returns."""
        return replace(self, escape="")

    def _plain_quotes(self, text: Text) -> Offsets:
        quotes = np.flatnonzero(text == ord(self.quote))
        if not self.escape or not len(quotes):
            return quotes
        return quotes[~escaped_quotes(text, quotes, ord(self.escape))]

    def _effective(self, text: Text, quotes: Offsets) -> Offsets:
        """Quotes that open or close a field, alternating; a quote inside an unquoted field is a plain character."""
        opening, closing = quotes[0::2], quotes[1::2]
        starts_field = np.isin(text[opening - 1], [ord(self.delimiter), _NEWLINE, _RETURN]) | (opening == 0)
        starts_field[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
        return quotes if starts_field.all() else self._one_by_one(text, quotes)

    def _one_by_one(self, text: Text, quotes: Offsets) -> Offsets:
        before = (ord(self.delimiter), _NEWLINE, _RETURN)
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


def _line_breaks(text: Text, data: bytes) -> Offsets:
    """Where newlines are, and carriage returns that no newline follows."""
    newlines = np.flatnonzero(text == _NEWLINE)
    if b"\r" not in data:
        return newlines
    returns = np.flatnonzero(text[:-1] == _RETURN)
    alone = returns[text[returns + 1] != _NEWLINE]
    return np.sort(np.concatenate([newlines, alone])) if len(alone) else newlines
