"""The environment variables of a SageMaker processing job, as a configuration. Unknown variables are never an error."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import Config, load_config
from engine.errors import ConfigurationError
from engine.json_text import parse_json
from engine.pipeline import Kind
from engine.times import parse_time
from jobs.clarify_environment import DATA, OUTPUT, AnalysisFile
from jobs.dataset_format import input_keys
from jobs.switches import parse_switch

ML_ROOT = "/opt/ml"
_QUALITY = (
    "problem_type",
    "ground_truth_attribute",
    "inference_attribute",
    "probability_attribute",
    "probability_threshold_attribute",
)
"""Variables of the model quality monitor, which are its settings, too."""
_MONITORS = {
    "dataquality": "data_quality",
    "modelquality": "model_quality",
    "modelbias": "bias",
    "modelexplainability": "attribution",
}
"""Our monitors by the platform's words."""
_ATTRIBUTES = ("features_attribute", "inference_attribute", "probability_attribute", "probability_threshold_attribute")
"""Variables of these monitors."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Container:
    """The container's folders and variables.

    Attributes:
        root: What stands for ``/opt/ml``.
        variables: All variables; paths under ``/opt/ml`` are moved under ``root``.
    """

    root: Path
    variables: Mapping[str, str]

    @property
    def message_file(self) -> Path:
        """Where the exit message goes."""
        return self.root / "output" / "message"

    @property
    def metrics_dir(self) -> Path:
        """Where metrics are collected from."""
        return self.root / "output" / "metrics" / "cloudwatch"

    @property
    def kind(self) -> Kind:
        """Without constraints there is nothing to verify: the job is a baseline."""
        return "monitor" if self._get("baseline_constraints") else "baseline"

    def configuration(self) -> Config:
        """The job's configuration.

        Raises:
            ConfigurationError: A variable is missing or wrong; the text names it.
        """
        keys = self._sections() | {"settings": self._settings(), "runner": self._runner()}
        return load_config(self._get("MONITOR_CONFIG"), keys, "environment variables")

    def _sections(self) -> dict[str, Any]:
        return {
            "input": self._input(),
            "output": self._place("output_path", OUTPUT),
            "baseline": self._baseline(),
            "monitor": self._monitor(),
            "cloudwatch": self._cloudwatch(),
            "postprocessor": self._get("post_analytics_processor_script"),
            "fail_on_violation": self._true("MONITOR_FAIL_ON_VIOLATIONS"),
            "always_write_violations": self._true("MONITOR_ALWAYS_WRITE_VIOLATIONS"),
            "message_file": str(self.message_file),
        }

    @property
    def _analysis(self) -> AnalysisFile | None:
        """Clarify's configuration, which its monitors have instead of variables."""
        return AnalysisFile.found(self.root)

    def _monitor(self) -> str:
        word = self._get("analysis_type")
        if word is None:
            return self._analysis.monitor if self._analysis is not None else "data_quality"
        plain = word.lower().replace("_", "").replace("-", "").replace(" ", "")  # DataQuality is how the API writes it
        return _MONITORS.get(plain, word.lower())

    def _input(self) -> dict[str, Any]:
        excluded = [part.strip() for part in (self._get("exclude_features_attribute") or "").split(",")]
        return {
            "paths": [self._place("dataset_source", DATA)],
            "start": self._time("start_time"),
            "end": self._time("end_time"),
            "preprocessor": self._get("record_preprocessor_script"),
            "exclude_features": [part for part in excluded if part],
            **(
                input_keys(self._get("dataset_format") or "") or (self._analysis.input_keys() if self._analysis else {})
            ),
        }

    def _baseline(self) -> dict[str, str | None] | None:
        constraints = self._get("baseline_constraints")
        if constraints is None and self._get("baseline_statistics"):
            _LOG.warning("baseline_statistics is not used without baseline_constraints: this is a baseline job")
        return {"constraints": constraints, "statistics": self._get("baseline_statistics")} if constraints else None

    def _cloudwatch(self) -> dict[str, Any]:
        return {
            "enabled": self._true("publish_cloudwatch_metrics", "Enabled and Disabled") or None,
            "metrics_dir": str(self.metrics_dir),
            "put": self._true("MONITOR_PUT_METRICS"),
            "endpoint": self._get("sagemaker_endpoint_name"),
            "schedule": self._get("sagemaker_monitoring_schedule_name"),
            "metric_time": self._time("metric_time"),
        }

    def _settings(self) -> dict[str, Any]:
        if self._monitor() == "model_quality":
            return {name: self._get(name) for name in _QUALITY if self._get(name) is not None}
        if self._monitor() in ("bias", "attribution"):
            given = {name: self._get(name) for name in _ATTRIBUTES if self._get(name) is not None}
            return given | ({"analysis_config": str(self._analysis.path)} if self._analysis else {})
        method = self._get("categorical_drift_method")
        if method is None:
            return {}
        allowed = {"linfinity": "LInfinity", "chisquared": "ChiSquared"}
        if method.lower() not in allowed:
            raise ConfigurationError(f"categorical_drift_method is {method!r}; allowed: LInfinity and ChiSquared.")
        return {"categorical_drift_method": allowed[method.lower()]}

    def _runner(self) -> dict[str, Any]:
        return {"kind": (self._get("MONITOR_RUNNER") or "").lower() or None, "master": self._get("MONITOR_MASTER")}

    def _true(self, name: str, words: str = "true and false") -> bool | None:
        return parse_switch(name, self._get(name), words)

    def _time(self, name: str) -> Any:
        try:
            return parse_time(self._get(name))
        except ValueError as error:
            raise ConfigurationError(f"The environment variable {name} is {error}.") from None

    def _place(self, name: str, usual: str) -> str:
        """A folder: that of the variable, or where Clarify's jobs have it."""
        if self._get(name) is None and self._analysis is not None:
            return str(self.root / usual)
        return self._required(name)

    def _required(self, name: str) -> str:
        value = self._get(name)
        if value is None:
            raise ConfigurationError(
                f"The environment variable {name} is not set; a processing job must name the folder in it."
            )
        return value

    def _get(self, name: str) -> str | None:
        return (self.variables.get(name) or "").strip() or None


def container(environ: Mapping[str, str]) -> Container:
    """The container that a process runs in.

    Variables that are not set are taken from the job description (``config/processingjobconfig.json``).
    ``OPT_ML_ROOT`` names a folder that stands for ``/opt/ml``.
    """
    root = Path(environ.get("OPT_ML_ROOT") or ML_ROOT)
    described = _described(root / "config" / "processingjobconfig.json")
    return Container(root, {name: _moved(value, root) for name, value in {**described, **environ}.items()})


def _described(path: Path) -> dict[str, str]:
    try:
        found = parse_json(path.read_bytes()).get("Environment") or {}
        return {str(name): str(value) for name, value in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        _LOG.warning("%s is not used: %s", path, error)
        return {}


def _moved(value: str, root: Path) -> str:
    if value == ML_ROOT or value.startswith(f"{ML_ROOT}/"):
        return str(root) + value[len(ML_ROOT) :]
    return value
