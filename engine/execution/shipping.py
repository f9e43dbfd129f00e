"""Sends the engine's own packages to the executors of a cluster, as a zip of source files."""

from __future__ import annotations

import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark import SparkContext

PACKAGES = ("engine", "plugins")


def ship_packages(context: SparkContext) -> None:
    """Add the packages to every executor. Their dependencies (pyarrow, numpy, pydantic) must be installed there."""
    folder = Path(tempfile.mkdtemp(prefix="model-monitor-"))
    context.addPyFile(str(zip_packages(folder / "model_monitor_packages.zip")))


def zip_packages(target: Path) -> Path:
    """Write the source files of the packages to a zip; the same sources give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in PACKAGES:
            spec = find_spec(package)
            for root in (spec.submodule_search_locations or []) if spec else []:
                for source in sorted(Path(root).rglob("*.py")):
                    name = f"{package}/{source.relative_to(root).as_posix()}"
                    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read_bytes())
    return target
