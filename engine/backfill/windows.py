"""The windows of a period, as SageMaker's scheduler would cut it. All times are UTC: no day has 23 or 25 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from engine.errors import ConfigurationError

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MOST_WINDOWS = 100_000


@dataclass(frozen=True, order=True)
class Window:
    """What one execution of a schedule analyses.

    Attributes:
        at: When the schedule would have run; its reports lie in the folder of this time.
        start: First moment of the data.
        end: Moment after the data.
    """

    at: datetime
    start: datetime
    end: datetime

    @property
    def whole_hours(self) -> bool:
        """Whether the folders ``yyyy/mm/dd/hh`` of captures say exactly what belongs to the window."""
        return all(floor(moment, HOUR) == moment for moment in (self.start, self.end))

    def __str__(self) -> str:
        """The window as a log shows it."""
        return f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Timetable:
    """When executions run, and what each analyses.

    Attributes:
        begin: Start of the period.
        end: End of the period.
        every: Time between executions.
        start_offset: Start of the data relative to the execution; None is one ``every`` before it.
        end_offset: End of the data relative to the execution; None is its own time.
    """

    begin: datetime
    end: datetime
    every: timedelta
    start_offset: timedelta | None = None
    end_offset: timedelta | None = None

    def windows(self) -> list[Window]:
        """The executions of the period in order; a rest shorter than ``every`` waits for its end.

        Raises:
            ConfigurationError: The period or the length makes no windows.

        >>> ten, noon = (datetime(2026, 1, 31, hour, tzinfo=timezone.utc) for hour in (10, 12))
        >>> [str(window) for window in Timetable(ten, noon, HOUR).windows()]
        ['2026-01-31 10:00 to 2026-01-31 11:00', '2026-01-31 11:00 to 2026-01-31 12:00']
        """
        self._check()
        first = -self.every if self.start_offset is None else self.start_offset
        last = self.end_offset or timedelta()
        if first >= last:
            raise ConfigurationError(f"The window would start {first} and end {last} from its execution: not after it.")
        times = [self.begin + number * self.every for number in range(1, self._count() + 1)]
        return [Window(at, at + first, at + last) for at in times]

    def folder(self, window: Window) -> str:
        """Where reports of a window lie: ``yyyy/mm/dd/hh`` as SageMaker's, with ``/mm`` where executions need minutes.

        >>> ten = datetime(2026, 1, 31, 10, tzinfo=timezone.utc)
        >>> quarters = Timetable(ten, ten + HOUR, timedelta(minutes=15))
        >>> [quarters.folder(window) for window in quarters.windows()][-1]
        '2026/01/31/11/00'
        """
        whole = self.every % HOUR == timedelta() and floor(self.begin, HOUR) == self.begin
        return f"{window.at:%Y/%m/%d/%H}" if whole else f"{window.at:%Y/%m/%d/%H/%M}"

    def _count(self) -> int:
        return (self.end - self.begin) // self.every

    def _check(self) -> None:
        if self.every < MINUTE or self.every % MINUTE or floor(self.begin, MINUTE) != self.begin:
            raise ConfigurationError(
                f"Windows of {self.every} from {self.begin:%Y-%m-%dT%H:%M:%SZ}: they must start and end on full minutes."
            )
        if not 0 < self._count() <= MOST_WINDOWS:
            raise ConfigurationError(
                f"From {self.begin:%Y-%m-%dT%H:%MZ} to {self.end:%Y-%m-%dT%H:%MZ} there are {max(self._count(), 0):,} "
                f"windows of {self.every}; it must be 1 to {MOST_WINDOWS:,}. Check the period (UTC) and the length."
            )


def floor(moment: datetime, step: timedelta) -> datetime:
    """The last multiple of a step (counted from 1970, UTC) that is not after a moment.

    >>> floor(datetime(2026, 1, 31, 10, 44, tzinfo=timezone.utc), timedelta(minutes=15)).minute
    30
    """
    return moment - (moment - EPOCH) % step
