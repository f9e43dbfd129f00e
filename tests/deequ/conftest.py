"""One Spark session with the real Deequ, shared by all tests that want the same release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from engine.deequ.config import DeequConfig
from engine.deequ.jvm import Jvm
from engine.deequ.session import deequ_session
from engine.deequ.signatures import DEFAULT_RELEASE, NEWER_RELEASE

SPARK = {"spark.sql.shuffle.partitions": "1", "spark.driver.memory": "2g", "spark.default.parallelism": "1"}


class Sessions:
    """The session of one release at a time: a process has one JVM, and a JVM one release."""

    def __init__(self) -> None:
        self._stack, self._release = ExitStack(), ""
        self._jvm: Jvm | None = None

    def enter(self, release: str) -> Jvm:
        if self._jvm is None or release != self._release:
            self.close()
            config = DeequConfig(release=release)
            self._jvm = self._stack.enter_context(deequ_session(config, master="local[1]", conf=SPARK))
            self._release = release
        return self._jvm

    def close(self) -> None:
        self._jvm = None
        self._stack.close()


@pytest.fixture(scope="session")
def sessions() -> Iterator[Sessions]:
    shared = Sessions()
    yield shared
    shared.close()


@pytest.fixture
def jvm(sessions: Sessions) -> Jvm:
    """The default release."""
    return sessions.enter(DEFAULT_RELEASE)


@pytest.fixture
def newer(sessions: Sessions) -> Jvm:
    """The release with DQDL."""
    return sessions.enter(NEWER_RELEASE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the newer release come last: each change of the release costs a start of the JVM, which is slow at first."""
    items.sort(key=lambda item: "newer" in getattr(item, "fixturenames", ()))


Frame = Callable[..., Any]


def frame_from(jvm: Jvm, columns: dict[str, list[Any]], types: dict[str, str]) -> Any:
    """A DataFrame of columns, with Spark's names of types."""
    schema = ", ".join(f"`{name}` {types[name]}" for name in columns)
    rows = list(zip(*columns.values(), strict=True))
    return jvm.session.createDataFrame(rows, schema).coalesce(1)
