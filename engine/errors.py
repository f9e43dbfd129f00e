"""Errors that a user can act on.

Every error of the engine derives from :class:`MonitorError`. Entry points print its text and exit non-zero; they never show a
traceback for it. A text says what happened, where, what was found, what is allowed, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.redaction import redacted


class MonitorError(Exception):
    """Something the user can put right: an input, a setting, a script, an environment. Its text never holds credentials."""

    def __str__(self) -> str:
        return redacted(super().__str__())


class ConfigurationError(MonitorError):
    """A setting is unknown, has the wrong type or contradicts another one."""

    @classmethod
    def unknown_key(cls, key: str, allowed: Iterable[str], where: str) -> ConfigurationError:
        """Name an unknown key, the nearest one that is known, and all that are.

        >>> print(ConfigurationError.unknown_key("ouput", ["output", "input"], "monitor.yaml"))
        monitor.yaml: unknown key 'ouput'. Did you mean 'output'? Allowed keys: input, output.
        """
        names = sorted(allowed)
        return cls(f"{where}: unknown key {key!r}.{_nearest(key, names)} Allowed keys: {', '.join(names) or 'none'}.")

    @classmethod
    def unknown_name(cls, kind: str, name: str, allowed: Iterable[str]) -> ConfigurationError:
        """Name a value that names nothing: a monitor, a metric, an action.

        >>> print(ConfigurationError.unknown_name("monitor", "model_qualty", ["data_quality", "model_quality"]))
        there is no monitor 'model_qualty'. Did you mean 'model_quality'? Allowed: data_quality, model_quality.
        """
        names = sorted(allowed)
        return cls(f"there is no {kind} {name!r}.{_nearest(name, names)} Allowed: {', '.join(names) or 'none'}.")


def _nearest(name: str, names: list[str]) -> str:
    nearest = difflib.get_close_matches(name, names, n=1)
    return f" Did you mean {nearest[0]!r}?" if nearest else ""


class NoDataError(MonitorError):
    """The input holds no files or no records."""


class DataFormatError(MonitorError):
    """A file cannot be read as the format it is said to have."""


class InputChangedError(MonitorError):
    """A file is not as it was when the job was planned: shorter, longer, or no file any more."""


class TooManyMalformedRecordsError(MonitorError):
    """More records were quarantined than the configured share allows."""


class UserScriptError(MonitorError):
    """A record preprocessor or post-processor raised. The text carries the script's own traceback."""


class BaselineError(MonitorError):
    """A baseline document is missing or cannot be read."""


class PluginError(MonitorError):
    """A plugin fails to import, declares nonsense or clashes with another one."""


class RunnerError(MonitorError):
    """The runner (Spark, Java) cannot be started."""


class StoreError(MonitorError):
    """A store (S3) refuses a request, or stays unreachable after all tries."""


class DeliveryError(MonitorError):
    """Metrics or an action did not arrive. The documents are written; it can be tried again."""


class RefusedError(DeliveryError):
    """The receiver will not take it: trying again is of no use."""


class StoppedError(MonitorError):
    """The job was asked to stop (SIGTERM, Ctrl-C)."""
