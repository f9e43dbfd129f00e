"""Which files are documents of a job, and no data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import ConfigurationError

WRITTEN = ("statistics.json", "constraints.json", "constraint_violations.json", "metrics.parquet", "quarantine.jsonl")
"""Documents of a job, which are no data."""


def check_input(files: Sequence[str], output: str) -> None:
    """Refuse what an earlier job wrote, where the output folder lies within the input.

    Raises:
        ConfigurationError: One of the files is a document in the output folder.
    """
    folder = output.rstrip("/") if "://" in output else str(Path(output).absolute())
    ours = {f"{folder}/{name}" for name in WRITTEN}
    found = next((file for file in files if file in ours), None)
    if found:
        raise ConfigurationError(
            f"{found}: the input holds a document that an earlier job wrote. Name an output folder outside of the input."
        )
