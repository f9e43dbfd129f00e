"""Loads a folder of DAGs as Airflow does and prints what it found. Runs in Airflow's own environment."""

from __future__ import annotations

import json
import sys

import pendulum

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # before Airflow 3.2
    from airflow.models.dagbag import DagBag

bag = DagBag(sys.argv[1])
dag = bag.dags["model_monitor"]
times = [pendulum.datetime(2026, 1, 31, hour) for hour in (10, 11)]
names = dict(zip(("data_interval_start", "data_interval_end"), times, strict=True))
environment = dag.get_template_env()
tasks = {
    task.task_id: {
        "command": environment.from_string(task.bash_command).render(names),
        "after": sorted(task.upstream_task_ids),
        "retries": task.retries,
    }
    for task in dag.tasks
}
interval = dag.timetable.infer_manual_data_interval(run_after=times[1])
found = {
    "errors": {str(key): str(value) for key, value in bag.import_errors.items()},
    "tasks": tasks,
    "interval": [interval.start.isoformat(), interval.end.isoformat()],
}
sys.stdout.write("\nFOUND " + json.dumps(found))
