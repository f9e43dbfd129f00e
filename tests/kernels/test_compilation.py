"""When loops are compiled, what happens where they cannot be, and that documents do not tell."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xxhash

from engine.execution.shipping import zip_packages
from engine.kernels import compilation
from engine.testing.captures import write_captures
from tests.integration.conftest import documents, run_job

FROM_ZIP = """
import numpy as np
from engine.kernels.compilation import compiled
from engine.columns.hashing import hash_array
import engine, pyarrow as pa
assert ".zip" in engine.__file__
print(compiled("hashing", 0).__file__)
print(hash_array(pa.array([1.5])).tolist())
"""


@pytest.fixture(autouse=True)
def by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilation, "wish", None)
    monkeypatch.setattr(compilation, "_seen", 0)


def test_a_process_compiles_once_it_has_seen_much(monkeypatch: pytest.MonkeyPatch) -> None:
    half = compilation.MANY // 2 + 1
    assert compilation.compiled("hashing", half) is None
    assert compilation.compiled("hashing", half) is not None
    monkeypatch.setattr(compilation, "wish", "never")
    assert compilation.compiled("hashing", half) is None


def test_without_numba_numpy_works(monkeypatch: pytest.MonkeyPatch) -> None:
    compilation._loops.cache_clear()
    monkeypatch.setattr(compilation, "wish", "always")
    monkeypatch.setitem(sys.modules, "engine.kernels.hashing", None)
    assert compilation.compiled("hashing", 0) is None
    compilation._loops.cache_clear()


def test_loops_of_a_zip_lie_in_a_folder_that_stays(tmp_path: Path) -> None:
    """Where Spark's workers import them: the next job finds the machine code of this one."""
    archive = zip_packages(tmp_path / "packages.zip")
    environment = {
        "PYTHONPATH": str(archive),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        compilation.VARIABLE: "always",
    }
    done = subprocess.run(
        [sys.executable, "-c", FROM_ZIP], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    place, hashed = done.stdout.splitlines()
    assert Path(place).parent.parent == tmp_path / "cache" / "open-model-monitor"
    assert list(Path(place).parent.rglob("*.nbi"))
    assert hashed == str([xxhash.xxh64_intdigest(struct.pack("<d", 1.5), seed=42)])


def test_readonly_leaves_the_array_as_it_is() -> None:
    array = np.zeros(2)
    assert not compilation.readonly(array).flags.writeable
    assert array.flags.writeable


def test_documents_do_not_tell_which_kernels_worked(tmp_path: Path) -> None:
    write_captures(tmp_path / "captures", 800, seed=8)
    found = []
    for wish in ("never", "always"):
        output = str(tmp_path / wish)
        done = run_job(
            "baseline", str(tmp_path / "captures"), "--output", output, "--runner", "inline",
            environment={compilation.VARIABLE: wish},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found.append(documents(tmp_path / wish))
    assert found[0] == found[1]
