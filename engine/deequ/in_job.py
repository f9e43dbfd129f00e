"""Deequ in a job: its checks and rules beside the monitor's, or its profiler instead of our analyzers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from engine.datasets.base import Dataset
from engine.deequ.failing_rows import FILE_NAME as FAILING_ROWS
from engine.deequ.frames import frame_of
from engine.deequ.profiler import profile
from engine.deequ.results import DeequResults
from engine.deequ.rules import read_rules
from engine.deequ.running import run
from engine.deequ.session import deequ_session
from engine.metrics import DatasetMetrics

if TYPE_CHECKING:
    from engine.config import Config


def check_rules(config: Config) -> None:
    """Look at the ruleset before Spark starts.

    Raises:
        ConfigurationError: It cannot be read, or is none.
    """
    if config.deequ.rules:
        read_rules(config.deequ.rules)


def deequ_results(config: Config, dataset: Dataset) -> DeequResults | None:
    """What the checks and rules of the configuration find; None where there are none.

    Uses the active Spark session, or starts one (also for the runner ``inline``: Deequ lives in Spark).

    Raises:
        DeequError: Deequ cannot be had, or gives up.
    """
    chosen = config.deequ
    if not (chosen.checks or chosen.rules or chosen.analyzers):
        return None
    with deequ_session(chosen, master=config.runner.master, conf=config.runner.conf) as jvm:
        frame = frame_of(jvm.session, dataset, chosen.text_columns, event_ids=bool(chosen.failing_rows))
        return run(jvm, frame, chosen, config.input.start)


def profiled(config: Config, dataset: Dataset, metrics: DatasetMetrics) -> DatasetMetrics:
    """The metrics with those of Deequ's analyzers in the place of ours, where the configuration wants it.

    Raises:
        DeequError: Deequ cannot be had, or gives up.
    """
    if config.deequ.profiler != "deequ":
        return metrics
    with deequ_session(config.deequ, master=config.runner.master, conf=config.runner.conf) as jvm:
        found = profile(jvm, frame_of(jvm.session, dataset, infer=False))
    columns = {name: {**metrics.columns[name], **result} for name, result in found.columns.items()}
    return dataclasses.replace(metrics, columns=columns)


def failing_rows_file(results: DeequResults | None) -> dict[str, bytes | None]:
    """The Parquet file of failing rows, where they were asked for."""
    if results is None or results.failing_rows is None:
        return {FAILING_ROWS: None}
    target = pa.BufferOutputStream()
    pq.write_table(results.failing_rows, target)
    return {FAILING_ROWS: target.getvalue().to_pybytes()}
