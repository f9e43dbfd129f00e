"""Addresses that no store takes are refused before a store is asked, and never shown with what is secret in them."""

from __future__ import annotations

import pytest

from engine.errors import ConfigurationError
from engine.filesystems import resolve


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("s3://AKIA:geheim@bucket/x", r"s3://\*\*\*@bucket/x: credentials do not belong into an address"),
        ("s3a://AKIA:ge/heim@bucket/x", "credentials do not belong"),
        ("s3://AKIAgeheim@bucket/x", "credentials do not belong"),
        ("s3://", "names no bucket"),
        ("s3:///x", "names no bucket"),
        ("data/a\0b.csv", "cannot hold the character NUL"),
        ("data/\udcff.csv", "not text in UTF-8"),
        ("s3://bucket/\ud800", "not text in UTF-8"),
        ("nosuch://user:geheim@host/x", "cannot be opened"),
    ],
)
def test_an_address_that_no_store_takes_is_refused(uri: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected) as caught:
        resolve(uri)
    assert "geheim" not in str(caught.value)
    assert "heim@" not in str(caught.value)
