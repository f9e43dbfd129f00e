"""The faster of numpy's sorts is chosen before numpy is imported, and only where it is the faster one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cpu import VARIABLE, has_slow_sort

AMD = "processor : 0\nvendor_id : AuthenticAMD\nflags : fpu avx2 avx512f avx512vl\n"


@pytest.mark.parametrize(
    ("text", "slow"),
    [
        (AMD, True),
        (AMD.replace("AuthenticAMD", "GenuineIntel"), False),
        (AMD.replace("avx512f", ""), False),
        ("", False),
    ],
)
def test_machines(tmp_path: Path, text: str, slow: bool) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert has_slow_sort(tmp_path / "cpuinfo") == slow
    assert not has_slow_sort(tmp_path / "absent")


@pytest.mark.parametrize(("before", "given"), [("", "AVX2"), ("import numpy", None)])
def test_what_the_user_chose_and_an_imported_numpy_are_left_alone(
    tmp_path: Path, before: str, given: str | None
) -> None:
    (tmp_path / "cpuinfo").write_text(AMD)
    code = f"{before}\nimport os\nos.environ.pop({VARIABLE!r}, None)\n" + (
        f"os.environ[{VARIABLE!r}] = {given!r}\n" if given else ""
    )
    code += "from pathlib import Path\nfrom engine.cpu import choose_sort\n"
    code += f"choose_sort(Path({str(tmp_path / 'cpuinfo')!r}))\nprint(os.environ.get({VARIABLE!r}))"
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == str(given)


def test_the_chosen_sort_sorts(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(AMD)
    code = f"""
import warnings; warnings.simplefilter("error")
from pathlib import Path
from engine.cpu import choose_sort
choose_sort(Path({str(tmp_path / "cpuinfo")!r}))
import numpy as np
values = np.random.default_rng(1).normal(size=(5, 2050))
assert [sorted(row) for row in values.tolist()] == np.sort(values, axis=1).tolist()
"""
    subprocess.run([sys.executable, "-c", code], check=True)
