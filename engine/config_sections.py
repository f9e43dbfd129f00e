"""The sections of the configuration. Every key is typed and says what it does; an unknown key is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ByteSize, ConfigDict, Field, field_validator, model_validator
from typing_extensions import Self

from engine.times import UtcTime, written_time


def _path_text(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, str | Path | int) and not isinstance(value, bool) else value


def _spark_text(value: Any) -> Any:
    """YAML reads ``true`` and ``4`` as what they are; Spark wants text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _index_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Location = Annotated[str, BeforeValidator(_path_text), Field(min_length=1)]
"""A local path or a URI."""

SparkValue = Annotated[str, BeforeValidator(_spark_text)]

ColumnName = Annotated[str, BeforeValidator(_index_text)]
"""A name, or an index, which YAML reads as a number."""

Character = Annotated[str, Field(min_length=1, max_length=1)]

Format = Literal["capture", "csv", "jsonl", "parquet", "table"]


class Section(BaseModel):
    """A part of the configuration: read-only, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CsvConfig(Section):
    """How CSV is written."""

    header: bool | None = None
    """Whether each file starts with a line of names; null looks at the first line. Without one, columns are _c0, _c1, ..."""
    delimiter: Character | None = None
    """Character between fields; null looks at the first lines: a comma, else a semicolon, tab or vertical bar."""
    quote: Character = '"'
    """Character around fields that hold delimiters or line ends; doubled it stands for itself."""
    escape: Character | None = None
    """Character that makes a quote after it plain; null takes a backslash where the data uses it so; the quote means none."""
    multiline: bool | Literal["auto"] = "auto"
    """Whether a quoted field may hold line ends; auto finds out before a large file is cut."""


class CaptureConfig(Section):
    """How captured requests and responses become rows."""

    parts: list[Literal["endpointInput", "endpointOutput", "batchTransformOutput", "groundTruthData"]] = Field(
        ["endpointInput", "endpointOutput"], min_length=1
    )
    """Parts of a captured record to use. Monitors that compare with labels also use groundTruthData where this key is not set."""
    output_columns_position: Literal["START", "END"] = "START"
    """Whether the columns of the response come before or after those of the request."""
    decode_base64: Literal["csv", "json", "auto"] | None = None
    """What payloads captured as BASE64 hold; null goes by their content type."""
    multi_row: Literal["zip", "first", "error"] = "zip"
    """A payload of several rows: zip it with the other part, take its first row, or count it as malformed."""
    explanations: bool = False
    """Make columns shap_<feature>__<label> of attributions in explained responses; the attribution monitor always does."""


class InputConfig(Section):
    """What to read, and how."""

    paths: Annotated[list[Location], BeforeValidator(_one_or_several), Field(min_length=1)]
    """Files, folders, globs; local, s3:// or hdfs://. For format table: names of Spark tables."""
    format: Format | None = None
    """capture, csv, jsonl, parquet or table; null looks at the first bytes."""
    csv: CsvConfig = CsvConfig()
    capture: CaptureConfig = CaptureConfig()
    json_lines: bool = True
    """One JSON object a line; false: one JSON document a file."""
    start: UtcTime | None = None
    """Start of the analysis window (inclusive), UTC."""
    end: UtcTime | None = None
    """End of the analysis window (exclusive), UTC."""
    window_filter: Literal["folder", "record", "none"] = "folder"
    """Apply the window to hour folders, to each record's inferenceTime, or not at all."""
    preprocessor: Location | None = None
    """Python file with preprocess_handler(record), run on each record."""
    exclude_features: Annotated[list[ColumnName], BeforeValidator(_one_or_several)] = Field([])
    """Columns to leave out, by name or 0-based index; in captures an index counts from the request's first column."""
    max_malformed_share: float = Field(0.1, ge=0, le=1)
    """Share of malformed records above which the job fails."""
    split_bytes: ByteSize = Field(ByteSize(64 * 1024 * 1024), gt=0)
    """Size of the parts that large files are cut into, for example 64MiB. Changes sketches, within their error."""
    names: list[str] | None = None
    """Names of columns that have none, by position; null takes the baseline's."""
    partition_columns: bool = True
    """Make columns of folders named key=value below the input, in CSV, JSON and Parquet; never in captures."""

    @field_validator("names")
    @classmethod
    def _each_once(cls, names: list[str] | None) -> list[str] | None:
        twice = sorted({name for name in names or () if (names or []).count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands there twice; of columns with one name only one would be left")
        return names

    @model_validator(mode="after")
    def _window_in_order(self) -> Self:
        if self.start and self.end and self.start >= self.end:
            raise ValueError(f"start ({written_time(self.start)}) is not before end ({written_time(self.end)})")
        return self


class BaselineConfig(Section):
    """Documents to compare with. A folder stands for both."""

    statistics: Location | None = None
    """statistics.json or its folder; null compares no distributions."""
    constraints: Location | None = None
    """constraints.json or its folder; null verifies nothing."""


class RunnerConfig(Section):
    """Where the tasks run."""

    kind: Literal["spark", "inline"] = "spark"
    """spark, or inline: one process without Java, for small data. The documents are the same."""
    master: str | None = None
    """Spark's master URL; null leaves it to spark-submit, else local[*]."""
    conf: dict[str, SparkValue] = Field({})
    """Spark settings, for example spark.executor.memory."""


class CloudWatchConfig(Section):
    """Metrics for CloudWatch."""

    enabled: bool = False
    """Publish the metrics: to a file, to CloudWatch itself, or both."""
    metrics_dir: Location | None = None
    """Folder for cloudwatch_metrics.jsonl; null writes no file."""
    put: bool | None = None
    """Send the metrics to CloudWatch (PutMetricData); null does so when there is no metrics_dir."""
    namespace: str | None = Field(None, min_length=1, max_length=255, pattern=r"^[^:]")
    """Namespace of metrics that are sent; null takes SageMaker's, such as aws/sagemaker/Endpoints/data-metrics."""
    violation_count: bool = False
    """Also publish the number of violations, as the metric violation_count."""
    endpoint: str | None = None
    """Value of the dimension Endpoint."""
    schedule: str | None = None
    """Value of the dimension MonitoringSchedule."""
    metric_time: UtcTime | None = None
    """Time of the metrics; null takes input.start, else the time of writing."""


class PluginsConfig(Section):
    """Where metrics and monitors come from, beside installed packages."""

    files: Annotated[list[Location], BeforeValidator(_one_or_several)] = Field([])
    """Python files with metrics, local, s3:// or hdfs://; their metrics run without being named under metrics."""
    strict: bool = False
    """Fail the job when a plugin fails; otherwise its metric is marked failed and everything else is written."""


class MetricConfig(Section):
    """A metric to compute beside the monitor's own. A name alone stands for one with its defaults."""

    name: str = Field(min_length=1, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    """Name of a metric of a plugin ('model-monitor plugins list' shows them), or, with sql, of this one."""
    sql: str | None = None
    """A SQL aggregate over the records, for example avg(CASE WHEN name = '' THEN 1 ELSE 0 END)."""
    key: str | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    """Name of the results, to use a metric twice with different settings; null takes its name."""
    columns: Annotated[list[str] | None, BeforeValidator(_one_or_several)] = None
    """Columns by name or pattern (* and ?); null for all that it takes. Of several entries with one key the last holds."""
    settings: dict[str, Any] = Field({})
    """Settings of the metric ('model-monitor plugins show NAME' lists them)."""
    threshold: float | None = None
    """Threshold of the suggested constraint; null leaves it to the metric."""
    worse: Literal["higher", "lower", "either"] | None = None
    """For sql: which direction is worse; null means higher."""
    learn: bool = False
    """Learn the threshold: mean and three standard deviations of the chunks of the baseline (see learning)."""


class LearningConfig(Section):
    """How the baseline is cut into chunks from which thresholds are learnt."""

    chunks: int = Field(10, ge=3)
    """Number of chunks of splits that follow each other."""
    by: Literal["split", "hour", "day"] = "split"
    """Chunks of splits, or of the hours or days in the names of folders (2026/01/31/10, dt=2026-01-31) or files."""


class SegmentsConfig(Section):
    """Slices of the data, each measured as the whole is."""

    by: list[str | list[str]] = Field([])
    """Columns (name, index or path into JSON), or SQL conditions such as "age >= 65"; a list in the list crosses several."""
    min_rows: int = Field(30, ge=1)
    """Rows below which a slice has no verdict (status not_enough_data)."""


Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From the least to the most severe."""


class WhenConfig(Section):
    """Which violations an action is told of."""

    severity: Severity = "info"
    """Least severity."""
    columns: Annotated[list[str] | None, BeforeValidator(_one_or_several)] = None
    """Columns (or metrics, for violations of a whole model) by name or pattern (* and ?); null for all."""
    kinds: Annotated[list[str] | None, BeforeValidator(_one_or_several)] = None
    """Kinds of checks (constraint_check_type) by name or pattern; null for all."""


class ActionConfig(Section):
    """What to do when there are violations."""

    action: str = Field(min_length=1)
    """Name of an action: eventbridge, sns, sagemaker_pipeline, webhook, or that of a plugin."""
    key: str | None = Field(None, min_length=1)
    """Name of this entry, to use an action twice; null takes the action's name."""
    settings: dict[str, Any] = Field({})
    """Settings of the action ('model-monitor plugins show NAME' lists them)."""
    when: WhenConfig = WhenConfig()
    tries: int = Field(4, ge=1, le=20)
    """Tries, with growing pauses; what still does not arrive stays in pending_actions.json."""
