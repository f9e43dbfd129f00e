"""Same data, same bytes: inline, one core, two cores, a cluster, and after a task failed and was tried again."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from engine.testing.captures import write_captures
from tests.integration.conftest import documents, run_job

SETTINGS = "input:\n  split_bytes: 100000\n"


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("captures")
    write_captures(folder, records=6000, seed=3)
    return folder


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "monitor.yaml"
    path.write_text(SETTINGS)
    return path


def baseline(captures: Path, config: Path, output: Path, *options: str) -> dict[str, bytes]:
    done = run_job("baseline", str(captures), "--output", str(output), "--config", str(config), *options)
    assert done.returncode == 0, done.stderr + done.stdout
    return documents(output)


@pytest.fixture(scope="module")
def inline(captures: Path, config: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return baseline(captures, config, tmp_path_factory.mktemp("inline") / "out", "--runner", "inline")


def test_there_are_several_splits(captures: Path, config: Path, tmp_path: Path) -> None:
    done = run_job("baseline", str(captures), "--output", str(tmp_path), "--config", str(config), "--dry-run")
    splits = next(line for line in done.stdout.splitlines() if line.startswith("splits"))
    assert int(splits.split()[1]) > 4


@pytest.mark.parametrize("master", ["local[1]", "local[2]"])
def test_local_spark_gives_the_bytes_of_inline(
    captures: Path, config: Path, inline: dict[str, bytes], tmp_path: Path, master: str
) -> None:
    assert baseline(captures, config, tmp_path / "out", "--master", master) == inline


def test_a_cluster_gives_the_bytes_of_inline(
    captures: Path, config: Path, inline: dict[str, bytes], tmp_path: Path, cluster: str
) -> None:
    assert baseline(captures, config, tmp_path / "out", "--master", cluster) == inline


KILL_ONCE = """
import os
import pathlib


def preprocess_handler(record):
    mark = pathlib.Path(os.environ["KILL_MARK"])
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return record
"""


def test_a_task_whose_worker_dies_is_tried_again(captures: Path, config: Path, tmp_path: Path) -> None:
    """The preprocessor kills its Python process once; Spark tries the task again and the bytes are the same."""
    script, mark = tmp_path / "kill_once.py", tmp_path / "killed"
    script.write_text(KILL_ONCE)
    text = config.read_text() + f"  preprocessor: {script}\n"
    (tmp_path / "monitor.yaml").write_text(text)
    found = []
    for runner in (["--master", "local[2,4]"], ["--runner", "inline"]):
        output = tmp_path / runner[0].strip("-")
        arguments = ["baseline", str(captures), "--output", str(output), "--config", str(tmp_path / "monitor.yaml")]
        done = run_job(*arguments, *runner, environment={"KILL_MARK": str(mark)})
        assert done.returncode == 0, done.stderr
        assert mark.exists(), "no worker was killed"
        found.append(documents(output))
    assert found[0] == found[1]


def test_one_file_and_fifty_files(tmp_path: Path) -> None:
    """Exact fields are equal, moments to 1e-12, sketches hold the same number of values."""
    rows = [f"{i},{(i * 7919) % 1000 / 8},{'ab'[i % 2]}" for i in range(5000)]
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    (tmp_path / "one" / "all.csv").write_text("id,score,kind\n" + "\n".join(rows) + "\n")
    for part in range(50):
        text = "id,score,kind\n" + "\n".join(rows[part * 100 : part * 100 + 100]) + "\n"
        (tmp_path / "many" / f"part-{part:02d}.csv").write_text(text)
    (tmp_path / "small-splits.yaml").write_text("input:\n  split_bytes: 5000\n")
    found = []
    for name, options in [("one", []), ("many", ["--config", str(tmp_path / "small-splits.yaml")])]:
        output = tmp_path / f"out-{name}"
        done = run_job("baseline", str(tmp_path / name), "--output", str(output), "--runner", "inline", *options)
        assert done.returncode == 0, done.stderr
        found.append(json.loads((output / "statistics.json").read_text()))
    for one, many in zip(found[0]["features"], found[1]["features"], strict=True):
        assert_same_feature(one, many)


def assert_same_feature(one: dict[str, object], many: dict[str, object]) -> None:
    if "string_statistics" in one:
        assert one == many
        return
    mine, theirs = dict(one["numerical_statistics"]), dict(many["numerical_statistics"])  # type: ignore[call-overload]
    sketches = [statistics.pop("distribution")["kll"] for statistics in (mine, theirs)]
    for key in ("mean", "sum", "std_dev"):
        assert math.isclose(mine.pop(key), theirs.pop(key), rel_tol=1e-12)
    assert mine == theirs
    weights = [sum(len(level) << i for i, level in enumerate(kll["sketch"]["data"])) for kll in sketches]
    assert weights == [5000, 5000]
    for a, b in zip(sketches[0]["buckets"], sketches[1]["buckets"], strict=True):
        assert (a["lower_bound"], a["upper_bound"]) == (b["lower_bound"], b["upper_bound"])
        assert abs(a["count"] - b["count"]) <= 0.01 * 5000
