"""What kinds of characters texts are made of, in any script, by Unicode's general categories."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine import ColumnAnalyzer, ColumnView, metric

CLASSES = {"letters": "LM", "digits": "N", "spaces": "Z", "marks": "PS"}
"""Names of the classes, and the categories in each; ``marks`` are punctuation and symbols, emoji among them."""
_WHITE = "\t\n\r\v\f"


def _holds(categories: str, character: str) -> bool:
    return unicodedata.category(character)[0] in categories or ("Z" in categories and character in _WHITE)


_ASCII = {name: np.array([_holds(found, chr(i)) for i in range(128)]) for name, found in CLASSES.items()}
_EXPRESSIONS = {
    name: "|".join(rf"\p{{{letter}}}" for letter in found) + (r"|[\t\n\r\v\f]" if name == "spaces" else "")
    for name, found in CLASSES.items()
}


@metric(takes="text", worse="either", tolerance=0.25, label="Shares of letters, digits, spaces and marks")
class CharacterClasses(ColumnAnalyzer):
    """Share of all characters that are letters, digits, spaces, marks (punctuation and symbols) or others, in any script."""

    characters: int = 0
    letters: int = 0
    digits: int = 0
    spaces: int = 0
    marks: int = 0

    def update(self, column: ColumnView) -> None:
        plain = pc.string_is_ascii(column.valid)
        counts = _bytes_of(column.valid.filter(plain))
        others = column.valid.filter(pc.invert(plain))
        self.characters += int(counts.sum()) + int(pc.sum(pc.utf8_length(others)).as_py() or 0)
        for name in CLASSES:
            found = int(counts[_ASCII[name]].sum())
            if len(others):
                found += int(pc.sum(pc.count_substring_regex(others, _EXPRESSIONS[name])).as_py())
            setattr(self, name, getattr(self, name) + found)

    def result(self) -> dict[str, float] | None:
        if not self.characters:
            return None
        found = {name: getattr(self, name) / self.characters for name in CLASSES}
        return found | {"others": max(0.0, 1.0 - sum(found.values()))}


def _bytes_of(texts: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How often each of the 128 characters occurs in texts of ASCII."""
    if not len(texts):
        return np.zeros(128, np.int64)
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    return np.bincount(data, minlength=128)
