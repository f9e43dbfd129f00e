"""Which logging Spark starts with: the user's, else the quiet one of ``conf/log4j2.properties``."""

from __future__ import annotations

import os
from pathlib import Path

QUIET = Path(__file__).resolve().parents[2] / "conf" / "log4j2.properties"
"""Absent where only the packages are installed; Spark then logs as it does by default."""


def quiet_logging(given: str) -> str:
    """The option that keeps Spark's start-up lines off the terminal; empty where a user has configured logging.

    Args:
        given: The user's options of the JVM.
    """
    if "log4j" in given or not QUIET.exists() or _configured():
        return ""
    return f"-Dlog4j2.configurationFile={QUIET.as_uri()}"


def _configured() -> bool:
    homes = [os.environ.get("SPARK_CONF_DIR"), os.environ.get("SPARK_HOME") and os.environ["SPARK_HOME"] + "/conf"]
    return any((Path(home) / f"log4j2.{kind}").exists() for home in homes if home for kind in ("properties", "xml"))
