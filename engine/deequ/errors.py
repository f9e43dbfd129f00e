"""What the bridge to Deequ raises."""

from __future__ import annotations

from engine.errors import MonitorError


class DeequError(MonitorError):
    """Deequ cannot be had, or refuses what it is asked."""
