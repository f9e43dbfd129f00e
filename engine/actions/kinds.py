"""Kinds of checks, as ``constraint_check_type`` names them, and patterns that mean none of them."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator
from fnmatch import fnmatchcase

from engine.config import Config

KINDS = (
    "baseline_drift_check",
    "bias_drift_check",
    "categorical_values_check",
    "completeness_check",
    "data_type_check",
    "deequ_check",
    "dqdl_rule",
    "deequ_warning",
    "extra_column_check",
    "feature_attribution_drift_check",
    "is_non_negative_check",
    "metric_check",
    "missing_column_check",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "OutsideThresholds",
)
"""Of the monitors that come with the engine; the last three are those of model quality."""

_LOG = logging.getLogger(__name__)


def warn_of_unknown_kinds(config: Config) -> None:
    """Warn of patterns that match no known kind: an action would wait for it for ever. A plugin may have kinds of its own."""
    for key, pattern in _patterns(config):
        if any(fnmatchcase(kind, pattern) for kind in KINDS):
            continue
        nearest = difflib.get_close_matches(pattern, KINDS, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        _LOG.warning(
            "%s: %r matches no kind of check that the engine or its plugins have.%s They are: %s",
            key, pattern, hint, ", ".join(KINDS),
        )  # fmt: skip


def _patterns(config: Config) -> Iterator[tuple[str, str]]:
    for pattern in config.severities:
        yield "severities", pattern
    for entry in config.actions:
        for pattern in entry.when.kinds or ():
            yield f"actions, when.kinds of {entry.key or entry.action}", pattern
