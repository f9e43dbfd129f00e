"""Which files are documents of a job, and no data."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ConfigurationError
from engine.filesystems import place_of

_OF_ALL_MONITORS = ("constraint_violations.json", "metrics.parquet", "quarantine.jsonl", "states.json")


def check_input(files: Sequence[str], output: str, names: Sequence[str]) -> None:
    """Refuse what an earlier job wrote, where the output folder lies within the input.

    Args:
        files: Paths and URIs of what is to be read.
        output: The folder that the job writes to.
        names: Names of the monitor's own documents.

    Raises:
        ConfigurationError: One of the files is a document in the output folder.
    """
    folder, documents = place_of(output), {*names, *_OF_ALL_MONITORS}
    for file in files:
        parent, _, name = file.rpartition("/")
        if name in documents and place_of(parent) == folder:
            raise ConfigurationError(
                f"{file}: the input holds a document that an earlier job wrote. "
                "Name an output folder outside of the input."
            )
