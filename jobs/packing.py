"""``python -m jobs.packing DIR``: the source as a zip for ``spark-submit --py-files``, and the scripts that it starts."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from engine.execution.shipping import Shipped, zip_packages

ZIP = "model-monitor.zip"
SCRIPTS = ("baseline.py", "monitor.py", "merge_ground_truth.py")
"""Main files for ``spark-submit``; all else is in the zip."""


def pack(folder: Path) -> list[Path]:
    """Write the zip and the scripts; the same source gives the same bytes.

    Args:
        folder: Where to; made if it is absent.

    Returns:
        What was written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(__file__).parent
    scripts = [Path(shutil.copyfile(beside / script, folder / script)) for script in SCRIPTS]
    return [zip_packages(folder / ZIP, Shipped(packages=("jobs",))), *scripts]


if __name__ == "__main__":
    for path in pack(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")):
        print(path)  # noqa: T201 - says what was written
