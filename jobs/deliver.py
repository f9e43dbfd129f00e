"""``model-monitor deliver``: sends what the actions of an earlier job could not deliver."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from jobs.display import show_error
from jobs.options import ConfigFile, Verbose
from jobs.running import FAILED, OK, finished, set_up_logs

Report = Annotated[
    str, typer.Argument(metavar="REPORT", help="Folder with the documents of the job; local, s3:// or hdfs://.")
]


def deliver(report: Report, config: ConfigFile = None, verbose: Verbose = 0) -> None:
    """Send the events that stand in REPORT/pending_actions.json with the actions of the configuration.

    Example: model-monitor deliver report --config monitor.yaml
    """
    messages = Console(stderr=True)
    set_up_logs(verbose, messages)

    def work() -> int:
        failures, number = _deliver(report, config)
        for failure in failures:
            show_error(messages, f"{failure}.")
        Console().print(f"{number - len(failures)} of {number} events delivered.", markup=False, highlight=False)
        return FAILED if failures else OK

    raise typer.Exit(finished(work, messages, verbose))


def _deliver(report: str, path: str | None) -> tuple[list[str], int]:
    from engine.actions.delivery import deliver as send
    from engine.actions.delivery import pending
    from engine.config import load_config
    from engine.job_plan import planned_actions
    from engine.plugins import discover
    from engine.s3.reaching import check_stores
    from engine.s3.settings import use_s3
    from jobs.bundled import bundle_plugins

    bundle_plugins()
    config = load_config(path, {"output": report, "input": {"paths": [report]}} if path is None else None)
    use_s3(config.s3)
    check_stores([report, config.plugins.files])
    events = pending(report)
    return send(planned_actions(config, discover(config.plugins.files)), events, report), len(events)
