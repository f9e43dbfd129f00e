"""Clarify's way to describe a job: a file ``analysis_config.json`` and fixed folders instead of variables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ConfigurationError
from engine.json_text import parse_json

CONFIG = "processing/input/config/analysis_config.json"
DATA = "processing/input/data"
OUTPUT = "processing/output"
_FORMATS: dict[str, dict[str, Any]] = {
    "text/csv": {"format": "csv"},
    "application/jsonlines": {"format": "jsonl"},
    "application/json": {"format": "jsonl", "json_lines": False},
    "application/x-parquet": {"format": "parquet"},
    "application/sagemakercapturejson": {"format": "capture"},
}


@dataclass(frozen=True)
class AnalysisFile:
    """The file.

    Attributes:
        path: Where it is.
        keys: What it holds.
    """

    path: Path
    keys: dict[str, Any]

    @classmethod
    def found(cls, root: Path) -> AnalysisFile | None:
        """The file of a container; None where there is none.

        Raises:
            ConfigurationError: It is not a JSON object.
        """
        path = root / CONFIG
        if not path.is_file():
            return None
        try:
            keys = parse_json(path.read_bytes())
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.") from None
        except ValueError as error:
            raise ConfigurationError(f"{path} is not JSON: {error}.") from None
        if not isinstance(keys, dict):
            raise ConfigurationError(f"{path} holds a {type(keys).__name__}; an object is allowed.")
        return cls(path, keys)

    @property
    def monitor(self) -> str:
        """Attribution, where a method explains and no facet is named; else bias."""
        methods = self.keys.get("methods")
        return "attribution" if isinstance(methods, dict) and "shap" in methods and "facet" not in self.keys else "bias"

    def input_keys(self) -> dict[str, Any]:
        """Keys of the configuration's section ``input``. Headers of a CSV file are given because it has none of its own."""
        if self.keys.get("dataset_type") is None:
            return {}
        kind = str(self.keys["dataset_type"]).lower()
        if kind not in _FORMATS:
            raise ConfigurationError(
                f"{self.path}: dataset_type is {self.keys['dataset_type']!r}; allowed: {', '.join(_FORMATS)}."
            )
        headers = self.keys.get("headers")
        named = {"names": headers, "csv": {"header": False}} if kind == "text/csv" and headers else {}
        return {**_FORMATS[kind], **named}
