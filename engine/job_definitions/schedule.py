"""When a converted job runs: a request for EventBridge Scheduler, a crontab line, and the script that it starts."""

from __future__ import annotations

import json
import shlex
from typing import Any

from engine.durations import in_words
from engine.job_definitions.configuration import captured, merged
from engine.job_definitions.definition import Definition
from engine.job_definitions.expressions import crontab_of, scheduler_expression
from engine.job_definitions.processing_job import templates

HOURLY = "cron(0 * ? * * *)"
MACHINE = "arn:aws:states:REGION:ACCOUNT:stateMachine:model-monitor"
ROLE = "arn:aws:iam::123456789012:role/model-monitor-scheduler"
"""What the stack of ``conf/eventbridge/model-monitor.yaml`` makes; to be filled in."""


def create_schedule(definition: Definition, image: str) -> dict[str, Any]:
    """A request of EventBridge Scheduler's ``CreateSchedule``, which starts the state machine of ``conf/eventbridge``."""
    schedule = definition.schedule
    start = -schedule.period if schedule.start_offset is None else schedule.start_offset
    told = {
        "time": "<aws.scheduler.scheduled-time>",
        "execution": "<aws.scheduler.execution-id>",
        "start_offset": round(start.total_seconds()),
        "end_offset": round(schedule.end_offset.total_seconds()) if schedule.end_offset else 0,
        "jobs": templates(definition, image),
    }
    once = (schedule.expression or "").strip().upper() == "NOW"
    expression = "at(2026-01-31T11:00:00)" if once else scheduler_expression(schedule.expression or HOURLY)
    return {
        "Name": schedule.name,
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "State": "ENABLED",
        "Target": {"Arn": MACHINE, "RoleArn": ROLE, "Input": json.dumps(told)},
    }


def crontab(definition: Definition) -> str:
    """A crontab that runs ``run.sh`` when the schedule would; five minutes later, so that captures have arrived."""
    expression = definition.schedule.expression or HOURLY
    line = crontab_of(expression)
    if line is None:
        return f"# {expression}: cron has no words for it. Start run.sh when it is to run.\n"
    minute, rest = line.split(" ", 1)
    later = (int(minute) + 5) % 60
    return (
        f"# {expression}, five minutes later so that the last captures have arrived. Times are UTC.\n"
        f"CRON_TZ=UTC\n{later} {rest} cd FOLDER && sh run.sh >> run.log 2>&1\n"
    )


def script(definition: Definition) -> str:
    """A shell script with the commands: labels are merged, then all windows that are not complete are analysed."""
    schedule = definition.schedule
    period = in_words(schedule.period)
    offsets = {"--start-offset": schedule.start_offset, "--end-offset": schedule.end_offset}
    given = [f"{name}={in_words(offset)}" for name, offset in offsets.items() if offset is not None]
    command = ["model-monitor", "backfill", "--config", "monitor.yaml", "--every", period, *given]
    lines = ["#!/bin/sh", "# Arguments: the period, for example --from 2026-01-01 --to 2026-02-01.", "set -eu"]
    lines.append(f'[ "$#" -gt 0 ] || set -- --last {in_words(3 * schedule.period)}  # what was missed is made up for')
    lines += [f"export {name}={shlex.quote(value)}" for name, value in definition.environment.items()]
    if definition.ground_truth:
        merge = [
            "model-monitor",
            "merge",
            captured(definition),
            definition.ground_truth,
            "--output",
            merged(definition),
        ]
        lines.append(shlex.join(merge))
    return "\n".join([*lines, f'{shlex.join(command)} "$@"', ""])
