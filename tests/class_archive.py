"""An archive of Spark's classes, from which each of the suite's many JVMs maps what it would read, verify and link.

``python -m tests.class_archive`` makes it (Java's class data sharing); ``make test`` does so once for an environment. A JVM
that cannot use it, or has none to use, starts as ever: two seconds later.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""The suite's JVMs are short: what compilers and collectors with threads cost, on few cores, they do not earn back."""

ROOT = Path(__file__).resolve().parents[1]
ARCHIVE = Path(sys.prefix) / "spark.jsa"

_JOB = """
import sys
sys.path[:0] = [sys.argv[1]]
import engine
engine.baseline("data.csv", output="out")
"""


def quick_options() -> dict[str, str]:
    """Environment variables for Spark's scripts: options of JVMs that run a driver, executors of one, or daemons of a cluster."""
    shared = f" -XX:SharedArchiveFile={ARCHIVE} -Xlog:disable" if ARCHIVE.exists() else ""
    options = QUICK + shared
    return {
        "SPARK_SUBMIT_OPTS": f'{options} "-Dspark.executor.extraJavaOptions={options}"',
        "SPARK_DAEMON_JAVA_OPTS": options,
        "SPARK_LAUNCHER_OPTS": QUICK,
    }


def make(archive: Path) -> bool:
    """Run a small job, and keep the classes that it used; whether that worked."""
    import pyspark

    from engine.execution.java import ensure_java

    ensure_java()
    archive.unlink(missing_ok=True)
    options = {"SPARK_SUBMIT_OPTS": f"{QUICK} -XX:ArchiveClassesAtExit={archive}", "SPARK_LOCAL_IP": "127.0.0.1"}
    submit = [str(Path(pyspark.__file__).parent / "bin" / "spark-submit"), "--master", "local[1]"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "data.csv").write_text("a,b\n1,x\n2,y\n")
        Path(folder, "job.py").write_text(_JOB)
        environment = os.environ | options | {"PYSPARK_PYTHON": sys.executable}
        subprocess.run([*submit, "job.py", str(ROOT)], cwd=folder, env=environment, capture_output=True, check=False)
    return archive.exists()


if __name__ == "__main__":
    if not make(ARCHIVE):
        sys.stdout.write("This Java makes no archive of classes: the tests take a little longer.\n")
