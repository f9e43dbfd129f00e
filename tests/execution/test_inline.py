"""What the machine cannot read names the split and its file, and is no defect."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine.datasets.base import Fragment, Split
from engine.errors import RunnerError
from engine.execution.inline import InlineRunner


class Unreadable:
    """A task that meets an error of the machine."""

    class reader:  # noqa: N801 - stands for an attribute
        format = "csv"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, split: Split) -> bytes:
        raise self.error


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), MemoryError(), pa.ArrowInvalid("broken\nfile")])
def test_scan_error_of_the_machine_names_split_and_file(error: Exception) -> None:
    task: Any = Unreadable(error)
    splits = (Split(3, (Fragment("/data/a.csv", 0, 10, 10),)),)
    with pytest.raises(RunnerError, match=rf"Split 3 \(/data/a.csv\) cannot be read: {type(error).__name__}"):
        list(InlineRunner().scan(task, splits))
