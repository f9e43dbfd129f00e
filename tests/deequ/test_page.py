"""The page and the README's section run as printed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.deequ.signatures import CHECKS
from jobs.cli import app
from tests.deequ.conftest import Sessions

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("deequ")]

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["docs/deequ.md", "README.md"])
def test_it_runs_as_printed(sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sessions.close()  # each command wants the release that it wants
    page = (ROOT / name).read_text(encoding="utf-8")
    page = page if name.startswith("docs") else page[page.index("## Deequ") :].split("\n## ")[1 - 1]
    monkeypatch.chdir(tmp_path)
    rows = [f"{age},{plan}" for age, plan in zip([20, 30, "", 150, 40, 50], ["free", "gold"] * 3, strict=True)]
    Path("customers.csv").write_text("age,plan\n" + "\n".join(rows) + "\n")
    for file, text in re.findall(r"^```yaml ([\w.-]+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        Path(file).write_text(text)
    commands = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    assert commands
    for line in commands:
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == 0, (line, done.output, done.exception)
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
