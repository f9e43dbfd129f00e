"""From captures and late labels to violations of model quality, with the commands of the page that tells how."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.integration.conftest import REPOSITORY, run_of_page

PAGE = (REPOSITORY / "docs" / "model-quality.md").read_text(encoding="utf-8")


def write(path: Path, *records: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def inputs(folder: Path) -> None:
    """A validated table in which one of ten predictions is wrong; captures in which three of ten are, with late labels."""
    rows = "".join(f"{i % 2},{i % 2 if i % 10 else 1 - i % 2},{0.9 if i % 2 else 0.1}\n" for i in range(400))
    (folder / "validated.csv").write_text(f"label,prediction,score\n{rows}")
    hour = Path("2026") / "01" / "31"
    output = {"encoding": "CSV", "mode": "OUTPUT", "observedContentType": "text/csv"}
    captures, labels = [], []
    for i in range(300):
        truth = str(i % 2)
        answer = f"{i % 2 if i % 10 > 2 else 1 - i % 2},{0.9 if i % 2 else 0.1}"
        event = {"eventId": f"event-{i}", "inferenceId": f"order-{i}", "inferenceTime": "2026-01-31T10:05:09Z"}
        captures.append(
            {"captureData": {"endpointOutput": output | {"data": answer}}, "eventMetadata": event, "eventVersion": "0"}
        )
        labels.append(
            {"groundTruthData": {"data": truth, "encoding": "CSV"}, "eventMetadata": {"eventId": f"order-{i}"}}
        )
    write(folder / "captures" / "my-endpoint" / "AllTraffic" / hour / "10" / "a.jsonl", *captures)
    write(folder / "labels" / hour / "14" / "b.jsonl", *labels[:250])


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_page_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs(tmp_path)
    for name, text in re.findall(r"^```yaml ([\w.-]+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(re.sub(r"\b(validated\.csv|merged|quality-\w+)\b", rf"{tmp_path}/\1", text))
    told = ""
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            words = shlex.split(line)[1:]
            places = ("captures", "labels", "merged", "still-without-label", "quality-baseline", "quality-report")
            files = {name: str(tmp_path / name) for name in (*places, "quality.yaml", "quality-baseline.yaml")}
            done = run_of_page(*(files.get(word.rstrip("/"), word) for word in words))
            assert done.returncode == 0, done.stderr
            told += done.stdout
    for shown in re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        assert " ".join(shown.split()) in " ".join(told.split()), told
    found = json.loads((tmp_path / "quality-report" / "constraint_violations.json").read_text())["violations"]
    assert "Metric accuracy with 0.7" in " ".join(violation["description"] for violation in found)
    assert len((tmp_path / "still-without-label").rglob("*.jsonl").__next__().read_text().splitlines()) == 50
