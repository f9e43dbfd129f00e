"""Errors that a user can act on.

Every error of the engine derives from :class:`MonitorError`. Entry points print its text and exit non-zero; they never show a
traceback for it. A text says what happened, where, what was found, what is legal, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class MonitorError(Exception):
    """Something the user can put right: an input, a setting, a script, an environment."""


class ConfigurationError(MonitorError):
    """A setting is unknown, has the wrong type or contradicts another one."""

    @classmethod
    def unknown_key(cls, key: str, legal: Iterable[str], where: str) -> ConfigurationError:
        """Name an unknown key, the nearest legal one and all legal ones.

        >>> print(ConfigurationError.unknown_key("ouput", ["output", "input"], "monitor.yaml"))
        monitor.yaml: unknown key 'ouput'. Did you mean 'output'? Legal keys: input, output.
        """
        names = sorted(legal)
        nearest = difflib.get_close_matches(key, names, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        return cls(f"{where}: unknown key {key!r}.{hint} Legal keys: {', '.join(names)}.")


class NoDataError(MonitorError):
    """The input holds no files or no records."""


class DataFormatError(MonitorError):
    """A file cannot be read as the format it is said to have."""


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
