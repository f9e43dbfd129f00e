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
        (' {" CSV " : {" HEADER ": " TRUE "}} ', {"format": "csv", "csv": {"header": True}}),
        ('[{"csv": {"header": true}}]', {"format": "csv", "csv": {"header": True}}),
        ('"{\\"csv\\": {\\"header\\": true}}"', {"format": "csv", "csv": {"header": True}}),
        ('\ufeff{"csv": {"header": 1}}', {"format": "csv", "csv": {"header": True}}),
        ('{"parquet": true}', {"format": "parquet"}),
        (
            '{"csv": {"header": null, "output_columns_position": " start "}}',
            {"format": "csv", "csv": {"header": False}, "capture": {"output_columns_position": "START"}},
        ),
        ('{"sagemakerCaptureJson": {"captureIndexNames": "endpointInput, endpointOutput"}}', BOTH),
        ('{"sagemakerCaptureJson": {"captureIndexNames": ["EndpointInput", "endpointinput", "endpointOutput"]}}', BOTH),
        ('{"sagemakerCaptureJson": {"captureIndexNames": []}}', CAPTURE),
        (
            '{"sagemakerCaptureJson": {"captureIndexNames": ["batchTransformOutput"]}}',
            CAPTURE | {"capture": {"parts": ["batchTransformOutput"]}},
        ),
        (
            '{"sagemakerMergeJson": {"captureIndexNames": ["batchTransformOutput"]}}',
            CAPTURE | {"capture": {"parts": ["batchTransformOutput", "groundTruthData"]}},
        ),
    ],
)
def test_every_shape_seen(text: str, expected: dict[str, Any]) -> None:
    assert input_keys(text) == expected
    make_config(["a"], "o", options={"input": expected})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"csv\u201d: { \u201dheader\u201d: true}', "use straight ones"),
        ('{"csv": ', "is not JSON (line 1, column 8: expecting value)"),
        ("{'csv': {'header': True}}", "It has single quotes: JSON needs double ones"),
        ('{"csv": {"header": true,}}', "a comma stands before '}'; remove it"),
        ('{"csv": {}, "json": {}}', "names 2 formats"),
        ('{"csv": {"header": "maybe"}}', "dataset_format: csv.header is 'maybe'; allowed: true and false"),
        (
            '{"csv": {"output_columns_position": "middle"}}',
            "csv.output_columns_position is 'middle'; allowed: START and END",
        ),
        ('{"csv": "header"}', "csv is 'header'; allowed: an object"),
        (
            '{"sagemakerCaptureJson": {"captureIndexNames": ["input"]}}',
            "captureIndexNames is 'input'; allowed: endpointInput,",
        ),
        ('{"sagemakerCaptureJson": {"captureIndexNames": {"a": 1}}}', "allowed: a list of endpointInput"),
        ("csv", "is not JSON"),
        ("[" * 5000, "nested more than"),
        ("[]", "must be a JSON object"),
        ('{"orc": {}}', "names no known format"),
    ],
)
def test_what_is_wrong_is_named(text: str, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        input_keys(text)
    assert str(caught.value).startswith("dataset_format")
    assert expected in str(caught.value)
    assert "sagemakerCaptureJson" in str(caught.value) or "; allowed: " in str(caught.value)
    assert expected in str(caught.value)


def test_keys_that_mean_nothing_are_named(caplog: pytest.LogCaptureFixture) -> None:
    keys = input_keys('{"csv": {"header": true, "delimiter": ";"}, "version": 1}')
    assert keys == {"format": "csv", "csv": {"header": True}}
    assert "dataset_format: version means nothing here" in caplog.text
    assert "dataset_format: csv.delimiter means nothing here" in caplog.text
