"""Loads a folder of DAGs as Airflow does and prints what it found. Runs in Airflow's own environment."""

from __future__ import annotations

import json
import sys
from typing import Any


def found(folder: str) -> dict[str, Any]:
    """Errors, tasks with their commands for 10 to 11 o'clock, and the interval of a run at 11."""
    import pendulum

    try:
        from airflow.dag_processing.dagbag import DagBag
    except ImportError:  # before Airflow 3.2
        from airflow.models.dagbag import DagBag

    bag = DagBag(folder)
    dag = bag.dags["model_monitor"]
    times = [pendulum.datetime(2026, 1, 31, hour) for hour in (10, 11)]
    names = dict(zip(("data_interval_start", "data_interval_end"), times, strict=True))
    environment = dag.get_template_env()
    tasks = {
        task.task_id: {
            "command": environment.from_string(task.bash_command).render(names),
            "after": sorted(task.upstream_task_ids),
        }
        for task in dag.tasks
    }
    interval = dag.timetable.infer_manual_data_interval(run_after=times[1])
    return {
        "errors": {str(key): str(value) for key, value in bag.import_errors.items()},
        "tasks": tasks,
        "interval": [interval.start.isoformat(), interval.end.isoformat()],
    }


if __name__ == "__main__":
    sys.stdout.write("\nFOUND " + json.dumps(found(sys.argv[1])))
