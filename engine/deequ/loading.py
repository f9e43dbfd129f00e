# ruff: noqa: SLF001 - see jvm.py
"""Brings the jars of Deequ into a running Spark session: found, downloaded by Spark's own resolver, or given by path.

The class loader of Spark's driver takes jars at any time, so that this works in a session that somebody else has started
(spark-submit, a notebook), whose settings can no longer be changed.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, stop_after_attempt, wait_random

from engine.deequ.config import DeequConfig
from engine.deequ.errors import DeequError
from engine.deequ.jar_pins import Jar, releases, sha256_of
from engine.errors import MonitorError
from engine.filesystems import open_file
from engine.temporary import folder_until_exit

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOG = logging.getLogger(__name__)

MARK, DQDL_MARK = "com.amazon.deequ.VerificationSuite", "com.amazon.deequ.dqdl.EvaluateDataQuality"
TRIES = 3
"""Tries of a download."""
_ELSE = "Everything else works without Deequ: leave the section 'deequ' out."


def load_deequ(session: SparkSession, config: DeequConfig) -> None:
    """Make Deequ and the class ``Assertion`` known to the driver and the executors of a session.

    Args:
        session: A session of Spark 3.5 (or of the Spark that the given jar is made for).
        config: Says which release, or which jars.

    Raises:
        DeequError: The jars cannot be had, or the session has another release; the text says what to do.
    """
    loader = _loader(session)
    if not _has_class(loader, session, MARK):
        for path in _given(config) if config.jar else _published(session, releases()[config.chosen_release]):
            _add(session, loader, path)
        _verify_loaded(session, loader, config)
    if config.rules and not _has_class(loader, session, DQDL_MARK):
        raise DeequError(
            "deequ.rules: the Deequ of this Spark session cannot read DQDL. Rules need the release "
            f"{config.chosen_release}: run them in a session of their own, which has no other Deequ yet; with deequ.jar, "
            "name a jar of Deequ 2.1.0 or later and that of DQDL."
        )
    if not _has_class(loader, session, "modelmonitor.Assertion"):
        _add(session, loader, _compiled(session, loader))


def _loader(session: Any) -> Any:
    if getattr(session, "_jvm", None) is None:
        raise DeequError(
            f"Deequ runs in Spark's JVM, which Spark Connect does not show. Use a classic session. {_ELSE}"
        )
    return session._jvm.java.lang.Thread.currentThread().getContextClassLoader()


def _has_class(loader: Any, session: Any, name: str) -> bool:
    try:
        session._jvm.java.lang.Class.forName(name, True, loader)
    except Exception:  # noqa: BLE001 - py4j wraps ClassNotFoundException and linkage errors alike
        return False
    return True


def _add(session: Any, loader: Any, path: Path) -> None:
    loader.addURL(session._jvm.java.io.File(str(path)).toURI().toURL())
    session.sparkContext._jsc.addJar(str(path))


def _given(config: DeequConfig) -> list[Path]:
    """The user's jars as local files."""
    return [_local(uri) for uri in config.jar]


def _local(uri: str) -> Path:
    try:
        with open_file(uri) as file:
            content = file.read()
    except (OSError, MonitorError) as error:
        raise DeequError(
            f"deequ.jar: {uri} cannot be read: {error} Give the path of a jar that was downloaded from {_urls()}."
        ) from error
    path = folder_until_exit() / uri.rstrip("/").rpartition("/")[2]
    path.write_bytes(content)
    known = {jar.sha256: jar for jars in releases().values() for jar in jars}
    if not zipfile.is_zipfile(path):
        raise DeequError(f"deequ.jar: {uri} is no jar (it is no zip file). Download it again from {_urls()}.")
    if sha256_of(path) not in known:
        _LOG.warning(
            "deequ.jar: %s is none of the tested releases (%s); it is used as it is", uri, ", ".join(releases())
        )
    return path


def _urls() -> str:
    return " or ".join(jar.url for jars in releases().values() for jar in jars[:1])


def _published(session: Any, jars: Sequence[Jar]) -> list[Path]:
    """The jars of a release, from Spark's cache or downloaded into it."""
    if not session.version.startswith("3.5."):
        raise DeequError(
            f"Deequ has no published jar for Spark {session.version}: {' and '.join(releases())} need Spark 3.5. "
            f"Install 'pyspark>=3.5,<4', or name a jar that you built for this Spark under deequ.jar. {_ELSE}"
        )
    return [_cached(session, jar) or _downloaded(session, jar) for jar in jars]


def _cached(session: Any, jar: Jar) -> Path | None:
    home = session.conf.get("spark.jars.ivy", None) or str(Path.home() / ".ivy2")
    path = Path(home) / "jars" / jar.cached_name
    return path if path.is_file() and jar.is_intact(path) else None


def _downloaded(session: Any, jar: Jar) -> Path:
    jvm = session._jvm
    # Jobs that start together on a new machine download into the same cache, and stumble over each other once.
    retrying = Retrying(stop=stop_after_attempt(TRIES), wait=wait_random(0.5, 3), reraise=True)
    try:
        uri = jvm.java.net.URI(f"ivy://{jar.coordinate}?transitive=false")
        found = retrying(jvm.org.apache.spark.util.DependencyUtils.resolveMavenDependencies, uri)
        path = Path(str(found.apply(0)))
    except Exception as error:
        raise DeequError(
            f"Spark cannot download {jar.coordinate}, which the section 'deequ' needs. Either allow it to reach {jar.url} "
            "(a mirror: spark.jars.repositories under runner.conf), or download that file elsewhere and name its path under "
            f"deequ.jar. {_ELSE}"
        ) from error
    if not jar.is_intact(path):
        raise DeequError(
            f"{path} is not the published {jar.coordinate}: its SHA-256 is {sha256_of(path)}, expected {jar.sha256}. Delete "
            "it, so that it is downloaded again; if it comes from a mirror, ask for the original there."
        )
    return path


def _verify_loaded(session: Any, loader: Any, config: DeequConfig) -> None:
    if not _has_class(loader, session, MARK):
        raise DeequError(
            f"deequ.jar: {', '.join(config.jar)} holds no Deequ for Spark {session.version} ({MARK} cannot be loaded). "
            f"Give the jar of a release made for this Spark: {_urls()}."
        )


def _compiled(session: Any, loader: Any) -> Path:
    """A jar with the class ``Assertion``, made by the compiler that Spark compiles its own queries with."""
    source = resources.files("engine.deequ").joinpath("Assertion.java").read_text(encoding="utf-8")
    compiler = session._jvm.org.codehaus.janino.SimpleCompiler()
    compiler.setParentClassLoader(loader)
    compiler.cook(source)
    path = folder_until_exit() / "assertion.jar"
    with zipfile.ZipFile(path, "w") as archive:
        for name, code in compiler.getBytecodes().items():
            archive.writestr(f"{name.replace('.', '/')}.class", bytes(code))
    return path
