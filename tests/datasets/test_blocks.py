"""Blocks of any size give the records of the whole: what holds for small blocks holds for large files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets.text_blocks import line_starts
from engine.testing.captures import write_captures
from tests.datasets.reading import read, reasons


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    files = {name: tmp_path / name for name in ("t.csv", "t.csv.gz", "t.jsonl", "d.json")}
    rows = [(str(i), f"a\n{i}" if i % 5 == 0 else "b" * (i % 40), "x,y") for i in range(300)]
    text = "h,i,j\n" + "".join(f'{a},"{b}","{c}"\n' if i % 7 else "short\n" for i, (a, b, c) in enumerate(rows))
    files["t.csv"].write_text(text)
    files["t.csv.gz"].write_bytes(gzip.compress(text.encode()))
    files["t.jsonl"].write_text("".join(json.dumps({"a": i, "b": str(i) * (i % 9)}) + "\n{bad\n" for i in range(300)))
    files["d.json"].write_text(json.dumps([{"a": i} for i in range(300)]))
    files["captures"] = tmp_path / "captures"
    write_captures(files["captures"], 200, seed=2)
    return files


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.jsonl", "d.json", "captures"])
@pytest.mark.parametrize(("block", "split_bytes"), [(1, 10**6), (50, 10**6), (1000, 3000), (50, 700)])
def test_blocks_of_any_size(inputs: dict[str, Path], name: str, block: int, split_bytes: int) -> None:
    whole, one = read(inputs[name])
    with (
        patch("engine.datasets.text_blocks.BLOCK_BYTES", block),
        patch("engine.datasets.splitting.BLOCK_BYTES", block),
    ):
        rows, other = read(inputs[name], split_bytes=split_bytes)
    assert rows == whole
    assert reasons(other) == reasons(one)


@given(st.binary(max_size=30).map(lambda data: data.translate(bytes(b"\n\r \tab"[i % 6] for i in range(256)))))
def test_starts_of_lines(data: bytes) -> None:
    starts = line_starts(data).tolist()
    lines = [data[start:].split(b"\n", 1)[0] for start in starts]
    assert [line.strip() for line in lines] == [line.strip() for line in data.split(b"\n") if line.strip()]
    assert all(start == 0 or data[start - 1 : start] == b"\n" for start in starts)
