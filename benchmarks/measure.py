"""Measure one contender in this process: ``python -m benchmarks.measure NAME PATH RUNS WARM_UPS`` prints a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from benchmarks.contenders import contender


class PeakMemory(threading.Thread):
    """Samples the resident memory of this process and of its Python children (Spark's workers)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.driver = 0
        self.task = 0

    def run(self) -> None:
        """Sample five times a second."""
        while True:
            self.driver = max(self.driver, resident(os.getpid()))
            self.task = max([self.task, *(resident(pid) for pid in python_workers())])
            time.sleep(0.2)


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def python_workers() -> list[int]:
    """Processes of Spark's Python workers."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"pyspark.daemon" in line or b"pyspark/daemon" in line:
                found.append(int(entry.name))
    return found


def main(name: str, path: str, runs: int, warm_ups: int) -> None:
    """Run a contender several times, after runs that are not counted: processes start, code is compiled and caches fill."""
    memory = PeakMemory()
    memory.start()
    context, run = contender(name, Path(path))
    seconds = []
    with context:
        for _ in range(warm_ups + runs):
            started = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": seconds[warm_ups:], "driver": memory.driver, "task": memory.task}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    os._exit(0)  # pydeequ leaves a server thread that would keep the process alive
