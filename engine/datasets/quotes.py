"""Where CSV records end when quoted fields may hold line ends. Vectorised: about as fast as reading the bytes."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from functools import cache

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
        ends, still_open, _ = self.scan_records(data)
        return ends, still_open is not None

    def scan_records(self, data: bytes) -> tuple[Offsets, int | None, list[int]]:
        r"""Find record ends, and quotes that open a field and do not close it as they should.

        Returns:
            The offset after the line end of every record; the quote whose field is open at the end of the text, or None; and
            stray quotes, whose field would end on another line within its text: it would swallow what follows.

        >>> QuoteRules().scan_records(b'1,"a\n2,"b" \n3,"c\nd"\n"e')
        (array([ 5, 12, 20]), 20, [2])
        """
        breaks, quotes, strays = self._scan(data)
        return breaks + 1, _open_field(quotes), strays

    def after_last_record(self, data: bytes) -> int:
        """How many leading bytes are whole records."""
        ends, _ = self.record_ends(data)
        return int(ends[-1]) if len(ends) else 0

    def inside(self, data: bytes, places: Offsets) -> npt.NDArray[np.bool_]:
        """Which of some places lie in quoted fields."""
        inside: npt.NDArray[np.bool_] = np.searchsorted(self._scan(data)[1], places) % 2 == 1
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

    def _scan(self, data: bytes) -> tuple[Offsets, Offsets, list[int]]:
        """Line breaks outside of fields; quotes that open or close a field, alternating; and stray ones, which do neither."""
        text = np.frombuffer(data, np.uint8)
        breaks, quotes = _line_breaks(text, data), self._plain_quotes(text)
        if not len(quotes):
            return breaks, quotes, []
        opening, closing = quotes[0::2], quotes[1::2]
        starts_field = _among(self.delimiter, "\n\r").take(text.take(opening - 1))
        starts_field[0] |= opening[0] == 0
        if not starts_field.all():  # then quotes may be doubled
            starts_field[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
        outside = np.searchsorted(quotes, breaks) % 2 == 0
        if starts_field.all() and (outside.all() or self._ends_field(text, closing).all()):
            return breaks[outside], quotes, []
        quotes, strays = self._one_by_one(text, quotes, breaks)
        return breaks[np.searchsorted(quotes, breaks) % 2 == 0], quotes, strays

    def _ends_field(self, text: Text, closing: Offsets) -> npt.NDArray[np.bool_]:
        """Which closing quotes stand before what may follow a field; a quote goes on with it, and a blank is let pass."""
        following = text.take(closing + 1, mode="clip")
        ends: npt.NDArray[np.bool_] = _among(self.delimiter, self.quote, "\n\r ").take(following)
        ends[-1:] |= closing[-1:] + 1 == len(text)
        return ends

    def _one_by_one(self, text: Text, quotes: Offsets, breaks: Offsets) -> tuple[Offsets, list[int]]:
        """A quote inside an unquoted field is a plain character, and so is one that opens a field and ends none."""
        before = (ord(self.delimiter), _NEWLINE, _RETURN)
        ends = dict(zip(quotes.tolist(), self._ends_field(text, quotes).tolist(), strict=True))
        places, line_ends, index = quotes.tolist(), [*breaks.tolist(), len(text)], 0
        effective: list[int] = []
        strays: list[int] = []
        field, inside, closed = 0, False, -2  # where in the list the field began, and the last closing quote
        while index < len(places):
            quote = places[index]
            index += 1
            if inside:
                inside, closed = False, quote
                start = effective[field]
                if not ends[quote] and (line_end := line_ends[bisect(line_ends, start)]) < quote:
                    strays.append(start)
                    del effective[field:]
                    index, closed = bisect(places, line_end), -2
                    continue
            elif quote == closed + 1:
                inside = True
            elif quote == 0 or int(text[quote - 1]) in before:
                inside, field = True, len(effective)
            else:
                continue
            effective.append(quote)
        return np.array(effective, np.int64), strays


def _open_field(quotes: Offsets) -> int | None:
    """The quote that opened a field which is not closed; doubled quotes in it come after it."""
    if len(quotes) % 2 == 0:
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    begins = np.flatnonzero(opening[1:] != closing + 1)
    return int(opening[begins[-1] + 1 if len(begins) else 0])


@cache
def _among(*characters: str) -> npt.NDArray[np.bool_]:
    """For each byte whether it is one of some characters."""
    table = np.zeros(256, np.bool_)
    table[[ord(character) for character in "".join(characters)]] = True
    return table


def _line_breaks(text: Text, data: bytes) -> Offsets:
    """Where newlines are, and carriage returns that no newline follows."""
    newlines = np.flatnonzero(text == _NEWLINE)
    if b"\r" not in data:
        return newlines
    returns = np.flatnonzero(text[:-1] == _RETURN)
    alone = returns[text[returns + 1] != _NEWLINE]
    return np.sort(np.concatenate([newlines, alone])) if len(alone) else newlines
