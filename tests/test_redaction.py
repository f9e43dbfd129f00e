"""No message holds a credential, wherever it stands in an address."""

from __future__ import annotations

import pytest

from engine.errors import MonitorError

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCY"  # noqa: S105 - AWS's own example


@pytest.mark.parametrize(
    "text",
    [
        f"s3://AKIAEXAMPLE:{SECRET}@bucket/x: not found",
        f"s3a://AKIAEXAMPLE:{SECRET}@bucket",
        f"hdfs://user:{SECRET}@host:8020/x",
        f"https://user:{SECRET}@example.com/hook",
        f"https://{SECRET[:12]}@example.com/hook",
        f"jdbc:postgresql://host:5432/db?user=u&password={SECRET}&ssl=true",
        f"jdbc:sqlserver://host:1433;databaseName=x;user=u;password={SECRET};encrypt=true",
        f"jdbc:oracle:thin:scott/{SECRET}@host:1521:orcl",
        f"https://b.s3.amazonaws.com/x?X-Amz-Signature={SECRET}&X-Amz-Security-Token={SECRET}",
        f"wasbs://c@account.blob.core.windows.net/x?sig={SECRET}",
    ],
)
def test_a_credential_is_hidden_in_a_message(text: str) -> None:
    shown = str(MonitorError(f"'input.paths[0]' is {text!r}"))
    assert SECRET[:12] not in shown
    assert "AKIA" not in shown
    assert "***" in shown


def test_what_follows_a_credential_stays() -> None:
    text = str(MonitorError(f"jdbc:postgresql://h/d?password={SECRET}: cannot be opened."))
    assert text == "jdbc:postgresql://h/d?password=***: cannot be opened."


@pytest.mark.parametrize(
    "text",
    [
        "hdfs://host:8020/folder@x/file",
        "hdfs://me@host/x",
        "abfs://container@account.dfs.core.windows.net/x",
        "s3://bucket/name@x:y",
        "http://127.0.0.1:4566",
        "spark://host:7077",
        "a@b.example: mail",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert str(MonitorError(text)) == text
