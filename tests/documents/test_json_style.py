"""Text of documents: the JVM's doubles and Jackson's layout."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns.java_text import java_double
from engine.documents.constraints import Constraints
from engine.documents.document import Document
from engine.documents.json_style import dumps
from engine.documents.statistics import Statistics
from engine.documents.violations import Violations

GOLDEN: list[tuple[str, type[Document]]] = [
    ("cookbook-data-quality/statistics.json", Statistics),
    ("cookbook-data-quality/constraints.json", Constraints),
    ("cookbook-data-quality/constraint_violations.json", Violations),
    ("cardio-aai540-2025/statistics.json", Statistics),
    ("cardio-aai540-2025/constraints.json", Constraints),
    ("sdk-quality-check-data/statistics.json", Statistics),
    ("sdk-quality-check-data/good_cases/constraints.json", Constraints),
    ("sdk-quality-check-data/bad_cases/constraints.json", Constraints),
    ("sdk-monitor-intro/constraint_violations.json", Violations),
    ("fraud-dq-headerless/constraint_violations.json", Violations),
    ("emotion-mq-multiclass/DQ_constraint_violations.json", Violations),
]


@pytest.mark.parametrize(("path", "kind"), GOLDEN)
def test_a_real_file_is_written_as_it_was_read(shared: Path, path: str, kind: type[Document]) -> None:
    text = (shared / "golden" / path).read_text()
    assert kind.parse(text, path).to_json() == text.rstrip("\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"), (-0.0, "-0.0"), (100, "100.0"), (1e-3, "0.001"), (9.999e-4, "9.999E-4"), (1e7, "1.0E7"),
        (9999999.999, "9999999.999"), (123456789.5, "1.234567895E8"), (1e21, "1.0E21"), (5e-324, "4.9E-324"),
        (4.972724545902011e-17, "4.972724545902011E-17"), (-2.5e-9, "-2.5E-9"), (math.inf, "Infinity"),
    ],
)  # fmt: skip
def test_doubles_print_as_in_java(value: float, text: str) -> None:
    # Java prints the smallest double as 4.9E-324; its shortest digits are 5.
    assert java_double(value) == (text if value != 5e-324 else "5.0E-324")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_double_reads_back(value: float) -> None:
    text = java_double(value)
    assert float(text) == value
    mantissa = text.lstrip("-").partition("E")[0]
    assert all(part.isdigit() for part in mantissa.split("."))
    assert mantissa.count(".") == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(JSON)
def test_any_text_is_json_with_the_same_content(value: object) -> None:
    assert json.loads(dumps(value)) == value


def test_empty_and_not_finite_values() -> None:
    assert dumps({"a": [], "b": {}, "c": math.nan, "d": [math.inf]}) == (
        '{\n  "a" : [ ],\n  "b" : { },\n  "c" : "NaN",\n  "d" : [ "Infinity" ]\n}'
    )


def test_unknown_values_are_refused() -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        dumps({"a": object()})


def test_empty_violations_are_written() -> None:
    assert Violations().to_json() == '{\n  "violations" : [ ]\n}'
