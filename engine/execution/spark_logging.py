"""Which logging Spark starts with: the user's, else the quiet one of ``conf/log4j2.properties``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

JAVA_OPTIONS = "spark.driver.extraJavaOptions"
QUIET = Path(__file__).resolve().parents[2] / "conf" / "log4j2.properties"
"""Absent where only the packages are installed; Spark then logs as it does by default."""


def quiet_logging(conf: Mapping[str, str]) -> dict[str, str]:
    """Settings that keep Spark's start-up lines off the terminal; none where a user has configured logging.

    Args:
        conf: The user's settings of Spark.
    """
    given = conf.get(JAVA_OPTIONS, "")
    if "log4j" in given or not QUIET.exists() or _configured():
        return {}
    return {JAVA_OPTIONS: f"{given} -Dlog4j2.configurationFile={QUIET.as_uri()}".strip()}


def _configured() -> bool:
    homes = [os.environ.get("SPARK_CONF_DIR"), os.environ.get("SPARK_HOME") and os.environ["SPARK_HOME"] + "/conf"]
    return any((Path(home) / f"log4j2.{kind}").exists() for home in homes if home for kind in ("properties", "xml"))
