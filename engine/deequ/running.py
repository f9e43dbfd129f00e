"""Everything that the section ``deequ`` asks for, run on a DataFrame."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.deequ.config import DeequConfig
from engine.deequ.event_reader import EVENT_ID
from engine.deequ.failing_rows import failing_rows
from engine.deequ.jvm import Jvm
from engine.deequ.results import DeequResults
from engine.deequ.rules import evaluate_rules
from engine.deequ.verification import verify

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_ONE_AT_A_TIME = threading.Lock()
"""SQL names the data by a view of the session, which windows of a backfill share."""


def run(
    jvm: Jvm, frame: DataFrame, config: DeequConfig, moment: datetime | None = None, own: Sequence[Any] = ()
) -> DeequResults:
    """Run checks, analyzers and rules.

    A column ``eventId`` names captured records in failing rows; checks and rules do not see it.

    Args:
        jvm: From :func:`engine.deequ.session.deequ_session`.
        frame: The data; :func:`engine.deequ.frames.frame_of` makes one of a dataset.
        config: What to run.
        moment: Time of the data, for the repository; None means now.
        own: Further checks as objects of pydeequ's class Check.

    Raises:
        DeequError: Deequ gives up, or a ruleset cannot be parsed.
        ConfigurationError: A file of rules cannot be read.
    """
    with _ONE_AT_A_TIME:
        return _run(jvm, frame, config, moment, own)


def _run(jvm: Jvm, frame: DataFrame, config: DeequConfig, moment: datetime | None, own: Sequence[Any]) -> DeequResults:
    data = frame.drop(EVENT_ID).persist()
    try:
        found = DeequResults()
        if config.checks or config.analyzers or own:
            verified = verify(jvm, data, config, moment, own)
            found = DeequResults(verified.outcomes, verified.metrics, failures=verified.failures)
            if config.failing_rows:
                found.failing_rows = failing_rows(jvm, frame, verified, config.failing_rows)
        if config.rules:
            found.outcomes += evaluate_rules(jvm, data, config.rules)
        return found
    finally:
        data.unpersist()
