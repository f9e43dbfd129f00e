"""Labels join captures: by either id, over hours and variants, late or twice; what does not match is counted and can be kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config_sections import RunnerConfig
from engine.errors import NoDataError
from engine.ground_truth.merging import MergeResult, MergeSettings, merge_ground_truth

INLINE = RunnerConfig(kind="inline")


def capture(event: str, inference: str | None = None, data: str = "0.5", **more: Any) -> dict[str, Any]:
    event_metadata = {"eventId": event, "inferenceTime": "2026-01-31T10:05:09Z"}
    event_metadata |= {"inferenceId": inference} if inference is not None else {}
    parts = {"endpointOutput": {"data": data, "encoding": "CSV", "mode": "OUTPUT", "observedContentType": "text/csv"}}
    return {"captureData": parts, "eventMetadata": event_metadata, "eventVersion": "0", **more}


def label(event: str, value: str) -> dict[str, Any]:
    truth = {"data": value, "encoding": "CSV"}
    return {"groundTruthData": truth, "eventMetadata": {"eventId": event}, "eventVersion": "0"}


def write(path: Path, *records: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines))


def merge(folder: Path, runner: RunnerConfig = INLINE, **options: Any) -> MergeResult:
    found = MergeSettings(
        (str(folder / "captures"),), (str(folder / "labels"),), str(folder / "merged"), runner=runner, **options
    )
    return merge_ground_truth(found)


def merged(folder: Path, name: str = "merged") -> dict[str, list[tuple[str, str | None]]]:
    """Event and label of each record, by file."""
    result: dict[str, list[tuple[str, str | None]]] = {}
    for path in sorted((folder / name).rglob("*.jsonl")):
        records = [json.loads(line) for line in path.read_text().splitlines()]
        found = [(r["eventMetadata"]["eventId"], (r.get("groundTruthData") or {}).get("data")) for r in records]
        result[str(path.relative_to(folder / name))] = found
    return result


def example(folder: Path) -> None:
    hour = folder / "captures" / "endpoint" / "AllTraffic" / "2026" / "01" / "31"
    write(
        hour / "10" / "a.jsonl",
        capture("e1"),
        capture("e2", "i2"),
        "not json",
        capture("e3"),
        capture("e4", "", kept=1),
    )
    write(hour / "11" / "b.jsonl", capture("e5"), capture("e1", "i2"), capture("e6"))
    write(folder / "captures" / "endpoint" / "Other" / "2026" / "01" / "31" / "10" / "a.jsonl", capture("e7"))
    labels = folder / "labels" / "2026" / "01" / "31"
    write(labels / "10" / "x.jsonl", label("e1", "first"), label("i2", "one"), label("e4", "four"))
    write(
        labels / "13" / "y.jsonl",
        label("e1", "late"),
        label("e7", "seven"),
        label("unknown", "1"),
        "{'single': 1}",
        label("e2", "no"),
    )


EXPECTED = {
    "endpoint/AllTraffic/2026/01/31/10/a.jsonl": [("e1", "late"), ("e2", "one"), ("e4", "four")],
    "endpoint/AllTraffic/2026/01/31/11/b.jsonl": [("e1", "one")],
    "endpoint/Other/2026/01/31/10/a.jsonl": [("e7", "seven")],
}


def check(folder: Path, result: MergeResult) -> None:
    assert merged(folder) == EXPECTED
    assert (result.captures, result.matched, result.malformed) == (9, 5, 1)
    assert (result.labels, result.unused, result.duplicates, result.bad_labels) == (6, 2, 1, 1)
    assert result.message == "Completed: merged 5 of 9 captured records."
    assert merged(folder, "kept") == {
        "endpoint/AllTraffic/2026/01/31/10/a.jsonl": [("e3", None)],
        "endpoint/AllTraffic/2026/01/31/11/b.jsonl": [("e5", None), ("e6", None)],
    }
    assert not list((folder / "merged").glob(".*"))


def test_in_this_process(tmp_path: Path) -> None:
    example(tmp_path)
    check(tmp_path, merge(tmp_path, unmatched=str(tmp_path / "kept")))


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_on_spark_the_bytes_are_the_same(tmp_path: Path) -> None:
    example(tmp_path)
    merge(tmp_path)
    inline = {path.name: path.read_bytes() for path in (tmp_path / "merged").rglob("*.jsonl")}
    conf = {"spark.sql.shuffle.partitions": "3"}
    check(tmp_path, merge(tmp_path, RunnerConfig(master="local[2]", conf=conf), unmatched=str(tmp_path / "kept")))
    assert {path.name: path.read_bytes() for path in (tmp_path / "merged").rglob("*.jsonl")} == inline


def test_what_the_record_holds_stays(tmp_path: Path) -> None:
    write(
        tmp_path / "captures" / "a.jsonl",
        capture("e1", kept={"ä": [1, 2]}),
        capture("e2", groundTruthData={"data": "old"}),
    )
    write(tmp_path / "labels" / "b.jsonl", label("e1", "1"), label("e2", "2"))
    merge(tmp_path)
    first, second = (tmp_path / "merged" / "a.jsonl").read_text().splitlines()
    assert json.loads(first) == capture("e1", kept={"ä": [1, 2]}) | {
        "groundTruthData": {"data": "1", "encoding": "CSV"}
    }
    assert json.loads(second)["groundTruthData"]["data"] == "2"


def test_kept_captures_are_given_to_the_next_run(tmp_path: Path) -> None:
    example(tmp_path)
    merge(tmp_path, unmatched=str(tmp_path / "kept"))
    write(tmp_path / "later" / "labels.jsonl", label("e5", "five"))
    again = MergeSettings(
        (str(tmp_path / "kept"),), (str(tmp_path / "later"),), str(tmp_path / "second"), runner=INLINE
    )
    assert merge_ground_truth(again).matched == 1
    assert merged(tmp_path, "second") == {"endpoint/AllTraffic/2026/01/31/11/b.jsonl": [("e5", "five")]}


def test_the_window_is_that_of_the_captures(tmp_path: Path) -> None:
    from engine.times import parse_time

    example(tmp_path)
    merge(tmp_path, start=parse_time("2026-01-31T11:00:00Z"), end=parse_time("2026-01-31T12:00:00Z"))
    assert list(merged(tmp_path)) == ["endpoint/AllTraffic/2026/01/31/11/b.jsonl"]


@pytest.mark.parametrize(
    ("captures", "labels", "message"),
    [
        ([], [label("e", "1")], "No captured data found under"),
        ([capture("e")], [], "No ground truth data found under"),
        (
            [capture("e")],
            [label("f", "1")],
            "No matching ground truth records found for captured data: 1 captured records: 0 got",
        ),
        ([capture("e")], ["broken"], "1 lines are no labels"),
    ],
)
def test_nothing_to_merge(tmp_path: Path, captures: list[Any], labels: list[Any], message: str) -> None:
    (tmp_path / "captures").mkdir()
    (tmp_path / "labels").mkdir()
    if captures:
        write(tmp_path / "captures" / "a.jsonl", *captures)
    if labels:
        write(tmp_path / "labels" / "a.jsonl", *labels)
    with pytest.raises(NoDataError) as caught:
        merge(tmp_path)
    assert message in str(caught.value)
    assert not list((tmp_path / "merged").rglob("*")) if (tmp_path / "merged").exists() else True


keys = st.sampled_from(["a", "b", "c", "d", ""])
events = st.lists(st.tuples(keys, st.none() | keys), max_size=8)
labels_of = st.lists(st.tuples(keys, st.sampled_from("123")), max_size=8)


@settings(max_examples=60)
@given(st.lists(events, min_size=1, max_size=3), st.lists(labels_of, min_size=1, max_size=3))
def test_any_records_join_as_by_hand(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[Any]], truths: list[list[Any]]
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    last: dict[str, str] = {}
    for i, found in enumerate(truths):
        write(folder / "labels" / f"{i}.jsonl", *(label(event, value) for event, value in found))
        last |= {event: value for event, value in found if event}
    expected: dict[str, list[tuple[str, str | None]]] = {}
    for i, rows in enumerate(files):
        write(folder / "captures" / f"{i}.jsonl", *(capture(event, inference) for event, inference in rows))
        matched = [(event, last[inference or event]) for event, inference in rows if (inference or event) in last]
        if matched:
            expected[f"{i}.jsonl"] = [(event, value) for event, value in matched]
    if not expected:
        with pytest.raises(NoDataError):
            merge(folder)
        return
    merge(folder)
    assert merged(folder) == expected


def test_as_a_script_for_spark_submit(tmp_path: Path) -> None:
    example(tmp_path)
    script = Path(__file__).resolve().parents[2] / "jobs" / "merge_ground_truth.py"
    places = [str(tmp_path / name) for name in ("captures", "labels")]
    command = [sys.executable, str(script), *places, "--output", str(tmp_path / "merged"), "--runner", "inline"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "9 captured records: 5 got a label, 3 have none yet, 1 are malformed." in done.stdout
    assert merged(tmp_path) == EXPECTED
    nothing = subprocess.run(
        [*command[:2], "absent", places[1], *command[4:]], capture_output=True, text=True, check=False
    )
    assert nothing.returncode == 1
    assert nothing.stderr.startswith("Error: No captured data found under absent.")
