"""Record preprocessors and post-processors as SageMaker calls them."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.datasets.postprocessing import run_postprocessor
from engine.errors import UserScriptError
from engine.testing.captures import write_captures
from tests.datasets.reading import opened, read
from tests.datasets.test_captures import record, write


def script(folder: Path, body: str) -> str:
    path = folder / "script.py"
    path.write_text(body)
    return str(path)


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    write_captures(tmp_path / "captures", 3, seed=1)
    return tmp_path / "captures"


def handled(tmp_path: Path, captures: Path, body: str, **settings: Any) -> list[dict[str, Any]]:
    return read(captures, preprocessor=script(tmp_path, body), **settings)[0]


def test_the_record_that_a_script_gets(tmp_path: Path, captures: Path) -> None:
    rows = handled(
        tmp_path,
        captures,
        """
def preprocess_handler(r, logger):
    logger.info("called")
    assert r.event_data.endpointInput is r.endpoint_input and r.batch_transform_output is None and r.ground_truth is None
    assert r.endpoint_input.as_dict().keys() == {"encoding", "data", "observedContentType"}
    assert r.as_dict() is r.as_dict() and str(r)
    return {
        "id": r.event_metadata.event_id, "time": r.event_metadata.event_time, "custom": r.event_metadata.custom_attribute,
        "mode": r.endpoint_input.mode, "encoding": r.endpoint_output.encoding, "version": r.event_version,
        "keys": ",".join(sorted(r.event_dict)), "first": r.endpoint_input.data.split(",")[0],
    }
""",
    )
    assert rows[0]["id"] == "00000000-0000-4000-8000-000000000000"
    assert (rows[0]["mode"], rows[0]["encoding"], rows[0]["version"], rows[0]["custom"]) == ("INPUT", "CSV", "0", None)
    assert list(rows[0]) == sorted(rows[0])


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ('{"b": 1, "a": 1.0, "c": 1e10, "d": True, "e": None, "f": float("nan")}',
         [{"a": "1.0", "b": "1", "c": "1.0E10", "d": "true", "e": None, "f": None}]),
        ('{10: "x", 9: "y"}', [{"10": "x", "9": "y"}]),
        ('[{"a": 1}, {"a": 2}]', [{"a": "1"}, {"a": "2"}]),
        ("""'{"a": 1, "b": "x,y"}'""", [{"a": "1", "b": "x,y"}]),
        ("""'[{"a": 1.5}, {"a": null}]'""", [{"a": "1.5"}, {"a": None}]),
        (r"""'{"a": 1}\n{"a": 2}\n'""", [{"a": "1"}, {"a": "2"}]),
        ("'[1, 0.9]'", [{"_c0": "1", "_c1": "0.9"}]),
        (r"'1,2\n3,4\n'", [{"_c0": "1", "_c1": "2"}, {"_c0": "3", "_c1": "4"}]),
        (r"""'"a\nb",2'""", [{"_c0": "a\nb", "_c1": "2"}]),
        ("[]", []), ("None", []), ('"1,,x"', [{"_c0": "1", "_c1": None, "_c2": "x"}]),
    ],
)  # fmt: skip
def test_what_a_script_may_return(tmp_path: Path, captures: Path, returned: str, expected: list[Any]) -> None:
    rows = handled(tmp_path, captures, f"def preprocess_handler(inference_record):\n    return {returned}\n")
    assert rows == expected * 3


def test_text_that_begins_like_json_and_is_none_is_an_error(tmp_path: Path, captures: Path) -> None:
    with pytest.raises(UserScriptError, match=r"text that begins like JSON and is not JSON; allowed are json\.dumps"):
        handled(tmp_path, captures, "def preprocess_handler(r):\n    return str({'a': 1})\n")


def test_the_record_itself_means_no_change(tmp_path: Path, captures: Path) -> None:
    body = "def preprocess_handler(r):\n    r.endpoint_output.data = '7'\n    return r\n"
    names = ("score", "age", "income", "tenure_months", "balance", "purchases", "plan", "country", "active")
    plain = read(captures, names=names)[0]
    rows = handled(tmp_path, captures, body, names=names)
    assert rows == [{**row, "score": "7"} for row in plain]


def test_padded_positions_get_the_names_of_the_baseline(tmp_path: Path, captures: Path) -> None:
    body = "def preprocess_handler(r):\n    return {str(i).zfill(20): i for i in range(12)}\n"
    names = tuple("lkjihgfedcba")
    assert handled(tmp_path, captures, body, names=names)[0] == {name: str(i) for i, name in enumerate(names)}
    assert list(handled(tmp_path, captures, body)[0])[10] == "0" * 18 + "10"


def test_lines_of_csv_and_json(tmp_path: Path) -> None:
    body = "def preprocess_handler(line):\n    return [] if line.startswith('a,') else {'text': line}\n"
    (tmp_path / "t.csv").write_bytes(b"a,b\r\n1,2\r\n3,\xff\r\n")
    rows, report = read(tmp_path / "t.csv", preprocessor=script(tmp_path, body))
    assert rows == [{"text": "1,2"}]
    assert report.count == 1
    (tmp_path / "t.jsonl").write_text('{"a": 1}\n\n{"a": 2}\n')
    rows, _ = read(tmp_path / "t.jsonl", preprocessor=script(tmp_path, body))
    assert rows == [{"text": '{"a": 1}'}, {"text": '{"a": 2}'}]


def test_a_window_by_record_holds_for_scripts_too(tmp_path: Path) -> None:
    times = ["2026-01-31T09:59:59Z", "2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z", "?"]
    write(tmp_path, *(record(str(index), "a", time=time) for index, time in enumerate(times)))
    body = "def preprocess_handler(r):\n    return {'score': r.endpoint_output.data}\n"
    start, end = (datetime(2026, 1, 31, hour, tzinfo=timezone.utc) for hour in (10, 11))
    for window_filter, scores in (("record", ["1", "3"]), ("folder", ["0", "1", "2", "3"])):
        rows = handled(tmp_path, tmp_path / "c.jsonl", body, window_filter=window_filter, start=start, end=end)
        assert [row["score"] for row in rows] == scores


def test_an_exception_names_the_record_and_shows_only_the_script(tmp_path: Path, captures: Path) -> None:
    body = "def inner(r):\n    return 1 / 0\n\ndef preprocess_handler(r):\n    return inner(r)\n"
    with pytest.raises(UserScriptError) as raised:
        handled(tmp_path, captures, body)
    text = str(raised.value)
    assert text.startswith("Exception while invoking preprocessor script: ZeroDivisionError: division by zero (file ")
    assert "record at byte 0, event id 00000000-0000-4000-8000-000000000000" in text
    assert "return 1 / 0" in text
    assert "preprocessing.py" not in text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = 1", "must define a function 'preprocess_handler'"),
        ("import nothing_of_that_name", "while it was loaded"),
        ("def preprocess_handler(:", "SyntaxError"),
        ("def preprocess_handler(r): return {'a': [1]}", "key 'a' is not flat"),
        ("def preprocess_handler(r): return 5", "returned int"),
        ("import sys\n\ndef preprocess_handler(r): sys.exit(0)", "SystemExit: 0 .file .*record at byte 0"),
        ("raise SystemExit('no')", "SystemExit: no .while it was loaded"),
    ],
)
def test_scripts_that_cannot_be_used(tmp_path: Path, captures: Path, body: str, expected: str) -> None:
    with pytest.raises(UserScriptError, match=expected):
        handled(tmp_path, captures, body)


def test_a_missing_script(captures: Path) -> None:
    with pytest.raises(UserScriptError, match="cannot be read"):
        opened(captures, preprocessor="/nowhere/script.py")


def test_postprocessor(tmp_path: Path) -> None:
    body = "import os, pathlib\n\ndef postprocess_handler():\n    (pathlib.Path(os.environ['output_path']) / 'x').touch()\n"
    run_postprocessor(script(tmp_path, body), str(tmp_path))
    assert (tmp_path / "x").exists()
    assert "output_path" not in os.environ
    with pytest.raises(UserScriptError, match="Exception while invoking postprocessor script: KeyError"):
        run_postprocessor(script(tmp_path, "def postprocess_handler():\n    {}['a']\n"), str(tmp_path))


def test_a_postprocessor_that_exits_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(UserScriptError, match="Exception while invoking postprocessor script: SystemExit: 0"):
        run_postprocessor(script(tmp_path, "def postprocess_handler():\n    raise SystemExit(0)\n"), str(tmp_path))


def test_an_old_script_of_the_sdk(tmp_path: Path, captures: Path) -> None:
    body = (
        "import json\n\ndef preprocess_handler(inference_record):\n"
        "    data = inference_record.event_data.endpointInput.data.rstrip('\\n').split(',')\n"
        "    return json.loads(json.dumps({f'prefix{i:03d}': d for i, d in enumerate(data)}))\n"
    )
    rows = handled(tmp_path, captures, body)
    assert json.dumps(rows)
    assert next(iter(rows[0])) == "prefix000"


def test_the_record_itself_without_a_baseline(tmp_path: Path) -> None:
    write_captures(tmp_path / "json", 2, seed=1, payload="json")
    write_captures(tmp_path / "csv", 2, seed=1)
    body = "def preprocess_handler(r):\n    return r\n"
    (named, *_) = handled(tmp_path, tmp_path / "json", body)
    (placed, *_) = handled(tmp_path, tmp_path / "csv", body)
    assert list(placed) == [f"_c{i}" for i in range(9)]
    assert (named["score"], named["plan"]) == (placed["_c0"], placed["_c6"])


OPTIONAL_KEY = """
def preprocess_handler(line):
    cells = line.split(",")
    return {index: cell for index, cell in enumerate(cells) if cell}
"""


def test_names_are_decided_for_the_whole_dataset(tmp_path: Path) -> None:
    """A key that a later part of the data lacks changes no name there; an index finds the name."""
    (tmp_path / "t.csv").write_text("1,2,3\n" * 50 + "4,,6\n" * 50)
    settings: dict[str, Any] = {
        "preprocessor": script(tmp_path, OPTIONAL_KEY),
        "names": ("x", "y", "z"),
        "format": "csv",
    }
    dataset = opened(tmp_path / "t.csv", split_bytes=100, **settings)
    assert len(dataset.splits) > 3
    assert dataset.columns == ("x", "y", "z")
    rows = read(tmp_path / "t.csv", split_bytes=100, **settings)[0]
    present = [{name: cell for name, cell in row.items() if cell is not None} for row in rows]
    assert present == [{"x": "1", "y": "2", "z": "3"}] * 50 + [{"x": "4", "z": "6"}] * 50
    assert read(tmp_path / "t.csv", exclude_features=("1",), **settings)[0][0] == {"x": "1", "z": "3"}


@pytest.mark.parametrize("names", [("x", "y"), ("0", "y", "z"), ("w", "x", "y", "z")])
def test_names_that_do_not_fit_the_keys_change_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    (tmp_path / "t.csv").write_text("1,2,3\n")
    rows, _ = read(tmp_path / "t.csv", preprocessor=script(tmp_path, OPTIONAL_KEY), names=names)
    assert rows == [{"0": "1", "1": "2", "2": "3"}]


def test_input_without_lines_is_read_without_the_script(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "t.parquet")
    assert read(tmp_path / "t.parquet", preprocessor="nowhere.py")[0] == [{"a": 1}]
    assert "the preprocessor nowhere.py is not called: input of the format parquet has no lines" in caplog.text
    assert opened("some.table", format="table", preprocessor="nowhere.py").reader.format == "table"
    assert "input of the format table has no lines" in caplog.text
