"""The pages of actions and CloudWatch are true: their YAML loads, their Python runs, their commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from engine.config import make_config
from engine.plugins import discover
from jobs.bundled import bundle_plugins

DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["actions.md", "cloudwatch.md"])
def test_every_configuration_is_legal(page: str) -> None:
    bundle_plugins()
    found = blocks(page, "yaml")
    assert found
    for text in found:
        config = make_config(["captures"], "report", options=yaml.safe_load(text))
        for action in config.actions:
            discover().action(action.action, action.settings)


def test_the_action_of_the_page_is_one(tmp_path: Path) -> None:
    [code] = blocks("actions.md", "python")
    (tmp_path / "note.py").write_text(code)
    action = discover([str(tmp_path / "note.py")]).action("note", {"path": str(tmp_path / "note.txt")})
    assert action.name == "note"
