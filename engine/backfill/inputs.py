"""Which files belong to which window: the input is listed once, and not again for each of its windows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from engine.backfill.windows import HOUR, Window, floor
from engine.config import Config
from engine.datasets.detection import detect
from engine.datasets.discovery import discover, hour_of
from engine.datasets.listing import SourceFile
from engine.errors import ConfigurationError

WindowFilter = Literal["folder", "record", "none"]


class WindowedInput:
    """The files of an input by the hour of their folders."""

    def __init__(self, config: Config, windows: Sequence[Window]) -> None:
        if config.input.format == "table":
            raise ConfigurationError(
                "A backfill cuts files by their hours, and input.format is table. Run 'model-monitor run' for each part."
            )
        start, end = min(window.start for window in windows), max(window.end for window in windows)
        files = discover(config.input.paths, start, end)
        self._hours: dict[datetime, list[SourceFile]] = {}
        self._undated: list[SourceFile] = []
        for file in files:
            hour = hour_of(file.uri)
            (self._undated if hour is None else self._hours.setdefault(hour, [])).append(file)
        self.filter = self._filter(config, files, windows)

    def paths(self, window: Window) -> list[str]:
        """Folders and files to read for a window; empty when there are none."""
        folders = {file.uri.rpartition("/")[0] for file in self._of_hours(window)}
        return [*sorted(folders), *(file.uri for file in self._undated)]

    def fingerprint(self, window: Window) -> str:
        """Changes when files come or grow."""
        found = [(file.uri, file.size) for file in (*self._of_hours(window), *self._undated)]
        return hashlib.sha256(repr(found).encode()).hexdigest()

    def _of_hours(self, window: Window) -> Iterator[SourceFile]:
        hour = floor(window.start, HOUR)
        while hour < window.end:
            yield from self._hours.get(hour, ())
            hour += HOUR

    def _filter(self, config: Config, files: Sequence[SourceFile], windows: Iterable[Window]) -> WindowFilter:
        """By records where folders are too coarse, or where there are none.

        Raises:
            ConfigurationError: The records carry no time.
        """
        if not self._undated and all(window.whole_hours for window in windows):
            return config.input.window_filter
        known = config.input.format or detect(next(file.uri for file in files if file.size)).format
        if known == "capture" and not config.input.preprocessor:
            return "record"
        reason = (
            f"the file {self._undated[0].uri} lies in no such folder"
            if self._undated
            else "the windows end within hours"
        )
        raise ConfigurationError(
            f"Records can only be told apart by folders yyyy/mm/dd/hh, but {reason}. Within an hour, only captures read "
            "without a preprocessor are told apart, by their inferenceTime. Use windows of whole hours and hour folders."
        )
