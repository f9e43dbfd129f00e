from __future__ import annotations

import pytest

from engine.execution import java_options as module
from engine.execution.java_options import JAVA_OPTIONS, QUICK, java_options


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "quiet_logging", lambda given: "" if "log4j" in given else "-Dquiet")


def test_what_is_ours_comes_behind_the_users_options() -> None:
    assert java_options({JAVA_OPTIONS: "-Xss4m"}, schedules_only=False) == {JAVA_OPTIONS: "-Xss4m -Dquiet"}
    assert java_options({}, schedules_only=True) == {JAVA_OPTIONS: f"-Dquiet {QUICK}"}


def test_a_user_who_tunes_the_jvm_is_left_alone() -> None:
    mine = "-Dlog4j2.x=y -XX:+UseParallelGC"
    assert java_options({JAVA_OPTIONS: mine}, schedules_only=True) == {JAVA_OPTIONS: mine}


def test_nothing_to_say_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "quiet_logging", lambda given: "")
    assert java_options({}, schedules_only=False) == {}
