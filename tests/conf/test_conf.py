"""The files under ``conf``: Spark starts silently with ours, and every line of the example is explained."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.execution.java import ensure_java

CONF = Path(__file__).resolve().parents[2] / "conf"

START = """
import sys
from pyspark.sql import SparkSession

options = f"-Dlog4j2.configurationFile=file:{sys.argv[1]}"
session = SparkSession.builder.master("local[1]").config("spark.driver.extraJavaOptions", options)
session = session.config("spark.ui.showConsoleProgress", "false").getOrCreate()
assert session.sparkContext.parallelize([1, 2], 1).sum() == 3
logger = session._jvm.org.apache.logging.log4j.LogManager.getLogger("check")
logger.warn("a warning")
logger.error("an error")
session.stop()
"""


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_starts_silently_and_still_tells_errors() -> None:
    ensure_java()
    command = [sys.executable, "-W", "ignore", "-c", START, str(CONF / "log4j2.properties")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    # The JVM itself may say that it uses the modules that Spark 4 asks for; no logging configuration reaches that.
    (line,) = [line for line in done.stderr.splitlines() if "incubator modules" not in line]
    assert line.endswith("ERROR check: an error")


def settings() -> list[tuple[str, str, str]]:
    """Key, value and the comment above, of every setting of the example."""
    found, comment = [], ""
    for line in (CONF / "spark-defaults.conf").read_text().splitlines():
        if line.startswith("#"):
            comment = line
        elif line.strip():
            key, value = line.split(maxsplit=1)
            found.append((key, value, comment))
        else:
            comment = ""
    return found


def test_every_setting_of_the_example_is_explained() -> None:
    assert len(settings()) > 10
    for key, value, comment in settings():
        assert re.fullmatch(r"spark(\.\w+)+", key)
        assert value.strip()
        assert comment, f"{key} has no explanation"
        assert "----" not in comment, f"{key} has only a heading"


def test_the_example_leaves_alone_what_results_depend_on() -> None:
    from engine.execution.spark import DEFAULTS

    assert not {key for key, _, _ in settings()} & DEFAULTS.keys()
