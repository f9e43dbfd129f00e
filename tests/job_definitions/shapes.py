"""Complete documents from botocore's own model of the API: every field there is, each with a value of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
from botocore.model import Shape
from botocore.validate import ParamValidator

_SESSION = botocore.session.get_session()
_FIXED = {"StartTimeOffset": "-PT3H", "EndTimeOffset": "-PT1H", "ScheduleExpression": "cron(0 * ? * * *)"}
_FIXED |= {"DataAnalysisStartTime": "-PT4H", "DataAnalysisEndTime": "-PT2H"}


def shape(operation: str, side: str = "output", service: str = "sagemaker") -> Shape:
    model = _SESSION.get_service_model(service).operation_model(operation)
    found: Shape = model.output_shape if side == "output" else model.input_shape
    return found


def complete(of: Shape) -> Any:
    """A document with every field."""
    return _value(of, "", itertools.count(101))


def _value(of: Any, name: str, numbers: Iterator[int]) -> Any:
    kind = of.type_name
    if kind == "structure":
        return {key: _value(inner, key, numbers) for key, inner in of.members.items()}
    if kind == "list":
        return [_value(of.member, name, numbers)]
    if kind == "map":
        return {f"variable_{next(numbers)}": f"value-{next(numbers)}"}
    if kind == "string":
        return _FIXED.get(name) or _text(of, name, next(numbers))
    number = next(numbers)
    return {
        "integer": min(number, 97 if name == "InstanceCount" else number),
        "double": number / 1000,
        "boolean": True,
    }.get(kind, "2026-01-31T10:00:00+00:00")


def _text(of: Any, name: str, number: int) -> str:
    if getattr(of, "enum", None):
        return str(of.enum[0]) if name != "S3InputMode" else "File"
    pattern = of.metadata.get("pattern", "")
    if "s3" in pattern:
        return f"s3://bucket/file-{number}"
    return f"arn:aws:iam::111122223333:role/role-{number}" if "role" in pattern else f"text-{number}"


def errors(document: Mapping[str, Any], operation: str, service: str = "sagemaker") -> str:
    """What botocore, and the patterns and lengths of its model, have against a request; empty when nothing."""
    of = shape(operation, "input", service)
    report = ParamValidator().validate(document, of)
    return "\n".join([report.generate_report(), *_patterns(document, of, "")]).strip()


def _patterns(value: Any, of: Any, path: str) -> Iterator[str]:
    if of.type_name == "structure":
        for key, inner in value.items():
            yield from _patterns(inner, of.members[key], f"{path}.{key}")
    elif of.type_name == "list":
        for inner in value:
            yield from _patterns(inner, of.member, path)
        if len(value) > of.metadata.get("max", len(value)):
            yield f"{path}: {len(value)} elements"
    elif of.type_name == "string":
        if len(value) > of.metadata.get("max", len(value)):
            yield f"{path}: {len(value)} characters"
        pattern = of.metadata.get("pattern", "")
        if pattern and "\\u" not in pattern and "a-zA-Z0-9-_" not in pattern and not re.fullmatch(pattern, value):
            yield f"{path}: {value!r} is not {pattern}"


def leaves(value: Any) -> Iterator[str]:
    """Texts and numbers of a document, which are all different."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif not isinstance(value, bool):
        yield str(value)
