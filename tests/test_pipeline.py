"""What a whole job says on its way, and what it leaves when it fails."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import engine
from engine.config import make_config
from engine.errors import NoDataError
from engine.job_plan import plan_job

ROWS = "a,b\n" + "1,x\n" * 20


def write(path: Path, text: str = ROWS) -> Path:
    path.write_text(text)
    return path


def test_a_failure_is_the_exit_message_in_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    data, message = write(tmp_path / "t.csv"), tmp_path / "message"
    engine.baseline(data, output=tmp_path / "out", runner="inline", message_file=str(message))
    assert message.read_text() == "Completed: Job completed successfully with no violations."
    with pytest.raises(NoDataError) as told:
        engine.baseline(tmp_path / "absent.csv", output=tmp_path / "out", runner="inline", message_file=str(message))
    assert message.read_text() == str(told.value)
    script = write(tmp_path / "post.py", "def postprocess_handler():\n    raise KeyError('secret')\n")
    options = {"message_file": str(message), "postprocessor": str(script)}
    with pytest.raises(engine.MonitorError, match=r"(?s)In the script.*\nThe documents are written: "):
        engine.baseline(data, output=tmp_path / "out", runner="inline", **options)
    assert message.read_text() == "Exception while invoking postprocessor script: KeyError: 'secret'"


def test_logs_say_what_was_planned_and_read_and_how_long_it_took(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "engine")
    data = write(tmp_path / "t.csv", ROWS + "1,x,too wide\n")
    engine.baseline(data, output=tmp_path / "out", runner="inline")
    assert "planned 1 splits of 1 files (csv)" in caplog.messages
    assert "read 20 records of 2 columns, and 1 malformed" in caplog.messages
    stages = [text.split()[1] for text in caplog.messages if text.startswith("stage ")]
    assert stages == ["plan", "read", "judge", "write"]


def test_a_plan_names_files_splits_columns_and_analyzers(tmp_path: Path) -> None:
    files = [str(write(tmp_path / f"{i:02d}.csv")) for i in range(22)]
    plan = plan_job(
        make_config([str(tmp_path)], str(tmp_path / "out"), options={"input": {"split_bytes": 1}}), "baseline"
    )
    lines = plan.lines()
    assert [line.strip() for line in lines if line.strip() in files] == files[:20]
    told = {line.split()[0]: " ".join(line.split()[1:]) for line in lines}
    assert told["files"] == f"22 ({22 * len(ROWS):,} bytes)"
    assert told["..."] == "and 2 more"
    assert int(told["splits"]) == len(plan.dataset.splits) >= 22
    assert told["columns"] == "a, b"
    assert told["analyzers"] == "completeness, data_type, moments, kll, distinct, categories"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("again", ["base/", "deep/../base", "file://{}/base"])
def test_a_run_never_replaces_its_own_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str) -> None:
    monkeypatch.chdir(tmp_path)
    data, output = write(tmp_path / "t.csv"), again.format(tmp_path)
    engine.baseline(data, output="base", runner="inline")
    edited = Path("base/constraints.json").read_text().replace("Integral", "Fractional")
    write(Path("base/constraints.json"), edited)
    only_constraints = {"constraints": "base/constraints.json"}
    for baseline in (str(tmp_path / "base"), only_constraints):
        with pytest.raises(
            engine.MonitorError, match=r"the output folder is that of the baseline, whose .*\.json would"
        ):
            engine.monitor(data, baseline=baseline, output=output, runner="inline")
    assert Path("base/constraints.json").read_text() == edited
    engine.monitor(data, baseline="base", output="base/report", runner="inline")
    engine.baseline(data, output="base", runner="inline")


def test_documents_of_an_earlier_run_are_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    write(Path("in/t.csv"))
    engine.baseline("in", output="in/out", runner="inline")
    with pytest.raises(engine.MonitorError, match=r"in/out/\w+\.json: the input holds a document that an earlier job"):
        engine.baseline("in", output="in/out", runner="inline")
    assert engine.baseline("in/t.csv", output="in/out", runner="inline").rows == 20
