from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from engine.actions import delivery
from engine.actions.base import Action, ViolationEvent
from engine.actions.delivery import FILE_NAME, PlannedAction, deliver, pending, pending_text
from engine.config_sections import WhenConfig
from engine.errors import MonitorError, RefusedError
from engine.sinks.files import write_documents

EVENT = ViolationEvent("k" * 64, "run", "data_quality", None, None, None, None, "report", "error", ({"a": 1},))


class Nothing(BaseModel):
    """No settings."""


class Failing(Action):
    """Fails as often as it is told to."""

    name: ClassVar[str] = "failing"
    Settings = Nothing

    def __init__(self, errors: list[BaseException]) -> None:
        self.errors = errors
        self.calls: list[str] = []

    def send(self, event: ViolationEvent) -> None:
        self.calls.append(event.key)
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LONGEST_PAUSE", 0)


def planned(key: str, action: Action, tries: int = 3) -> PlannedAction:
    return PlannedAction(key, action, WhenConfig(), tries)


def test_what_fails_is_tried_again_with_the_same_key() -> None:
    action = Failing([OSError("reset"), OSError("reset")])
    assert planned("one", action).send(EVENT) is None
    assert action.calls == [EVENT.key] * 3


def test_what_is_refused_is_not_tried_again() -> None:
    action = Failing([RefusedError("no such topic.")])
    assert planned("one", action).send(EVENT) == "action 'one' did not arrive (no such topic)"
    assert len(action.calls) == 1


def test_what_does_not_arrive_waits_beside_the_documents(tmp_path: Path) -> None:
    bad: list[Any] = [OSError("reset")] * 3
    broken, sound = planned("broken", Failing(bad)), planned("sound", Failing([]))
    events = {"broken": EVENT, "sound": EVENT}
    write_documents(tmp_path, {"statistics.json": "{}", FILE_NAME: pending_text(events)})
    failures = deliver([broken, sound], events, str(tmp_path))
    (failure,) = failures
    assert failure.startswith("action 'broken' did not arrive (OSError: reset (tests.actions.test_delivery, line ")
    assert pending(str(tmp_path)) == {"broken": EVENT}
    assert deliver([planned("broken", Failing([]))], pending(str(tmp_path)), str(tmp_path)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["statistics.json"]


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), MemoryError()])
def test_deliver_action_that_wants_to_end_the_job_fails_alone(error: BaseException) -> None:
    text = planned("one", Failing([error] * 3)).send(EVENT)
    assert text is not None
    assert text.startswith(f"action 'one' did not arrive ({type(error).__name__}")


def test_an_event_of_an_unknown_action_stays(tmp_path: Path) -> None:
    write_documents(tmp_path, {FILE_NAME: pending_text({"gone": EVENT})})
    failures = deliver([], pending(str(tmp_path)), str(tmp_path))
    assert failures == ["action 'gone' is not in the configuration; allowed: none"]
    assert pending(str(tmp_path)) == {"gone": EVENT}


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    assert pending(str(tmp_path)) == {}
    (tmp_path / FILE_NAME).write_text('{"a": {"key": 1}}')
    with pytest.raises(MonitorError, match=r"pending_actions.json is not a file of pending actions"):
        pending(str(tmp_path))
