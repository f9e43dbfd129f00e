"""The baseline: the statistics and constraints that new data is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pyarrow import fs

from engine.documents.constraints import Constraints
from engine.documents.document import Document
from engine.documents.statistics import Statistics
from engine.errors import BaselineError

StatisticsT = TypeVar("StatisticsT", bound=Document)
ConstraintsT = TypeVar("ConstraintsT", bound=Document)
DocumentT = TypeVar("DocumentT", bound=Document)


@dataclass(frozen=True)
class Baseline(Generic[StatisticsT, ConstraintsT]):
    """Documents of a baseline.

    Attributes:
        statistics: None where only constraints were given; then nothing is compared by distribution.
        constraints: None where only statistics were given; then nothing is verified.
    """

    statistics: StatisticsT | None = None
    constraints: ConstraintsT | None = None


DataQualityBaseline = Baseline[Statistics, Constraints]


def load_data_quality(statistics: str | None, constraints: str | None) -> DataQualityBaseline:
    """Read the baseline of the data quality monitor.

    Args:
        statistics: Path or URI of the file, or of a folder that holds it as ``statistics.json``; None for none.
        constraints: The same for ``constraints.json``.

    Raises:
        BaselineError: A file is missing or broken.
    """
    return Baseline(
        read_document(Statistics, statistics, "statistics.json") if statistics else None,
        read_document(Constraints, constraints, "constraints.json") if constraints else None,
    )


def read_document(kind: type[DocumentT], where: str, file_name: str) -> DocumentT:
    """Read a document from a path or URI; a folder stands for ``file_name`` in it.

    Raises:
        BaselineError: The file is missing or broken.
    """
    try:
        system, path = fs.FileSystem.from_uri(where) if "://" in where else (fs.LocalFileSystem(), str(Path(where)))
        if system.get_file_info(path).type == fs.FileType.Directory:
            path, where = f"{path.rstrip('/')}/{file_name}", f"{where.rstrip('/')}/{file_name}"
        with system.open_input_stream(path) as stream:
            text = stream.read()
    except (OSError, ValueError) as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise BaselineError(
            f"{where}: the baseline document {file_name} cannot be read: {reason}. "
            "Give the path of the file or of its folder, or make a baseline first."
        ) from None
    return kind.parse(text, where)
