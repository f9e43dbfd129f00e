"""Measure all contenders one after the other and write RESULTS.md: ``python -m benchmarks.report [--rows N] [--records N]``."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import DEEQU
from benchmarks.data import captures, parquet_table, wide_table

ROUNDS = 2
"""Each contender is measured in so many processes, in turn with the others: a machine is not as fast at all times."""

TARGET = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Measurement:
    """Seconds of warm runs over all rows, and peak resident bytes."""

    name: str
    runs: tuple[float, ...]
    driver: int = 0
    task: int = 0

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(self.runs)

    def with_round(self, other: Measurement) -> Measurement:
        """The runs of both, and the larger peaks."""
        driver, task = max(self.driver, other.driver), max(self.task, other.task)
        return Measurement(self.name, self.runs + other.runs, driver, task)


def measure(name: str, path: Path, runs: int, warm_ups: int = 2) -> Measurement:
    """Run a contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.measure", name, str(path), str(runs), str(warm_ups)]
    print(f"measuring {name} on {path.name} ...", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise SystemExit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    found = json.loads(lines[-1])
    return Measurement(name, tuple(found["seconds"]), found["driver"], found["task"])


def in_turn(names: Sequence[str], path: Path, runs: int) -> list[Measurement]:
    """Run all contenders one after the other, in several rounds."""
    found = {name: Measurement(name, ()) for name in names}
    for _ in range(ROUNDS):
        for name in names:
            found[name] = found[name].with_round(measure(name, path, runs))
    return list(found.values())


def table(rows: list[Measurement], reference: Measurement) -> list[str]:
    """Markdown: how many times as long as the engine each contender takes."""
    lines = ["| | time as a multiple of the engine's | peak of the process | peak of a task |", "|---|---|---|---|"]
    for row in rows:
        task = f"{row.task / 2**20:.0f} MiB" if row.task else "-"
        lines.append(f"| {row.name} | {row.seconds / reference.seconds:.2f} | {row.driver / 2**20:.0f} MiB | {task} |")
    return lines


TABLE_CONTENDERS = (
    "engine",
    "bare Arrow scan",
    "DuckDB SUMMARIZE",
    "polars describe",
    "Spark SQL aggregates",
    "engine inline",
    "engine, 10 plugin metrics",
)


def table_section(data: Path, rows: int, runs: int) -> list[str]:
    """Measure all contenders on the Parquet table."""
    whole = parquet_table(data, rows)
    found = in_turn(TABLE_CONTENDERS, whole, runs)
    # Once, after a warm-up: it takes minutes, in which the machine's moods even out.
    found += [measure(name, whole, runs=1, warm_ups=1) for name in DEEQU]
    wide = measure("engine", wide_table(data), 1)
    engine, scan, summarize, plugins = found[0], found[1], found[2], found[6]
    return [
        f"## {rows:,} rows x 20 columns, Parquet",
        "",
        *table(found, engine),
        "",
        (
            "Deequ reads all rows, as the others do, but in one round. The engine takes "
            f"{engine.seconds / scan.seconds:.2f}x the bare scan and {engine.seconds / summarize.seconds:.2f}x SUMMARIZE; "
            f"with ten metrics of plugins {plugins.seconds / engine.seconds:.2f}x as long as without. "
            f"With 200 columns, the driver peaks at {wide.driver / 2**20:.0f} MiB and a task at {wide.task / 2**20:.0f} MiB."
        ),
        "",
    ]


def captures_section(data: Path, records: int, runs: int) -> list[str]:
    """Measure the engine on captures."""
    folder = captures(data, records)
    found = in_turn(("engine", "engine inline"), folder, runs)
    return [
        f"## {records:,} captured records, CSV payloads",
        "",
        *table(found, found[0]),
        "",
        f"Inline, that is on one core: {records / found[1].seconds:,.0f} records a second on the machine of this run.",
        "",
    ]


HEAD = """# Results

Written by `make bench`: all contenders on one machine, one after the other, in two rounds; a contender's time is the median of
its warm runs in all rounds. Ratios compare; absolute times would only describe the machine.
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "model-monitor-bench")
    options = parser.parse_args()
    text = "\n".join([
        HEAD,
        *table_section(options.data, options.rows, options.runs),
        *captures_section(options.data, options.records, options.runs),
    ])  # fmt: skip
    TARGET.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
