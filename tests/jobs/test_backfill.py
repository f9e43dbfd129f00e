from __future__ import annotations

import pytest
from typer.testing import CliRunner

from jobs.cli import app

PERIOD = ["--from", "2026-01-31T10:00Z", "--to", "2026-01-31T14:00Z"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "either --from TIME or --last"),
        (["--from", "2026-01-31", "--last", "1d"], "either --from TIME or --last"),
        (["--from", "soon"], "--from is not a time"),
        (["--last", "1d", "--every", "1y"], "--every is not a duration"),
        ([*PERIOD, "--every", "-1h"], "must be longer"),
        ([*PERIOD, "--start-offset", "-P1D", "--end-offset", "-P2D"], "not after it"),
    ],
)
def test_wrong_use(options: list[str], text: str) -> None:
    given = ["backfill", "captures", "--baseline", "base", "--output", "out", *options]
    done = CliRunner(env={"TERM": "dumb"}).invoke(app, given)
    assert done.exit_code == 2
    assert text in " ".join(done.stderr.split())
