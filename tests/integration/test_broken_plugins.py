"""A broken plugin is named and loses nothing else; with --strict-plugins it is fatal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import PluginError
from engine.metrics import failure_texts
from tests.integration.conftest import documents, run_job

HEAD = "from engine import metric\n\n\n@metric({arguments})\nclass Broken:\n    '''Breaks.'''\n    n: int = 0\n"
UNUSABLE = {
    "import": ("import no_such_module\n", "line 1: it fails to import: ModuleNotFoundError"),
    "syntax": ("def broken(:\n", "line 1: it fails to import: SyntaxError"),
    "nonsense": (
        HEAD.format(arguments="takes='numbers'")
        + "    def update(self, column): pass\n    def result(self): return 1\n",
        "takes is 'numbers'; allowed: number, text, boolean, time, any",
    ),
    "no update": (HEAD.format(arguments="") + "    def result(self): return 1\n", "it defines no update"),
}
"""Files that hold no metric that can be used: an error at the start."""
SOURCES = {
    "update": (
        HEAD.format(arguments="")
        + "    def update(self, column):\n        if column.name == 'b': raise ValueError('no b')\n        self.n += len(column)\n"
        + "    def result(self): return self.n\n",
        "metric 'broken' of column 'b' failed (split 0",
    ),
    "result": (
        HEAD.format(arguments="") + "    def update(self, column): self.n += 1\n    def result(self): return 1 / 0\n",
        "metric 'broken' of columns 'a', 'b' failed (result): ZeroDivisionError: division by zero (broken.py, line 9)",
    ),
    "no number": (
        HEAD.format(arguments="") + "    def update(self, column): self.n += 1\n    def result(self): return 'x'\n",
        "result of broken is a str; allowed: a number",
    ),
    "verify": (
        HEAD.format(arguments="worse='higher', threshold=1")
        + "    def update(self, column): self.n += 1\n    def result(self): return self.n\n"
        + "    def verify(self, key, found, constraint): raise RuntimeError('verify')\n",
        "metric 'broken' of columns 'a', 'b' failed (verification): RuntimeError: verify",
    ),
}


def without_metrics(document: bytes) -> Any:
    found = json.loads(document)
    for part in (found, *found.get("features", [])):
        part.pop("metrics", None)
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("a,b\n" + "".join(f"{i},x{i % 3}\n" for i in range(100)))
    engine.baseline(tmp_path / "a.csv", output=tmp_path / "baseline", runner="inline")
    engine.monitor(tmp_path / "a.csv", baseline=tmp_path / "baseline", output=tmp_path / "plain", runner="inline")
    return tmp_path


@pytest.mark.parametrize("kind", SOURCES)
def test_it_is_named_and_loses_nothing_else(data: Path, kind: str) -> None:
    source, named = SOURCES[kind]
    (data / "broken.py").write_text(source)
    options: dict[str, Any] = {"runner": "inline", "plugins": {"files": [str(data / "broken.py")]}}
    result = engine.monitor(data / "a.csv", baseline=data / "baseline", output=data / "out", **options)
    told = " ".join(failure_texts(result.failures))
    assert named in told
    assert str(data / "broken.py") in told  # where the plugin comes from
    assert named in result.message
    assert result.message.startswith("Completed: ")
    plain, found = documents(data / "plain"), documents(data / "out")
    assert set(found) == set(plain)
    for name in ("statistics.json", "constraints.json", "constraint_violations.json"):
        assert without_metrics(found[name]) == without_metrics(plain[name])
    assert "failed" in {m.status for m in result.measurements}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_file_that_cannot_be_used_is_an_error_at_the_start(data: Path, kind: str) -> None:
    source, named = UNUSABLE[kind]
    (data / "broken.py").write_text(source)
    plugins = {"files": [str(data / "broken.py")]}
    with pytest.raises(PluginError) as caught:
        engine.monitor(
            data / "a.csv", baseline=data / "baseline", output=data / "out", runner="inline", plugins=plugins
        )
    assert named in str(caught.value)
    assert not (data / "out").exists()


@pytest.mark.parametrize("kind", SOURCES)
def test_strict_makes_it_fatal(data: Path, kind: str) -> None:
    source, named = SOURCES[kind]
    (data / "broken.py").write_text(source)
    strict = {"files": [str(data / "broken.py")], "strict": True}
    with pytest.raises(PluginError) as caught:
        engine.monitor(data / "a.csv", baseline=data / "baseline", output=data / "out", runner="inline", plugins=strict)
    assert named in str(caught.value)
    assert not (data / "out").exists()


def test_on_the_command_line(data: Path) -> None:
    (data / "broken.py").write_text(SOURCES["update"][0])
    place = (str(data / "a.csv"), "-b", str(data / "baseline"), "-o", str(data / "out"), "--runner", "inline")
    done = run_job("run", *place, "--plugin", str(data / "broken.py"))
    assert done.returncode == 0
    assert "Failed: metric 'broken' of column 'b' failed (split 0" in done.stdout
    absent = run_job("run", *place, "--plugin", str(data / "brokne.py"))
    assert (absent.returncode, absent.stdout) == (1, "")
    assert "brokne.py: it cannot be read: no such file" in absent.stderr
    strict = run_job("run", *place, "--plugin", str(data / "broken.py"), "--strict-plugins")
    assert strict.returncode == 1
    assert strict.stderr.startswith("Error: metric 'broken' of column 'b' failed")
    assert "Traceback" not in strict.stderr


def test_names_that_clash_are_an_error_at_the_start(data: Path) -> None:
    good = HEAD.replace("Broken", "{name}") + "    def update(self, column): pass\n    def result(self): return 1\n"
    for file, name in (("one", "Twin"), ("two", "Twin"), ("three", "Moments"), ("four", "BlankShare")):
        (data / f"{file}.py").write_text(good.format(arguments="", name=name) + f"# {file}\n")

    def run(*files: str) -> None:
        plugins = {"files": [str(data / f"{file}.py") for file in files]}
        engine.baseline(data / "a.csv", output=data / "out", runner="inline", plugins=plugins)

    with pytest.raises(PluginError, match=r"two plugins are named 'twin': file .*one.py \(Twin\) and file .*two.py"):
        run("one", "two")
    with pytest.raises(PluginError, match=r"metric 'moments' .*: the name belongs to the engine's own analyzer"):
        run("three")
    with pytest.raises(PluginError, match="two plugins are named 'blank_share'"):
        run("four")


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_on_spark(data: Path) -> None:
    (data / "broken.py").write_text(SOURCES["update"][0])
    place = (str(data / "a.csv"), "-b", str(data / "baseline"), "-o", str(data / "out"), "--master", "local[1]")
    done = run_job("run", *place, "--plugin", str(data / "broken.py"))
    assert done.returncode == 0, done.stderr
    assert "Failed: metric 'broken' of column 'b' failed (split 0" in done.stdout
    plain, found = documents(data / "plain"), documents(data / "out")
    assert without_metrics(found["statistics.json"]) == without_metrics(plain["statistics.json"])
