"""Sends packages to the executors of a cluster, as a zip of source files: the engine's own, and those of plugins."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from engine.temporary import folder_until_exit

if TYPE_CHECKING:
    from pyspark import SparkContext

OWN = ("engine", "plugins")
PACKED = (".py", ".yaml", ".java")
"""Kinds of files of a package that are sent: its source, and the data that it reads."""


@dataclass(frozen=True)
class Shipped:
    """Code of plugins.

    Attributes:
        packages: Names of installed top-level packages or modules.
        sources: Modules that exist as text only, by name.
    """

    packages: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


NOTHING = Shipped()


def ship_packages(context: SparkContext, shipped: Shipped) -> None:
    """Add the packages to every executor. Their dependencies (pyarrow, numpy, pydantic) must be installed there."""
    folder = folder_until_exit()
    written = zip_packages(folder / "packages.zip", shipped)
    # Executors know files by their names: in a session of several jobs, other contents need another one.
    digest = hashlib.sha256(written.read_bytes()).hexdigest()[:16]
    archives = [written.rename(folder / f"model_monitor_{digest}.zip"), *map(_archive_of, shipped.packages)]
    registered = {place.rpartition("/")[2] for place in context.listFiles}
    for archive in archives:
        if archive is not None and archive.name not in registered:
            context.addPyFile(str(archive))


def zip_packages(target: Path, shipped: Shipped = NOTHING) -> Path:
    """Write the source files of packages to a zip; the same sources give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in dict.fromkeys((*OWN, *shipped.packages)):
            for name, source in _sources(package):
                _write(archive, name, source.read_bytes())
        for module, text in shipped.sources:
            _write(archive, f"{module}.py", text.encode())
    return target


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)


def _sources(package: str) -> Iterator[tuple[str, Path]]:
    """The Python files of a package or module by their names in the zip; none for one that lies in a zip itself."""
    spec = _spec(package)
    if spec is None:
        return
    if not spec.submodule_search_locations:
        file = Path(spec.origin or "")
        if file.is_file() and file.suffix == ".py":
            yield f"{package}.py", file
        return
    for root in spec.submodule_search_locations:
        for source in sorted(path for path in Path(root).rglob("*") if path.suffix in PACKED):
            yield f"{package}/{source.relative_to(root).as_posix()}", source


def _archive_of(package: str) -> Path | None:
    """The zip that a package was imported from."""
    spec = _spec(package)
    origin = Path((spec.origin if spec else None) or "")
    return next(
        (parent for parent in origin.parents if parent.suffix in (".zip", ".whl", ".egg") and parent.is_file()), None
    )


def _spec(package: str) -> ModuleSpec | None:
    try:
        return find_spec(package)
    except (ValueError, ImportError):  # __main__ has none
        return None
