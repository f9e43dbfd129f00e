"""Merge captures with labels, beside the join that plain Spark SQL makes: ``python -m benchmarks.merge [--records N]``.

Prints rows a second as a ratio, and peak memory, and writes MERGE.md. Each contender runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import PeakMemory

TARGET = Path(__file__).with_name("MERGE.md")
FILES = 20
CONTENDERS = ("engine", "Spark SQL")


def inputs(folder: Path, records: int) -> Path:
    """Captures in 20 files of several hours, and labels in as many, in another order."""
    import duckdb

    place = folder / f"merge-{records}"
    if (place / "done").exists():
        return place
    each = records // FILES
    for i in range(FILES):
        hour = place / "captures" / "endpoint" / "AllTraffic" / "2026" / "01" / "31" / f"{i % 24:02d}"
        late = place / "labels" / "2026" / "02" / "01" / f"{i % 24:02d}"
        for path in (hour, late):
            path.mkdir(parents=True, exist_ok=True)
        duckdb.sql(
            f"""COPY (SELECT {{'endpointInput': {{'data': '34,0.5,red,' || n, 'encoding': 'CSV', 'mode': 'INPUT'}},
            'endpointOutput': {{'data': '0.' || n % 1000, 'encoding': 'CSV', 'mode': 'OUTPUT'}}}} AS captureData,
            {{'eventId': 'event-' || n, 'inferenceTime': '2026-01-31T10:05:09Z'}} AS eventMetadata, '0' AS eventVersion
            FROM range({i * each}, {(i + 1) * each}) t(n)) TO '{hour / "a.jsonl"}' (FORMAT JSON)"""
        )
        duckdb.sql(
            f"""COPY (SELECT {{'data': '' || n % 2, 'encoding': 'CSV'}} AS groundTruthData,
            {{'eventId': 'event-' || n}} AS eventMetadata, '0' AS eventVersion
            FROM (SELECT n * {FILES} + {i} AS n FROM range({each}) t(n))) TO '{late / "b.jsonl"}' (FORMAT JSON)"""
        )
    (place / "done").touch()
    return place


def engine(place: Path, output: Path) -> int:
    """This engine's merge job."""
    from engine.config_sections import RunnerConfig
    from engine.ground_truth.merging import MergeSettings, merge_ground_truth

    runner = RunnerConfig(conf={"spark.driver.memory": "8g"})  # as the other contender has
    settings = MergeSettings((str(place / "captures"),), (str(place / "labels"),), str(output), runner=runner)
    return merge_ground_truth(settings).matched


def spark_sql(place: Path, output: Path) -> int:
    """The same join in Spark SQL: both sides parsed by Spark, joined by key, written as JSON."""
    from benchmarks.contenders import spark_session

    session: Any = spark_session()
    captures, labels = (
        session.read.option("recursiveFileLookup", True).json(str(place / kind)) for kind in ("captures", "labels")
    )
    key = "eventMetadata.eventId"
    truth = labels.selectExpr(f"{key} AS key", "groundTruthData").dropDuplicates(["key"])
    joined = captures.selectExpr("*", f"{key} AS key").join(truth, "key").drop("key")
    joined.write.mode("overwrite").json(str(output))
    count: int = session.read.json(str(output)).count()
    session.stop()
    return count


def run(name: str, place: Path) -> None:
    """Run one contender and print what it took."""
    memory = PeakMemory()
    memory.start()
    output = Path(tempfile.mkdtemp(prefix="merge-"))
    started = time.perf_counter()
    matched = engine(place, output) if name == "engine" else spark_sql(place, output)
    seconds = time.perf_counter() - started
    shutil.rmtree(output)
    print(json.dumps({"matched": matched, "seconds": seconds, "worker": memory.task, "driver": memory.driver}))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5_000_000)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "model-monitor-bench")
    parser.add_argument("--run", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    place = inputs(options.data, options.records)
    if options.run:
        run(options.run, place)
        return
    found = {name: _measured(name, options.records, options.data) for name in CONTENDERS}
    base = found["Spark SQL"]["seconds"]
    lines = [
        "# Merging ground truth",
        "",
        f"{options.records:,} captures with as many labels, on one machine, from start to stop of Spark; of one run.",
        "",
        "| | matched | rows a second, as a multiple of Spark SQL's | peak of a Python worker | peak of the driver's Python |",
        "|---|---|---|---|---|",
    ]
    for name, told in found.items():
        worker, driver = (f"{told[kind] / 2**20:.0f} MiB" if told[kind] else "-" for kind in ("worker", "driver"))
        lines.append(f"| {name} | {told['matched']:,} | {base / told['seconds']:.2f} | {worker} | {driver} |")
    lines += [
        "",
        "The engine also counts what did not match, keeps every field and the order of the records, and leaves out broken lines.",
        "",
    ]
    TARGET.write_text("\n".join(lines))
    print("\n".join(lines))


def _measured(name: str, records: int, data: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.merge", "--records", str(records), "--data", str(data), "--run", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not told:
        raise SystemExit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(told[-1])
    return found


if __name__ == "__main__":
    main()
