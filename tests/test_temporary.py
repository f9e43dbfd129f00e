"""Nothing of a process stays in the folder for temporary files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_folder_goes_with_the_process() -> None:
    script = (
        "from engine.temporary import folder_until_exit; f = folder_until_exit(); (f / 'x').write_text('y'); print(f)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert not Path(done.stdout.strip()).exists()
