"""Columns as Deequ can name them.

Deequ puts names of columns into SQL as they are: a dot or a space in one makes a whole pass fail, and backticks around it are not
taken by all of its parts. So a column whose name is no plain identifier gets a plain alias beside it, and results name it as the
user did.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.columns.addresses import list_names, match_name
from engine.deequ.errors import DeequError
from engine.deequ.jvm import Jvm
from engine.errors import DataFormatError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from engine.deequ.entries import AnalyzerConfig, CheckConfig

_Entry = TypeVar("_Entry", bound="CheckConfig | AnalyzerConfig")


class ColumnNames:
    """The columns of a frame, and aliases of those that are no plain identifiers.

    Attributes:
        columns: Names of the columns.
    """

    def __init__(self, columns: Sequence[str], is_plain: Callable[[str], bool]) -> None:
        self.columns = tuple(columns)
        self._is_plain = is_plain
        self._folded = Counter(name.casefold() for name in self.columns)
        self._aliases: dict[str, str] = {}
        self._written: dict[str, str] = {}

    @classmethod
    def of_frame(cls, jvm: Jvm, frame: DataFrame) -> ColumnNames:
        """The columns of a frame."""
        return cls(frame.columns, jvm.is_column_name)

    def find(self, written: str) -> str | None:
        """The column that a user names: exactly, without regard to case, or in backticks; None where there is none.

        Raises:
            DeequError: The name fits two columns.
        """
        try:
            found = match_name(self.columns, written)
            if found is None and re.fullmatch(r"`(?:[^`]|``)+`", written):
                found = match_name(self.columns, written[1:-1].replace("``", "`"))
        except DataFormatError as error:
            raise DeequError(str(error)) from error
        return found

    def plain(self, written: str) -> str:
        """The name to give to Deequ for what a user wrote.

        Raises:
            DeequError: It is no plain name, and names no column.
        """
        found = self.find(written)
        if found is None and not self._is_plain(written):
            raise DeequError(f"Input data does not include column {written}! Columns: {list_names(self.columns)}.")
        alias = None if found is None else self._alias(found)
        if alias is None:
            return written if found is None or not written.startswith("`") else found
        self._written[alias] = written
        return alias

    def entry(self, entry: _Entry) -> _Entry:
        """The same check or analyzer with names that Deequ can take.

        Raises:
            DeequError: A column is not there.
        """
        changes: dict[str, Any] = {}
        if entry.column is not None:
            changes["column"] = self.plain(entry.column)
        if entry.columns is not None:
            changes["columns"] = [self.plain(name) for name in entry.columns]
        arguments = entry.arguments
        if "analyzer" in arguments:
            from engine.deequ.entries import argument

            changes["arguments"] = {**arguments, "analyzer": self.entry(argument(arguments, "analyzer"))}
        return cast("_Entry", entry.model_copy(update=changes))

    def has_alias(self, names: Iterable[str]) -> bool:
        """Whether some names are aliases."""
        return any(name in self._written for name in names)

    def with_aliases(self, frame: DataFrame) -> DataFrame:
        """The frame, with the aliases as further columns at its end."""
        from pyspark.sql import functions as f

        numbered = frame.toDF(*(f"c{index}" for index in range(len(frame.columns))))  # names may differ by case alone
        own = [f.col(f"c{index}").alias(name) for index, name in enumerate(frame.columns)]
        places = {name: index for index, name in enumerate(frame.columns)}
        return numbered.select(*own, *(f.col(f"c{places[name]}").alias(alias) for name, alias in self._aliases.items()))

    def renamed(self, frame: DataFrame) -> DataFrame:
        """The frame with plain names in the place of all others."""
        aliases = {name: alias for name in self.columns if (alias := self._alias(name)) is not None}
        self._written.update((alias, name) for name, alias in aliases.items())
        return frame.toDF(*(aliases.get(name, name) for name in self.columns))

    def shown(self, text: str) -> str:
        """A text of Deequ's with the names as users wrote them in the place of aliases."""
        return _replaced(text, self._written)

    def shown_in_code(self, code: str) -> str:
        """Deequ's code with the name of its column, in backticks, in the place of an alias; values are left as they are."""
        return re.sub(r'"(\w+)"', lambda match: f'"{self._in_code(match[1])}"', code, count=1)

    def _in_code(self, name: str) -> str:
        written = self._written.get(name)
        return name if written is None else json.dumps(f"`{written.replace('`', '``')}`", ensure_ascii=False)[1:-1]

    def _alias(self, name: str) -> str | None:
        """The alias of a column, made when it is first asked for; None for one that needs none."""
        if name in self._aliases:
            return self._aliases[name]
        if self._is_plain(name) and self._folded[name.casefold()] == 1:
            return None
        alias = "_".join(re.findall(r"[A-Za-z0-9]+", name)) or "column"
        alias = alias if self._is_plain(alias) else f"c_{alias}"
        while self._folded[alias.casefold()]:
            alias += "_"
        self._folded[alias.casefold()] += 1
        self._aliases[name] = alias
        return alias


def _replaced(text: str, names: Mapping[str, str]) -> str:
    words = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda match: names[match[0]], text) if names else text
