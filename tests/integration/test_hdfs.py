"""Input, configuration, baseline and output on HDFS: Hadoop's own daemons, with small blocks."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

import engine
from engine.config_sections import RunnerConfig
from engine.errors import MonitorError, StoreError
from engine.filesystems import open_file
from engine.ground_truth.merging import MergeSettings, merge_ground_truth
from engine.sinks import objects
from engine.sinks.files import write_documents
from engine.testing.captures import write_captures
from engine.testing.labels import write_labels
from tests.datasets.reading import read
from tests.integration.conftest import run_job
from tests.integration.hadoop import MiniHdfs, mini_hdfs

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("hadoop")]

SPLITS = {"split_bytes": 30_000}
"""Smaller than a block: splits begin inside of blocks, and files have several of both."""


@pytest.fixture(scope="module")
def hdfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniHdfs]:
    with mini_hdfs(tmp_path_factory.mktemp("hdfs")) as found:
        yield found


def contents(folder: Path) -> dict[str, bytes]:
    """All files but metrics.parquet, which names the run, and each is another one."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if name != "metrics.parquet"}


def captures(folder: Path) -> None:
    write_captures(folder, 1200, seed=5, hours=3)


def zipped(folder: Path) -> None:
    write_captures(folder, 900, seed=6, hours=2)
    for number, path in enumerate(sorted(folder.rglob("*.jsonl"))):
        path.write_bytes(gzip.compress(path.read_bytes()))
        if number:  # the first does not say so in its name
            path.rename(f"{path}.gz")


def row_groups(folder: Path) -> None:
    rows = 40_000
    table = pa.table({"a": [i * 7919 % rows for i in range(rows)], "b": [f"text {i % 999}" for i in range(rows)]})
    folder.mkdir()
    pq.write_table(table, folder / "rows.parquet", row_group_size=9_000)


@pytest.mark.parametrize(
    ("make", "glob"), [(captures, ""), (zipped, ""), (row_groups, ""), (captures, "/*/AllTraffic/2026/**/*.jsonl")]
)
def test_a_baseline_is_that_of_local_files(
    hdfs: MiniHdfs, tmp_path: Path, make: Callable[[Path], None], glob: str
) -> None:
    make(tmp_path / "data")
    engine.baseline(f"{tmp_path / 'data'}{glob}", output=tmp_path / "own", runner="inline", input=SPLITS)
    place = f"/{tmp_path.name}"
    hdfs.put(tmp_path / "data", f"{place}/data")
    options = {"input": {"paths": [f"hdfs://{place}/data{glob}"], **SPLITS}, "output": f"{hdfs.uri}{place}/out"}
    (tmp_path / "job.yaml").write_text(json.dumps(options))
    config = hdfs.put(tmp_path / "job.yaml", f"{place}/job.yaml")
    done = run_job("baseline", "--config", config, "--runner", "inline", environment=hdfs.environment)
    assert done.returncode == 0, done.stderr
    assert contents(hdfs.get(f"{place}/out", tmp_path / "found")) == contents(tmp_path / "own")


def test_a_run_on_spark_is_that_on_local_files(hdfs: MiniHdfs, tmp_path: Path) -> None:
    own = {name: tmp_path / name for name in ("before", "after", "baseline", "out")}
    write_captures(own["before"], 800, seed=1)
    write_captures(own["after"], 1200, seed=2, hours=2, drift=True)
    engine.baseline(own["before"], output=own["baseline"], runner="inline")
    assert engine.monitor(own["after"], baseline=own["baseline"], output=own["out"], runner="inline").violations
    places = [hdfs.put(own[name], f"/spark/{name}") for name in ("after", "baseline")]
    options = ["--baseline", places[1], "--output", f"{hdfs.uri}/spark/report", "--master", "local[2]"]
    done = run_job("run", places[0], *options)
    assert done.returncode == 0, done.stderr
    assert contents(hdfs.get("/spark/report", tmp_path / "found")) == contents(own["out"])


def test_a_merge_is_that_of_local_files_and_replaces_that_of_earlier_labels(hdfs: MiniHdfs, tmp_path: Path) -> None:
    write_captures(tmp_path / "captures", 900, seed=3, hours=2)
    captured = hdfs.put(tmp_path / "captures", "/merge/captures")
    for name, missing in (("early", 0.5), ("late", 0.01)):
        write_labels(tmp_path / "captures", tmp_path / name, missing=missing)
        inputs = (str(tmp_path / "captures"),), (str(tmp_path / name),)
        merge_ground_truth(MergeSettings(*inputs, str(tmp_path / "own"), runner=RunnerConfig(kind="inline")))
        labels = hdfs.put(tmp_path / name, f"/merge/{name}")
        done = run_job("merge", captured, labels, "--output", f"{hdfs.uri}/merged", "--runner", "inline")
        assert done.returncode == 0, done.stderr
        assert contents(hdfs.get("/merged", tmp_path / f"{name}-found")) == contents(tmp_path / "own")


def test_a_missing_path(hdfs: MiniHdfs, tmp_path: Path) -> None:
    done = run_job("baseline", f"{hdfs.uri}/nowhere", "--output", str(tmp_path / "out"), "--runner", "inline")
    assert done.returncode == 1
    assert f"{hdfs.uri}/nowhere: there is no such file or folder." in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_name_node_that_is_not_there(tmp_path: Path) -> None:
    configure(tmp_path, {"dfs.client.failover.sleep.max.millis": "100"})
    done = run_job(
        "baseline", "hdfs://127.0.0.1:9/captures", "--output", str(tmp_path / "out"), "--runner", "inline",
        environment={"HADOOP_CONF_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "hdfs://127.0.0.1:9: HDFS cannot be reached: Connection refused" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def configure(folder: Path, settings: dict[str, str]) -> None:
    properties = [f"<property><name>{key}</name><value>{value}</value></property>" for key, value in settings.items()]
    (folder / "core-site.xml").write_text(f"<configuration>{''.join(properties)}</configuration>")


def test_a_name_service_and_a_mount_table(hdfs: MiniHdfs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two name nodes the first is away."""
    node = hdfs.uri.removeprefix("hdfs://")
    service = {"": "one,two", ".one": "127.0.0.1:9", ".two": node}
    names = {f"dfs.{'namenode.rpc-address' if key else 'ha.namenodes'}.both{key}": of for key, of in service.items()}
    mounts = {"link./here": f"{hdfs.uri}/service", "linkFallback": f"{hdfs.uri}/"}
    configure(tmp_path, names | {f"fs.viewfs.mounttable.mounts.{key}": of for key, of in mounts.items()})
    monkeypatch.setenv("HADOOP_CONF_DIR", str(tmp_path))
    (tmp_path / "rows.csv").write_text("a\n1\n")
    hdfs.put(tmp_path / "rows.csv", "/service/rows.csv")
    for uri in ("hdfs://both/service", "viewfs://mounts/here"):
        assert read(uri)[0] == [{"a": "1"}]


def test_names_that_urls_would_escape(hdfs: MiniHdfs, tmp_path: Path) -> None:
    names = ["a#1.csv", "b?2.csv", "c%203.csv", "d 4.csv"]
    for name in names:
        (tmp_path / name).write_text(f"name\n{name}\n")
    assert [row["name"] for row in read(hdfs.put(tmp_path, "/names"))[0]] == names


def test_ranges_across_blocks_by_several_threads(hdfs: MiniHdfs, tmp_path: Path) -> None:
    data = random.Random(1).randbytes(300_000)  # noqa: S311 - no secret
    (tmp_path / "bytes").write_bytes(data)
    starts = [i * 6_500 for i in range(47)]
    with open_file(hdfs.put(tmp_path / "bytes", "/bytes")) as file, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda start: file.read_at(70_000, start), starts)) == [
            data[i : i + 70_000] for i in starts
        ]
        assert (file.size(), file.read_at(10, 300_001)) == (300_000, b"")


def test_documents_appear_whole_and_all_or_none(
    hdfs: MiniHdfs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"{hdfs.uri}/whole"
    write_documents(place, {"a.json": "old", "b/c.json": "old"})
    write = objects._write
    seen: list[dict[str, bytes]] = []

    def spy(system: fs.FileSystem, path: str, content: bytes) -> None:
        write(system, path, content)
        visible = contents(hdfs.get("/whole", tmp_path / str(len(seen))))
        seen.append({name: data for name, data in visible.items() if not name.startswith(".")})

    monkeypatch.setattr(objects, "_write", spy)
    write_documents(place, {"a.json": "new", "b/c.json": "new"})
    assert seen == [{"a.json": b"old", "b/c.json": b"old"}] * 2
    with pytest.raises(MonitorError, match=r"a.json/d cannot be written: .*No document was changed"):
        write_documents(place, {"b/c.json": "newer", "new": "new", "a.json/d": "below a file"})
    assert contents(hdfs.get("/whole", tmp_path / "last")) == {"a.json": b"new", "b/c.json": b"new"}


def test_blocks_that_cannot_be_read_are_no_malformed_records(hdfs: MiniHdfs, tmp_path: Path) -> None:
    row_groups(tmp_path / "rows")
    place = hdfs.put(tmp_path / "rows", "/lost")
    node = hdfs.cluster.stopDataNode(0)
    try:
        with (
            open_file(f"{place}/rows.parquet") as file,
            pytest.raises(StoreError, match="HDFS does not let it be read"),
        ):
            pq.read_table(file)
    finally:
        hdfs.cluster.restartDataNode(node, True)
        hdfs.cluster.waitActive()
