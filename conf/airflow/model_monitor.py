"""Monitors the captures of every hour from Airflow 2.6 or later, also 3. Copy it into the folder of DAGs and edit the two names.

The workers need the command ``model-monitor`` on their path. Runs that were missed are made up for (``catchup``); a window that is
complete is skipped, so that a task may be cleared and run again at any time.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.timetables.interval import CronDataIntervalTimetable

try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.operators.bash import BashOperator

CONFIG = "s3://BUCKET/monitor.yaml"
ALERT = "echo 'See the reports of {{ data_interval_end | ts }}'"

BACKFILL = (
    f"model-monitor backfill --config {CONFIG} --every 1h "
    "--from {{ data_interval_start | ts }} --to {{ data_interval_end | ts }}"
)

with DAG(
    dag_id="model_monitor",
    description="Compare the captures of every hour with the baseline",
    # Airflow 3 gives a plain cron text no interval; the windows need one.
    schedule=CronDataIntervalTimetable("0 * * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=True,
    max_active_runs=4,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["model-monitor"],
):
    # Captures are written some minutes after the call; waiting spares a second run of the window.
    wait_for_captures = BashOperator(task_id="wait_for_captures", bash_command="sleep 300", retries=0)
    monitor = BashOperator(task_id="monitor", bash_command=BACKFILL)
    # The window is complete by now: this only reads what was found, and fails when there are violations.
    violations = BashOperator(
        task_id="violations", bash_command=f"{BACKFILL} --fail-on-violation || {{ {ALERT}; exit 1; }}", retries=0
    )

    wait_for_captures >> monitor >> violations
