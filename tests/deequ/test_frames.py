"""Columns that stay text are found without regard to case, and one that is not there is said."""

from __future__ import annotations

import logging

import pytest

from engine.deequ.frames import _named


def test_named_text_columns_ignore_case_and_miss_nothing_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert _named({"ZIP", "id", "zipp"}, ["zip", "ID", "id"]) == {"zip", "id"}
    assert "there is no column 'zipp'; there are zip, ID, id" in caplog.text
