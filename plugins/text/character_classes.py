"""What kinds of characters texts are made of, in any script, by Unicode's general categories."""

from __future__ import annotations

import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engine import ColumnAnalyzer, ColumnView, metric

CLASSES = {"letters": "LM", "digits": "N", "spaces": "Z", "marks": "PS"}
"""Names of the classes, and the categories in each; ``marks`` are punctuation and symbols, emoji among them."""
IntArray = npt.NDArray[np.int64]
_WHITE = "\t\n\r\v\f"


def _holds(categories: str, character: str) -> bool:
    return unicodedata.category(character)[0] in categories or ("Z" in categories and character in _WHITE)


_OTHERS = len(CLASSES)
_CLASS_OF_ASCII = np.array(
    [next((i for i, found in enumerate(CLASSES.values()) if _holds(found, chr(c))), _OTHERS) for c in range(128)],
    np.uint8,
)
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
        values, cells = column.weighted
        plain = pc.string_is_ascii(values)
        chosen = plain.to_numpy(zero_copy_only=False)
        counts = _counts_of_ascii(values.filter(plain), cells[chosen])
        others, cells_of_others = values.filter(pc.invert(plain)), cells[~chosen]
        self.characters += int(counts.sum()) + int(pc.utf8_length(others).to_numpy() @ cells_of_others)
        for i, name in enumerate(CLASSES):
            found = int(counts[i])
            if len(others):
                found += int(pc.count_substring_regex(others, _EXPRESSIONS[name]).to_numpy() @ cells_of_others)
            setattr(self, name, getattr(self, name) + found)

    def result(self) -> dict[str, float] | None:
        if not self.characters:
            return None
        found = {name: getattr(self, name) / self.characters for name in CLASSES}
        return found | {"others": max(0.0, 1.0 - sum(found.values()))}


def _counts_of_ascii(texts: pa.Array, cells: IntArray) -> IntArray:
    """How many characters of each class, others last, are in texts of ASCII of which each stands for some cells."""
    if not len(texts):
        return np.zeros(_OTHERS + 1, np.int64)
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    classes = _CLASS_OF_ASCII[np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]]
    if (cells == 1).all():
        return np.array([np.count_nonzero(classes == i) for i in range(_OTHERS + 1)], np.int64)
    return np.bincount(classes, np.repeat(cells, np.diff(offsets)), minlength=_OTHERS + 1).astype(np.int64)
