"""The example package, installed by pip as a stranger would: listed, checked, run, and its own tests pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import REPOSITORY, run_job


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Python that has the package."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(REPOSITORY / "examples" / "plugin-package", folder / "source")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder / "site")]
    subprocess.run([*command, str(folder / "source")], check=True, timeout=300)
    return {"PYTHONPATH": str(folder / "site"), "SOURCE": str(folder / "source"), "COLUMNS": "200"}


def test_it_is_listed_shown_and_checked(installed: dict[str, str]) -> None:
    listed = run_job("plugins", "list", environment=installed)
    assert listed.returncode == 0, listed.stderr
    assert "monitor-benford 1.0.0, monitor_benford" in listed.stdout
    shown = run_job("plugins", "show", "benford_distance", environment=installed).stdout
    assert "setting minimum: Numbers other than 0 below which there is not enough data. (default 300)" in shown
    checked = run_job("plugins", "check", "benford_distance", environment=installed)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count(" ok") >= 12


def test_it_measures(installed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("amount\n" + "".join(f"{1.01**n}\n" for n in range(1000)))
    (tmp_path / "now.csv").write_text("amount\n" + "".join(f"{900 + n / 100}\n" for n in range(1000)))
    shared = ("--runner", "inline", "--metric", "benford_distance")
    first = run_job("baseline", str(tmp_path / "base.csv"), "-o", str(tmp_path / "bl"), *shared, environment=installed)
    assert first.returncode == 0, first.stderr
    place = ("-b", str(tmp_path / "bl"), "-o", str(tmp_path / "out"))
    done = run_job("run", str(tmp_path / "now.csv"), *place, *shared, environment=installed)
    assert "100.0% of the numbers begin with 9; 4.6% are expected" in " ".join(done.stdout.split()).replace(" │ ", " ")


def test_its_own_tests_pass(installed: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0"]
    done = subprocess.run(
        command, cwd=installed["SOURCE"], env=os.environ | installed, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
