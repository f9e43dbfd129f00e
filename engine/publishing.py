"""What becomes of a result: documents, metrics, the events of actions, the exit message, and the user's own script."""

from __future__ import annotations

import logging
from datetime import timedelta

from engine.actions.delivery import FILE_NAME as PENDING
from engine.actions.delivery import deliver, events_of, pending_text
from engine.actions.events import EventSource
from engine.config import Config
from engine.datasets.base import QuarantinedRecord
from engine.datasets.discovery import hour_of
from engine.datasets.postprocessing import run_postprocessor
from engine.deequ.in_job import failing_rows_file
from engine.errors import DeliveryError, MonitorError, UserScriptError
from engine.execution.analysis import Analysis
from engine.failures import message_of
from engine.interruption import uninterrupted
from engine.job_plan import JobPlan
from engine.job_result import JobResult
from engine.metrics import DatasetMetrics, failure_texts
from engine.monitors.asking import ask
from engine.monitors.base import MetricDatum
from engine.sinks.cloudwatch import publish
from engine.sinks.exit_message import completed_message, leave_message
from engine.sinks.files import write_documents
from engine.sinks.measured import data_of
from engine.sinks.metrics_table import FILE_NAME as METRICS_TABLE
from engine.sinks.metrics_table import RunLabels, metrics_table
from engine.sinks.quarantine import quarantine_lines
from engine.states import FILE_NAME as STATES
from engine.states import dump_states

_LOG = logging.getLogger(__name__)


def publish_result(
    config: Config,
    plan: JobPlan,
    analysis: Analysis,
    metrics: DatasetMetrics,
    result: JobResult,
    quarantined: list[QuarantinedRecord],
) -> None:
    """Write all documents of a result or none, then send what is to be sent.

    Args:
        config: The job's configuration.
        plan: Its plan.
        analysis: What the pass left, as state; a baseline keeps it for plugins.
        metrics: What was found.
        result: Learns where the documents are, and what did not arrive.
        quarantined: Malformed records.

    Raises:
        DeliveryError: Something did not arrive, and the configuration is strict.
    """
    kept = plan.kind == "baseline" and bool(plan.analyses.uses or plan.analyses.segments)
    kinds = plan.monitor.documents
    events = events_of(plan.actions, result.violations, config.severities, _source(config, plan))
    documents = {  # None removes what an earlier job left in the folder
        kinds.statistics_file: result.statistics.to_json(),
        kinds.constraints_file: result.constraints.to_json(),
        "constraint_violations.json": _violations_text(config, plan, result),
        **failing_rows_file(result.deequ),
        METRICS_TABLE: metrics_table(result.measurements, labels_of(config, plan, metrics)),
        **ask(plan.monitor, lambda: plan.monitor.files(metrics)),
        STATES: dump_states(analysis.total) if kept else None,
        PENDING: pending_text(events),
        "quarantine.jsonl": quarantine_lines(quarantined, metrics.malformed) if metrics.malformed else None,
    }
    with uninterrupted():
        result.documents = dict(write_documents(config.output, documents))
    result.quarantine = result.documents.pop("quarantine.jsonl", None)
    result.documents.pop(PENDING, None)
    result.undelivered = [
        *_metrics_sent(config, plan, metrics, result),
        *deliver(plan.actions, events, config.output),
    ]
    result.message = _message(result)
    if config.message_file and (reason := leave_message(config.message_file, result.message)):
        result.undelivered.append(reason)
        result.message = _message(result)
    if config.postprocessor:
        try:
            run_postprocessor(config.postprocessor, config.output)
        except UserScriptError as error:
            raise UserScriptError(f"{error}\nThe documents are written: {config.output}") from error
    if result.undelivered and config.plugins.strict:
        raise DeliveryError("The documents are written. " + "; ".join(result.undelivered))


def labels_of(config: Config, plan: JobPlan, metrics: DatasetMetrics) -> RunLabels:
    """What the rows of the table share. Without a window it is that of the data: of its records, else of its hour folders."""
    hours = sorted(hour for hour in map(hour_of, plan.dataset.files) if hour is not None)
    folders = (hours[0], hours[-1] + timedelta(hours=1)) if hours else (None, None)
    start, end = (known or folder for known, folder in zip(metrics.times, folders, strict=True))
    start, end = config.input.start or start, config.input.end or end
    return RunLabels(plan.run, plan.monitor.name, config.cloudwatch.endpoint, start, end)


def _message(result: JobResult) -> str:
    failed = [*failure_texts(result.failures), *result.undelivered]
    return completed_message(len(result.violations), failed)


def _source(config: Config, plan: JobPlan) -> EventSource:
    names = config.cloudwatch.endpoint, config.cloudwatch.schedule
    return EventSource(plan.run, plan.monitor.name, *names, config.input.start, config.input.end, config.output)


def _metrics_sent(config: Config, plan: JobPlan, metrics: DatasetMetrics, result: JobResult) -> list[str]:
    """Publish the metrics; why they did not arrive, if so."""
    counted = [MetricDatum("violation_count", float(len(result.violations)))]
    try:
        data = [
            *ask(plan.monitor, lambda: list(plan.monitor.emissions(metrics, result.statistics, plan.baseline))),
            *data_of(result.measurements),
            *(counted if config.cloudwatch.violation_count else []),
        ]
        publish(config.cloudwatch, data, plan.monitor.namespace(config.cloudwatch.endpoint))
    except (MonitorError, OSError) as error:
        reason = message_of(error)
        _LOG.warning("the documents are written, but the metrics could not be delivered: %s", reason)
        return [f"metrics did not arrive ({reason.rstrip('.')})"]
    return []


def _violations_text(config: Config, plan: JobPlan, result: JobResult) -> str | None:
    kind = plan.monitor.documents.violations
    verified = result.deequ is not None or (plan.baseline is not None and plan.baseline.constraints is not None)
    written = verified and (result.violations or kind.written_when_empty)
    return kind(violations=result.violations).to_json() if written or config.always_write_violations else None
