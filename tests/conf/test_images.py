"""The images: what they copy exists, what they install is declared, and what they start is the entry point, without a shell."""

from __future__ import annotations

import configparser
import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def instructions(name: str) -> list[tuple[str, str]]:
    """Instructions and their arguments, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "conf/sagemaker" / name).read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line.strip()]


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.spark"])
def test_an_image(name: str) -> None:
    found = instructions(name)
    sources = [source for word, rest in found if word == "COPY" for source in rest.split()[:-1]]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert all(f"!{source.split('/')[0]}" in ignored for source in sources)
    entrypoint = json.loads(found[-1][1])
    assert (found[-1][0], entrypoint[1:]) == ("ENTRYPOINT", ["-m", "jobs.sagemaker"])
    assert find_spec("jobs.sagemaker") is not None
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    [extras] = re.findall(r"'\.\[([\w,]+)\]'", " ".join(rest for _, rest in found))
    assert set(extras.split(",")) <= set(settings["options.extras_require"])
    assert not re.search(r"/opt/ml", " ".join(rest for _, rest in found)), "that folder is the platform's"
