"""What a JVM that we start for Spark is told: to log little, and not to compile what a scheduler does not need."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.spark_logging import quiet_logging

JAVA_OPTIONS = "spark.driver.extraJavaOptions"

QUICK = "-XX:TieredStopAtLevel=1"
"""No optimising compiler. It pays where a JVM works on rows; where one hands out tasks for a minute, it is the largest cost."""


def java_options(conf: Mapping[str, str], schedules_only: bool) -> dict[str, str]:
    """Spark's setting of the driver's options; none where there is nothing to add.

    Args:
        conf: The user's settings of Spark, whose options are kept.
        schedules_only: Whether no rows enter this JVM.

    >>> java_options({JAVA_OPTIONS: "-Dlog4j2.level=info"}, schedules_only=True)
    {'spark.driver.extraJavaOptions': '-Dlog4j2.level=info -XX:TieredStopAtLevel=1'}
    """
    given = conf.get(JAVA_OPTIONS, "")
    quick = QUICK if schedules_only and "-XX:" not in given else ""
    options = " ".join(filter(None, (given, quiet_logging(given), quick)))
    return {JAVA_OPTIONS: options} if options else {}
