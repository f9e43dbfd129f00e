"""The baseline: the statistics and constraints that new data is compared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic

from pyarrow import fs
from typing_extensions import Self, TypeVar

from engine.documents.constraints import Constraints
from engine.documents.document import Document
from engine.documents.statistics import Statistics
from engine.errors import BaselineError
from engine.filesystems import place_of, resolve
from engine.metrics import DatasetMetrics

StatisticsT = TypeVar("StatisticsT", bound=Document, default=Statistics)
ConstraintsT = TypeVar("ConstraintsT", bound=Document, default=Constraints)
DocumentT = TypeVar("DocumentT", bound=Document)


@dataclass(frozen=True)
class Baseline(Generic[StatisticsT, ConstraintsT]):
    """Documents of a baseline.

    Attributes:
        statistics: None where only constraints were given; then nothing is compared by distribution.
        constraints: None where only statistics were given; then nothing is verified.
        slices: Metrics of the baseline's slices by label, as far as its job kept them.
    """

    statistics: StatisticsT | None = None
    constraints: ConstraintsT | None = None
    slices: Mapping[str, DatasetMetrics] = field(default_factory=dict)

    @cached_property
    def statistics_by_name(self) -> Mapping[str, Any]:
        """Statistics of columns; empty where the document is about no columns."""
        return self.statistics.by_name() if isinstance(self.statistics, Statistics) else {}

    @cached_property
    def constraints_by_name(self) -> Mapping[str, Any]:
        """Constraints of columns; empty where the document is about no columns."""
        return self.constraints.by_name() if isinstance(self.constraints, Constraints) else {}

    def without(self, names: Collection[str]) -> Self:
        """The baseline without columns that a job leaves out: excluded is not missing."""
        kept: dict[str, Any] = {}
        for key, document in (("statistics", self.statistics), ("constraints", self.constraints)):
            if isinstance(document, Statistics | Constraints):
                features = [feature for feature in document.features if feature.name not in names]
                kept[key] = document.model_copy(update={"features": features})
        return replace(self, **kept)


def load_baseline(
    where: Any,
    statistics_kind: type[Document] = Statistics,
    constraints_kind: type[Document] = Constraints,
    files: tuple[str, str] = ("statistics.json", "constraints.json"),
) -> Baseline[Any, Any]:
    """Read the documents of a baseline.

    Args:
        where: Path or URI of the folder that holds ``statistics.json`` and ``constraints.json``; or an object or
            mapping with their paths as ``statistics`` and ``constraints``, of which one may be None.
        statistics_kind: Model of the statistics.
        constraints_kind: Model of the constraints.
        files: Names of the two in a folder.

    Raises:
        BaselineError: No place is given, or a file is missing or broken.
    """
    statistics, constraints = _places(where)
    if statistics is None and constraints is None:
        raise BaselineError(
            "baseline: no place is given. Name the folder with statistics.json and constraints.json, "
            "or the paths of the files."
        )
    if statistics == constraints and files[0] != files[1]:
        _check_folder(str(statistics), files)
    return Baseline(
        read_document(statistics_kind, statistics, files[0]) if statistics else None,
        read_document(constraints_kind, constraints, files[1]) if constraints else None,
    )


def check_output(where: Any, output: str, files: tuple[str, str] = ("statistics.json", "constraints.json")) -> None:
    """Refuse to write where the baseline lies: its documents, perhaps edited by hand, would be replaced.

    Raises:
        BaselineError: A document of the baseline is one that the job will write.
    """
    folder = place_of(output)
    for place, name in zip(_places(where), files, strict=True):
        if place and place_of(place) in (folder, f"{folder}/{name}"):
            raise BaselineError(
                f"{output}: the output folder is that of the baseline, whose {name} would be replaced. "
                "Name another folder with --output."
            )


def _places(where: Any) -> tuple[str | None, str | None]:
    if where is None or isinstance(where, (str, Path)):
        folder = None if where is None else str(where)
        return folder, folder
    named = where if isinstance(where, Mapping) else vars(where)
    statistics, constraints = named.get("statistics"), named.get("constraints")
    return (str(statistics) if statistics else None), (str(constraints) if constraints else None)


def _check_folder(where: str, files: tuple[str, str]) -> None:
    """Refuse a file in the place of the folder of both documents: it would be read as each of them."""
    system, path = resolve(where)
    if system.get_file_info(path).type == fs.FileType.File:
        raise BaselineError(
            f"{where}: this is a file. Name the folder that holds {files[0]} and {files[1]}; "
            "in a configuration, baseline.statistics and baseline.constraints name the files one by one."
        )


def read_document(kind: type[DocumentT], where: str, file_name: str) -> DocumentT:
    """Read a document from a path or URI; a folder stands for ``file_name`` in it.

    Raises:
        BaselineError: The file is missing or broken.
    """
    try:
        system, path = resolve(where)
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
