"""Whether there is data to judge: any records at all, and few enough that are malformed."""

from __future__ import annotations

from engine.config import Config
from engine.datasets.base import QuarantinedRecord
from engine.errors import NoDataError, TooManyMalformedRecordsError
from engine.metrics import DatasetMetrics
from engine.sinks.files import write_documents
from engine.sinks.quarantine import quarantine_lines


def check_records(config: Config, metrics: DatasetMetrics, quarantined: list[QuarantinedRecord]) -> None:
    """Let a job go on that has data.

    Raises:
        NoDataError: There is no record.
        TooManyMalformedRecordsError: Their share is above ``input.max_malformed_share``. They are listed in ``quarantine.jsonl``.
    """
    total = metrics.rows + metrics.malformed
    if not total:
        raise NoDataError(f"Job inputs had no data: {_nothing(config, metrics)}.")
    share = metrics.malformed / total
    if share <= config.input.max_malformed_share:
        return
    written = write_documents(config.output, {"quarantine.jsonl": quarantine_lines(quarantined, metrics.malformed)})
    first = quarantined[0]
    position = ", ".join(f"{key} {value}" for key, value in first.position.items())
    known = sum(record.records for record in quarantined)
    listed = "All are" if metrics.malformed == known else f"{known:,} of them are"
    raise TooManyMalformedRecordsError(
        f"{metrics.malformed:,} of {total:,} records ({share:.1%}) are malformed; "
        f"{config.input.max_malformed_share:.0%} are allowed (input.max_malformed_share). "
        f"The first: {first.file}, {position}: {first.reason.rstrip('.')}. {listed} listed in {written['quarantine.jsonl']}."
    )


def _nothing(config: Config, metrics: DatasetMetrics) -> str:
    """What was looked at and held no records, and what may have left them out: a window, a preprocessor."""
    given = config.input
    names = ", ".join(given.paths)
    holder = f"the table {names} holds" if given.format == "table" else f"the files under {names} hold"
    window = " in the analysis window" if given.start or given.end else ""
    if not given.preprocessor:
        return f"{holder} no records{window}"
    notes = "".join(f"; {note}: {count:,}" for note, count in metrics.notes.items())
    return f"{holder} no records{window} for which the preprocessor {given.preprocessor} returned a row{notes}"
