"""A choice that numpy leaves to the environment: with which instructions it sorts.

On AMD Zen 4 numpy sorts three times faster with AVX2 than with AVX-512, because an instruction that the latter leans on (compress
to memory) is microcoded there. Sorting is a large part of a pass, so AVX-512 is turned off on such a machine before numpy is
imported. Sorted values are the same either way. An environment in which ``NPY_DISABLE_CPU_FEATURES`` is set is left alone.
"""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path

VARIABLE = "NPY_DISABLE_CPU_FEATURES"


def choose_sort(cpuinfo: Path = Path("/proc/cpuinfo")) -> None:
    """Set the variable where it helps. No effect once numpy is imported."""
    if VARIABLE in os.environ or "numpy" in sys.modules or not has_slow_sort(cpuinfo):
        return
    try:
        major, minor = map(int, metadata.version("numpy").split(".")[:2])
    except (metadata.PackageNotFoundError, ValueError):
        return
    if (major, minor) >= (2, 0):  # before, numpy had no AVX2 sort of 64-bit numbers
        os.environ[VARIABLE] = "X86_V4" if (major, minor) >= (2, 4) else "AVX512_SKX"


def has_slow_sort(cpuinfo: Path) -> bool:
    """Whether this is a machine of AMD's with AVX-512.

    Args:
        cpuinfo: Linux's description of the processors; elsewhere there is none.
    """
    try:
        with cpuinfo.open(encoding="ascii", errors="replace") as lines:
            first = "".join(line for _, line in zip(range(30), lines, strict=False))
    except OSError:
        return False
    return "AuthenticAMD" in first and "avx512f" in first
