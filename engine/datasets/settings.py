"""What a dataset is asked for: the ``input`` section of the configuration, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class CsvSettings:
    """How CSV is written.

    Attributes:
        header: Whether each file starts with names; None finds out by the first line.
        delimiter: Character between fields; None finds out by the first lines.
        quote: Character around fields that hold delimiters or line ends.
        escape: Character that makes a quote after it a plain one; None finds out, the quote itself means none.
        multiline: Whether a quoted field may hold line ends; ``auto`` scans a file that is cut for its records.
    """

    header: bool | None = None
    delimiter: str | None = None
    quote: str = '"'
    escape: str | None = None
    multiline: bool | str = "auto"


@dataclass(frozen=True)
class CaptureSettings:
    """How capture records become rows.

    Attributes:
        parts: Members of ``captureData`` to use.
        output_columns_position: ``START`` puts output columns first, ``END`` last.
        decode_base64: What BASE64 payloads hold: ``csv``, ``json``, ``auto``; None goes by the observed content type.
        multi_row: Several rows in a payload: ``zip`` them with the other part, take the ``first``, or an ``error``.
        explanations: Whether attributions in explained responses become columns.
        labels: Whether the label is used where records have one, though ``parts`` does not name it.
    """

    parts: tuple[str, ...] = ("endpointInput", "endpointOutput")
    output_columns_position: str = "START"
    decode_base64: str | None = None
    multi_row: str = "zip"
    explanations: bool = False
    labels: bool = False


@dataclass(frozen=True)
class InputSettings:
    """Everything that :func:`engine.datasets.opening.open_dataset` reads. Any object with these attributes will do."""

    paths: tuple[str, ...]
    format: str | None = None
    csv: CsvSettings = field(default_factory=CsvSettings)
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    json_lines: bool = True
    start: datetime | None = None
    end: datetime | None = None
    window_filter: str = "folder"
    preprocessor: str | None = None
    exclude_features: tuple[str, ...] = ()
    max_malformed_share: float = 0.1
    split_bytes: int = 64 * 1024 * 1024
    names: tuple[str, ...] | None = None
    partition_columns: bool = True
