"""Whether the loops are worth being compiled, and where their machine code is kept.

Importing numba takes a second, and compiling a few more, once for each user of a machine. So a process turns to them when it has
worked about as long with numpy's kernels, which do the same work until then, and where numba is not installed.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pkgutil
import tempfile
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy.typing as npt

import engine.kernels

VARIABLE = "MODEL_MONITOR_COMPILE"
"""Environment variable: ``never``, ``always``, else by the number of values."""

wish = os.environ.get(VARIABLE)
"""What the variable says. It is read once, as kernels are asked for many times a second."""

MANY = 100_000_000
"""Values (counted once for each use, of which a number has four) after which a process compiles."""

Loops = Literal["hashing", "moments", "nulls", "sketching", "texts"]

_LOG = logging.getLogger(__name__)
_seen = 0


def compiled(name: Loops, values: int) -> Any:
    """The module of loops with this name; None where numpy is to do the work.

    Args:
        name: Name of a module beside this one.
        values: How many values there are to work on now.
    """
    global _seen  # noqa: PLW0603 - it is the process that is warm or not
    _seen += values
    return _loops(name) if wish == "always" or (_seen > MANY and wish != "never") else None


def readonly(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The array for reading only. Loops are compiled for each type of their arguments, of which this is one."""
    view: npt.NDArray[Any] = array.view()
    view.flags.writeable = False
    return view


@cache
def _loops(name: Loops) -> Any:
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        return None
    try:
        with suppress(OSError, RuntimeError):  # without a home, or a folder in it, each process compiles anew
            _leave_zip()
        return import_module(f"engine.kernels.{name}")
    except Exception as error:  # noqa: BLE001 - an installation of numba that does not work is none
        _LOG.info("numpy does the work of compiled loops: %s", error)
        return None


def _leave_zip() -> None:
    """Let the loops be imported from files.

    Spark's workers import the engine from a zip in a folder of the job, and numba's cache goes by the path of a source: there,
    each job would compile again. So the sources are put into a folder of the user's whose name follows from what they are.
    """
    if Path(__file__).is_file():
        return
    names = sorted(module.name for module in pkgutil.iter_modules(engine.kernels.__path__))
    sources = {name: pkgutil.get_data("engine.kernels", f"{name}.py") or b"" for name in names}
    digest = hashlib.sha256(b"".join(sources.values())).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "open-model-monitor" / f"kernels-{digest}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, source in sources.items():
        _write_whole(folder / f"{name}.py", source)
    engine.kernels.__path__.insert(0, str(folder))


def _write_whole(target: Path, content: bytes) -> None:
    with suppress(OSError):
        if target.read_bytes() == content:
            return
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(target)
