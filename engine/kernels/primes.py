"""The constants of XXH64, and the seed that Spark gives it."""

from __future__ import annotations

import numpy as np

P1, P2, P3, P4, P5 = (
    np.uint64(p)
    for p in (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
)
SEED = np.uint64(42)
