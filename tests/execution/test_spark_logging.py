from __future__ import annotations

from pathlib import Path

import pytest

from engine.execution.spark_logging import QUIET, quiet_logging
from tests.integration.conftest import run_job

OURS = f"-Dlog4j2.configurationFile={QUIET.as_uri()}"


@pytest.fixture(autouse=True)
def no_spark_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPARK_HOME", "SPARK_CONF_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_ours_holds_where_the_user_has_none() -> None:
    assert quiet_logging("") == OURS
    assert quiet_logging("-Xss4m") == OURS


def test_the_users_own_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert quiet_logging("-Dlog4j2.configurationFile=file:/mine") == ""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "log4j2.properties").touch()
    monkeypatch.setenv("SPARK_HOME", str(tmp_path))
    assert quiet_logging("") == ""


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_a_job_says_nothing_of_spark(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a\n1\n")
    done = run_job("baseline", str(tmp_path / "rows.csv"), "--output", str(tmp_path / "out"), "--master", "local[1]")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "incubator modules" not in line] == []
