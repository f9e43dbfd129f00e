from __future__ import annotations

from typing import Any

import pytest

from engine.config import make_config
from engine.errors import ConfigurationError
from jobs.dataset_format import input_keys

CAPTURE = {"format": "capture"}
BOTH = {"format": "capture", "capture": {"parts": ["endpointInput", "endpointOutput"]}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ('{"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}', BOTH),
        ('{"sagemakerCaptureJson": {}}', CAPTURE),
        ('{"sagemakerCaptureJson": null}', CAPTURE),
        (
            '{"sagemakerMergeJson": {"captureIndexNames": ["endpointOutput"]}}',
            CAPTURE | {"capture": {"parts": ["endpointOutput", "groundTruthData"]}},
        ),
        (
            '{"csv": {"header": true, "output_columns_position": "END"}}',
            {"format": "csv", "csv": {"header": True}, "capture": {"output_columns_position": "END"}},
        ),
        ('{"csv": {"header": ["true", "false"]}}', {"format": "csv", "csv": {"header": False}}),
        ('{"csv": {}}', {"format": "csv", "csv": {"header": False}}),
        ('{"Csv": {"Header": true}}', {"format": "csv", "csv": {"header": True}}),
        ('{"csv": {"header": "True"}}', {"format": "csv", "csv": {"header": True}}),
        ('{"json": {"lines": true}}', {"format": "jsonl", "json_lines": True}),
        ('{"json": {"line": false}}', {"format": "jsonl", "json_lines": False}),
        ('{"Json": {"Line": true}}', {"format": "jsonl", "json_lines": True}),
        ('{"json": {}}', {"format": "jsonl", "json_lines": True}),
        ('{"Json": {}}', {"format": "jsonl", "json_lines": False}),
        ('{"parquet": {}}', {"format": "parquet"}),
        ('{"Parquet": {}}', {"format": "parquet"}),
    ],
)
def test_every_shape_seen(text: str, expected: dict[str, Any]) -> None:
    assert input_keys(text) == expected
    make_config(["a"], "o", options={"input": expected})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"csv\u201d: { \u201dheader\u201d: true}', "use straight ones"),
        ('{"csv": ', "is not JSON (Expecting value at character 8)"),
        ("[]", "must be a JSON object"),
        ('{"orc": {}}', "names no known format"),
    ],
)
def test_what_is_wrong_is_named(text: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        input_keys(text)
    assert str(caught.value).startswith("dataset_format ")
    assert expected in str(caught.value)
    assert "sagemakerCaptureJson" in str(caught.value)
