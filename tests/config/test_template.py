"""The written configuration and its page stay complete and true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from engine.config import Config, load_config
from engine.config_errors import dotted_keys, sections
from jobs.cli import template

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"


def test_the_template_loads_and_holds_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(template(), encoding="utf-8")
    given = {"input": {"paths": ["captures"]}, "output": "report", "baseline": "baseline"}
    assert load_config(path) == Config.model_validate(given)


INNER = ("actions.", "deequ.checks.", "deequ.analyzers.", "deequ.repository.")
"""Keys of entries of lists, and of a section that is null by default: the template shows them as comments, the page whole."""


@pytest.mark.parametrize("key", [key for key in dotted_keys(Config) if not key.startswith(INNER)])
def test_the_template_shows_every_key(key: str) -> None:
    section = yaml.safe_load(template())
    for part in key.split("."):
        assert part in section, key
        section = section[part]


def row(key: str) -> str:
    """A line of the page's table: key, default, and the description that stands beside the field."""
    *parents, name = key.split(".")
    field = dict(sections(Config))[".".join(parents)].model_fields[name]
    default = "required" if field.is_required() else f"`{json.dumps(field.get_default(call_default_factory=True))}`"
    assert field.description, f"{key} has no description"
    return f"| `{key}` | {default} | {field.description} |"


@pytest.mark.parametrize("key", dotted_keys(Config))
def test_the_page_describes_every_key_in_the_words_of_the_code(key: str) -> None:
    assert row(key) in PAGE.read_text(encoding="utf-8").splitlines()
