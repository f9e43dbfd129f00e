"""How many sums are kept side by side."""

from __future__ import annotations

LANES = 64
"""None of the sums waits for another, and processors add several at a time."""
