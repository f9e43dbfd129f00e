"""One typed configuration of a job: from YAML, from a command's options, from environment variables, or from Python."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from engine.config_errors import explain
from engine.config_sections import (
    ActionConfig,
    BaselineConfig,
    CloudWatchConfig,
    InputConfig,
    LearningConfig,
    Location,
    MetricConfig,
    PluginsConfig,
    RunnerConfig,
    Section,
    SegmentsConfig,
    Severity,
)
from engine.deequ.config import DeequConfig
from engine.errors import ConfigurationError
from engine.filesystems import read_text
from engine.s3.reaching import check_stores
from engine.s3.settings import S3Settings
from engine.times import parse_time
from engine.validation import shown_value
from engine.yaml_text import line_of_key, parse_yaml


def _both_documents(value: Any) -> Any:
    """A folder stands for both documents in it."""
    return {"statistics": str(value), "constraints": str(value)} if isinstance(value, str | Path) else value


def _runner_kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _by(value: Any) -> Any:
    return {"by": value} if isinstance(value, list) else value


class Config(Section):
    """Everything that a job is told."""

    input: InputConfig
    output: Location
    """Folder for the documents; local, s3:// or hdfs://."""
    baseline: Annotated[BaselineConfig | None, BeforeValidator(_both_documents)] = None
    """Folder of a baseline, or its two files as statistics and constraints. Needed by a monitoring job."""
    monitor: str = "data_quality"
    """Which monitor judges the data."""
    settings: dict[str, Any] = Field({})
    """Settings of the monitor."""
    plugins: PluginsConfig = PluginsConfig()
    metrics: list[Annotated[MetricConfig, BeforeValidator(_named)]] = Field([])
    """Metrics beside the monitor's own: names, or mappings with name and settings."""
    segments: Annotated[SegmentsConfig, BeforeValidator(_by)] = Field(SegmentsConfig(), validate_default=False)
    learning: LearningConfig = LearningConfig()
    deequ: DeequConfig = DeequConfig()
    run_id: str | None = None
    """Name of the run in metrics.parquet; null makes one from the configuration, the same for the same job."""
    runner: Annotated[RunnerConfig, BeforeValidator(_runner_kind)] = Field(RunnerConfig(), validate_default=False)
    cloudwatch: CloudWatchConfig = CloudWatchConfig()
    s3: S3Settings = S3Settings()
    actions: list[ActionConfig] = Field([])
    """What to do when there are violations: a list of mappings with action, settings and when."""
    severities: dict[str, Severity] = Field({})
    """Severities (info, warning, error) by kind of check, for actions; * and ? stand for any characters. Without one: error."""
    postprocessor: Location | None = None
    """Python file with postprocess_handler(), run after the documents are written."""
    fail_on_violation: bool = False
    """End with exit status 3 when there are violations."""
    always_write_violations: bool = False
    """Write constraint_violations.json in any case, also without a baseline, and empty for the monitors of Clarify."""
    message_file: Location | None = None
    """File for the exit message; null writes none."""

    @field_validator("actions")
    @classmethod
    def _told_apart(cls, actions: list[ActionConfig]) -> list[ActionConfig]:
        keys = [entry.key or entry.action for entry in actions]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"several entries are named {', '.join(twice)}: give each its own key")
        return actions

    @model_validator(mode="before")
    @classmethod
    def _metric_time(cls, values: Any) -> Any:
        """Stamp metrics with the start of the window unless a time is given: running again gives the same lines."""
        if not isinstance(values, Mapping):
            return values
        source, target = values.get("input"), values.get("cloudwatch") or {}
        start = source.get("start") if isinstance(source, Mapping) else None
        if isinstance(target, Mapping) and target.get("metric_time") is None:
            with suppress(ValueError):  # a start that is no time is reported where it stands
                return {**values, "cloudwatch": {**target, "metric_time": parse_time(start)}}
        return values


def load_config(path: str | Path | None, overrides: Mapping[str, Any] | None = None, where: str = "options") -> Config:
    """Read a configuration.

    Args:
        path: Path or URI of a YAML file; None for none.
        overrides: Nested values that win over the file's, as options of a command do. None leaves the file's value.
        where: Where the values come from when there is no file; errors name it.

    Raises:
        ConfigurationError: The file cannot be read, or a key or value is not allowed.
    """
    text = _read(str(path)) if path is not None else ""
    raw = _mapping(text, str(path))
    return _validated(merged(raw, overrides or {}), str(path) if path is not None else where, text)


def make_config(
    inputs: list[str],
    output: str,
    *,
    baseline: str | Mapping[str, Any] | None = None,
    runner: str | Mapping[str, Any] = "spark",
    options: Mapping[str, Any] | None = None,
) -> Config:
    """Build a configuration in Python; ``options`` are further keys, nested as in the YAML file.

    Raises:
        ConfigurationError: A key or value is not allowed.
    """
    given = {"input": {"paths": inputs}, "output": output, "baseline": baseline, "runner": runner}
    return _validated(merged(options or {}, given), "options")


def merged(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one nested mapping over another; None does not cover anything.

    >>> merged({"input": {"format": "csv"}, "output": "a"}, {"input": {"paths": ["x"]}, "output": None})
    {'input': {'format': 'csv', 'paths': ['x']}, 'output': 'a'}
    """
    result = dict(base)
    for key, value in overrides.items():
        below = result.get(key)
        if isinstance(value, Mapping):
            nested = merged(below if isinstance(below, Mapping) else _spelled_out(key, below), value)
            if nested or key not in result:
                result[key] = nested
        elif value is not None:
            result[key] = value
    return result


def _spelled_out(key: str, short: Any) -> Mapping[str, Any]:
    """The short form ``runner: inline``, as the mapping that it stands for."""
    return {"kind": short} if key == "runner" and isinstance(short, str) else {}


def _read(path: str) -> str:
    check_stores(path)
    try:
        return read_text(path)
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}: the configuration is not text in UTF-8 (byte {error.start + 1}). Save it as UTF-8."
        ) from None
    except (OSError, ValueError) as error:
        reason = "No such file" if isinstance(error, FileNotFoundError) else str(error)
        raise ConfigurationError(f"{path}: the configuration cannot be read: {reason}.") from error


def _mapping(text: str, path: str) -> Mapping[str, Any]:
    try:
        raw = parse_yaml(text)
    except ValueError as error:
        raise ConfigurationError(f"{path}: the configuration is not YAML: {error}.") from error
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise ConfigurationError(
            f"{path}: the configuration must be a mapping of keys to values; found {shown_value(raw)}. "
            "'model-monitor init' writes one to start from."
        )
    return raw


def _validated(raw: Mapping[str, Any], where: str, text: str = "") -> Config:
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigurationError(explain(error, Config, where, partial(line_of_key, text))) from error
