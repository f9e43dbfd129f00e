"""Every kind of malformed record in every format: the job ends well, the rest is analysed, and the quarantine tells all."""

from __future__ import annotations

import base64
import errno
import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

import engine
from engine import filesystems
from engine.filesystems import resolve
from tests.datasets.test_captures import record

GOOD = 40


def capture(text: str, encoding: str = "CSV") -> bytes:
    output = "0.5" if encoding != "BASE64" else base64.b64encode(b"0.5").decode()
    return json.dumps(record(output, text, encoding)).encode()


def capture_with(member: bytes) -> bytes:
    return b'{"captureData": {"endpointInput": {"data": ' + member + b', "encoding": "CSV"}}, "eventVersion": "0"}'


NO_TEXT = "base64 of endpointInput is no text in UTF-8 (content type text/csv); a record preprocessor can read it"
KINDS: list[tuple[str, bytes, bytes, str]] = [
    ("c.jsonl", capture("a,b"), b'{"captureData": {"endpointInput": ', "bad JSON"),
    ("c.jsonl", capture("a,b"), b'{"other": 1}', "not a capture record"),
    ("c.jsonl", capture("a,b"), capture("," * 200), "wrong number of columns"),
    ("c.jsonl", capture("a,b"), capture("not base64!", "BASE64"), "bad base64 in endpointInput: "),
    ("c.jsonl", capture("a,b"), capture(base64.b64encode(b"\xff\xfe").decode(), "BASE64"), NO_TEXT),
    ("c.jsonl", capture("a,b"), capture_with(b'"\xff"'), "invalid UTF-8"),
    ("c.jsonl", capture('{"a": 1}', "JSON"), capture('{"a": ', "JSON"), "bad JSON"),
    ("c.jsonl", capture("a,b"), capture('"a'), "a quote is not closed"),
    ("t.jsonl", b'{"a": 1}', b'{"a": ', "bad JSON"),
    ("t.jsonl", b'{"a": 1}', b"[1]", "not a JSON object"),
    ("t.jsonl", b'{"a": "x"}', b'{"a": "\xff"}', "invalid UTF-8"),
    ("t.csv", b"1,2", b"1,2,3", "wrong number of columns"),
    ("t.csv", b"1,2", b"1,\xff", "invalid UTF-8"),
    ("t.csv", b"1,2", b'1,"2', "a quote is not closed"),
]


@pytest.mark.parametrize(("name", "good", "bad", "reason"), KINDS)
def test_one_malformed_record(tmp_path: Path, name: str, good: bytes, bad: bytes, reason: str) -> None:
    header = [b"a,b"] if name.endswith("csv") else []
    before = [*header, *[good] * (GOOD // 2)]
    (tmp_path / name).write_bytes(b"\n".join([*before, bad, *[good] * (GOOD // 2)]) + b"\n")
    result = engine.baseline(tmp_path / name, output=tmp_path / "out", runner="inline")
    assert (result.rows, result.malformed) == (GOOD, 1)
    (line,) = [json.loads(text) for text in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert line["file"] == str(tmp_path / name)
    assert line["position"] == {"byte": sum(len(text) + 1 for text in before)}
    assert reason in line["reason"]
    assert line["record"]
    assert (tmp_path / "out" / "statistics.json").exists()


@pytest.mark.parametrize(("name", "good"), [("c.jsonl", capture("a,b")), ("t.jsonl", b'{"a": 1}'), ("t.csv", b"1,2")])
def test_a_truncated_gzip_file(tmp_path: Path, name: str, good: bytes) -> None:
    """What can be read before the break is analysed; the break is one entry."""
    noise = random.Random(3)  # noqa: S311 - text that does not compress to nothing
    lines = [good.replace(b"1", str(noise.random()).encode()).replace(b"a,b", b"%d,b" % i) for i in range(5000)]
    header = [b"a,b"] if name.endswith("csv") else []
    whole = gzip.compress(b"\n".join([*header, *lines]) + b"\n")
    (tmp_path / f"{name}.gz").write_bytes(whole[: len(whole) * 2 // 3])
    result = engine.baseline(tmp_path / f"{name}.gz", output=tmp_path / "out", runner="inline")
    assert 0 < result.rows < 5000
    assert result.malformed == 1
    line = json.loads((tmp_path / "out" / "quarantine.jsonl").read_text())
    assert "gzip stream is truncated" in line["reason"]
    assert line["position"]["byte"] > 0


@pytest.mark.parametrize(("name", "good"), [("c.jsonl", capture("a,b")), ("t.jsonl", b'{"a": 1}'), ("t.csv", b"a\n1")])
def test_empty_files_are_counted_and_no_quarantine(tmp_path: Path, name: str, good: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(good)
    for empty in ("0", "z"):
        (tmp_path / "in" / (empty + name)).touch()
    result = engine.baseline(tmp_path / "in", output=tmp_path / "out", runner="inline")
    assert (result.rows, result.malformed, result.notes["empty files"]) == (1, 0, 2)
    assert result.quarantine is None


def test_all_kinds_at_once_in_one_run(tmp_path: Path) -> None:
    """As many entries as malformed records, whatever they are, each with its own file."""
    (tmp_path / "in").mkdir()
    kinds = [(good, bad) for name, good, bad, _ in KINDS if name == "c.jsonl" and b"JSON" not in good]
    for index, (good, bad) in enumerate(kinds):
        (tmp_path / "in" / f"{index}.jsonl").write_bytes(b"\n".join([*[good] * 20, bad]))
    result = engine.baseline(tmp_path / "in", output=tmp_path / "out", runner="inline")
    files = [json.loads(line)["file"] for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert (result.rows, result.malformed) == (20 * len(kinds), len(kinds))
    assert files == [str(tmp_path / "in" / f"{index}.jsonl") for index in range(len(kinds))]


class Denying:
    """A file system that does not open files named ``secret``, and no longer has those named ``gone``."""

    def __init__(self, system: fs.FileSystem) -> None:
        self.system = system

    def open_input_file(self, path: str) -> pa.NativeFile:
        if "secret" in path:
            raise PermissionError(errno.EACCES, f"Failed to open local file {path!r}")
        if "gone" in path:
            raise FileNotFoundError(errno.ENOENT, f"Failed to open local file {path!r}")
        return self.system.open_input_file(path)


TOLD = {"secret": "Let the user who runs the job read all files", "gone": "It was there when the job was planned"}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("names", [["a", "secret"], ["secret"], ["a", "gone"], ["gone"]])
def test_a_file_that_cannot_be_opened_is_not_malformed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, names: list[str]
) -> None:
    """Its records are not known to be broken: counted as one malformed entry they would be lost in a job that ends well."""
    (tmp_path / "in").mkdir()
    for name in names:
        path = tmp_path / "in" / f"{name}.{ending}"
        if ending == "parquet":
            pq.write_table(pa.table({"a": range(100)}), path)
        else:
            path.write_text("a\n1\n" if ending == "csv" else '{"a": 1}\n')
    monkeypatch.setattr(filesystems, "resolve", lambda uri: (Denying(resolve(uri)[0]), resolve(uri)[1]))
    with pytest.raises(engine.MonitorError, match=rf"{names[-1]}.{ending}'. {TOLD[names[-1]]}"):
        engine.baseline(tmp_path / "in", output=tmp_path / "out", runner="inline")
    assert not (tmp_path / "out").exists()
