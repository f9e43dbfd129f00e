"""``spark-submit jobs/baseline.py ...``: ``model-monitor baseline`` with the same options, on that cluster."""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # run as a file: its folder is on the path, but the packages are beside that folder
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import typer

from jobs import commands


def main() -> None:
    """Run the job."""
    typer.run(commands.baseline)


if __name__ == "__main__":
    main()
