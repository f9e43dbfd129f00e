"""What is measured: each contender is a function of a path that reads all of it and yields the comparable statistics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from engine.config import make_config
from engine.execution.analysis import analyse
from engine.execution.inline import InlineRunner
from engine.execution.runner import Runner
from engine.execution.spark import SparkRunner
from engine.pipeline import plan_job
from engine.plugin_judgement import judge_plugins

Run = Callable[[], object]


PLUGIN_METRICS: list[Any] = [
    "drift",
    "outlier_share",
    "text_length",
    "blank_share",
    {"name": "pattern_share", "settings": {"pattern": "7"}},
    "character_classes",
    "correlations",
    {"name": "equal_columns", "settings": {"left": "integer_0", "right": "integer_1"}},
    {"name": "sum_holds", "settings": {"parts": ["integer_0", "integer_1"], "total": "integer_2"}},
    {"name": "rich", "sql": "avg(CASE WHEN double_1 > 2 AND plan = 'gold' THEN 1 ELSE 0 END)"},
]
"""Ten metrics of the bundled plugins, of columns and of whole records."""


def engine_on(runner: Runner, path: Path, metrics: Sequence[Any] = ()) -> Run:
    """This engine: all analyzers of the data quality monitor, statistics and constraints, and metrics of plugins."""
    config = make_config([str(path)], "unused", runner="inline", options={"metrics": list(metrics)})

    def run() -> object:
        plan = plan_job(config, "baseline")
        found = analyse(plan.dataset, plan.analyses, runner, lambda _: None).metrics
        statistics = plan.monitor.statistics(found)
        constraints = plan.monitor.suggest(found, statistics)
        judgement = judge_plugins(plan, found, statistics, constraints, None)
        if judgement.failures:
            raise RuntimeError(str(judgement.failures[0]))
        return judgement

    return run


def bare_scan(path: Path) -> Run:
    """Every column of every row decoded by Arrow's own dataset scanner, on all cores, and thrown away."""
    import pyarrow.dataset as ds

    return lambda: sum(batch.num_rows for batch in ds.dataset(str(path)).to_batches())


def duckdb_summarize(path: Path) -> Run:
    """DuckDB's SUMMARIZE."""
    import duckdb

    return lambda: duckdb.sql(f"SUMMARIZE SELECT * FROM read_parquet('{path}')").fetchall()


def polars_describe(path: Path) -> Run:
    """polars' describe."""
    import polars as pl

    return lambda: pl.scan_parquet(path).describe()


def spark_aggregates(session: Any, path: Path) -> Run:
    """Spark SQL: counts, mean, standard deviation, extremes and approximate distinct counts in one aggregation."""
    from pyspark.sql import functions as f

    def run() -> object:
        frame = session.read.parquet(str(path))
        wanted = []
        for name, kind in frame.dtypes:
            wanted += [f.count(name), f.approx_count_distinct(name)]
            if kind in ("double", "bigint"):
                wanted += [f.avg(name), f.sum(name), f.stddev_pop(name), f.min(name), f.max(name)]
        return frame.agg(*wanted).collect()

    return run


def deequ(session: Any, path: Path) -> Run:
    """Deequ's analyzers of the same statistics, in one run."""
    from pydeequ.analyzers import (
        AnalysisRunner,
        AnalyzerContext,
        ApproxCountDistinct,
        Completeness,
        KLLParameters,
        KLLSketch,
        Maximum,
        Mean,
        Minimum,
        StandardDeviation,
        Sum,
    )

    def run() -> object:
        frame = session.read.parquet(str(path))
        runner = AnalysisRunner(session).onData(frame)
        for name, kind in frame.dtypes:
            runner = runner.addAnalyzer(Completeness(name)).addAnalyzer(ApproxCountDistinct(name))
            if kind in ("double", "bigint"):
                for analyzer in (Mean, Sum, StandardDeviation, Minimum, Maximum):
                    runner = runner.addAnalyzer(analyzer(name))
                runner = runner.addAnalyzer(KLLSketch(name, KLLParameters(session, 2048, 0.64, 10)))
        return AnalyzerContext.successMetricsAsJson(session, runner.run())

    return run


def deequ_statistics(session: Any, path: Path) -> Run:
    """Deequ's analyzers of everything that the engine finds out: also the types of cells and the counts of categories."""
    from engine.deequ.jvm import Jvm
    from engine.deequ.profiler import profile

    return lambda: profile(Jvm(session), session.read.parquet(str(path)))


def spark_session(deequ_jar: bool = False) -> Any:
    """A local session on all cores; with Deequ's jar where asked for."""
    import os

    from pyspark.sql import SparkSession

    from engine.execution.java import ensure_java

    ensure_java()
    os.environ["SPARK_VERSION"] = "3.5"
    builder = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "8g").config("spark.ui.showConsoleProgress", "false")
    if deequ_jar:
        builder = builder.config("spark.jars.packages", "com.amazon.deequ:deequ:2.0.7-spark-3.5")
        builder = builder.config("spark.jars.excludes", "net.sourceforge.f2j:arpack_combined_all")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


DEEQU = {"Deequ: KLL, HLL, moments": deequ, "Deequ: the same statistics": deequ_statistics}


def contender(name: str, path: Path) -> tuple[AbstractContextManager[Any], Run]:
    """The context to enter before measuring, and the function to measure."""
    if name == "engine":
        runner = SparkRunner("local[*]", schedules_only=True)
        return runner, engine_on(runner, path)
    if name == "engine, 10 plugin metrics":
        runner = SparkRunner("local[*]", schedules_only=True)
        return runner, engine_on(runner, path, PLUGIN_METRICS)
    if name == "engine inline":
        return nullcontext(), engine_on(InlineRunner(), path)
    if name == "bare Arrow scan":
        return nullcontext(), bare_scan(path)
    if name == "DuckDB SUMMARIZE":
        return nullcontext(), duckdb_summarize(path)
    if name == "polars describe":
        return nullcontext(), polars_describe(path)
    session = spark_session(deequ_jar=name in DEEQU)
    return session, {**DEEQU, "Spark SQL aggregates": spark_aggregates}[name](session, path)
