"""The page and the README's section run as printed."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from engine.deequ.signatures import CHECKS

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["docs/deequ.md", "README.md"])
def test_it_runs_as_printed(tmp_path: Path, name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    page = page if name.startswith("docs") else page[page.index("## Deequ") :].split("\n## ")[1 - 1]
    rows = [f"{age},{plan}" for age, plan in zip([20, 30, "", 150, 40, 50], ["free", "gold"] * 3, strict=True)]
    (tmp_path / "customers.csv").write_text("age,plan\n" + "\n".join(rows) + "\n")
    for file, text in re.findall(r"^```yaml ([\w.-]+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        (tmp_path / file).write_text(text)
    commands = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    assert commands
    for line in commands:
        command = [sys.executable, "-m", "jobs.cli", *shlex.split(line)[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "SPARK_LOCAL_IP": "127.0.0.1"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr
    found = [
        violation
        for path in tmp_path.glob("*report/constraint_violations.json")
        for violation in json.loads(path.read_text())["violations"]
    ]
    kinds = {violation["constraint_check_type"] for violation in found}
    assert {"deequ_check", "dqdl_rule"} <= kinds


def test_every_check_on_the_page_exists() -> None:
    page = (ROOT / "docs" / "deequ.md").read_text(encoding="utf-8")
    assert set(re.findall(r"check: (\w+)", page)) <= set(CHECKS)
