"""Whatever the code of a metric does, it costs that metric alone, and its message names metric, column, file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import engine
from engine.metrics import failure_texts

SOUND = """
from engine import metric


@metric(worse="higher")
class Sound:
    '''Rows.'''
    rows: int = 0
    def update(self, column): self.rows += len(column)
    def result(self): return self.rows
"""

HEAD = """
import sys
import warnings
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from engine import Measured, metric


class Worst(Exception):
    def __str__(self): raise RuntimeError("no text")
    __repr__ = __str__


class Odd:
    def __bool__(self): raise RuntimeError("no truth")
    def __eq__(self, other): raise RuntimeError("no equality")
    __hash__ = None
    def __str__(self): raise RuntimeError("no text")
    __repr__ = __str__


def endless(): return endless()


@metric(worse="higher")
class Broken:
    '''Breaks.'''
    rows: int = 0
    kept: Any = None
"""

METHODS = {
    "update": "self.rows += len(column)",
    "merge": "self.rows += other.rows",
    "result": "return self.rows",
    "suggest": "return None",
    "verify": "return None",
}
ARGUMENTS = {
    "update": "column",
    "merge": "other",
    "result": "",
    "suggest": "key, found, chunks",
    "verify": "key, found, constraint",
}


def source(**bodies: str) -> str:
    """The plugin, with some of its methods replaced."""
    methods = {
        name: bodies.get(name, body) for name, body in METHODS.items() if name in bodies or name in ("update", "result")
    }
    return HEAD + "".join(
        f"    def {name}(self, {ARGUMENTS[name]}):\n        {body}\n" for name, body in methods.items()
    )


RAISED = {
    "exit": ("sys.exit(0)", "SystemExit: 0 (broken.py, line "),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt (broken.py, line "),
    "generator": ("raise GeneratorExit", "GeneratorExit (broken.py, line "),
    "no text": ("raise Worst", "Worst: its text cannot be shown, as its __str__ raises RuntimeError (broken.py, line "),
    "10 MB": ("raise ValueError('x' * 10_000_000)", "xxx ... (broken.py, line "),
    "surrogate": ("raise ValueError('\\ud800')", "ValueError: \\ud800 (broken.py, line "),
    "recursion": ("endless()", "RecursionError: maximum recursion depth exceeded (broken.py, line "),
    "memory": ("raise MemoryError", "MemoryError (broken.py, line "),
    "warning": ("warnings.simplefilter('error'); warnings.warn('old')", "UserWarning: old (broken.py, line "),
    "base": ("raise BaseException('base')", "BaseException: base (broken.py, line "),
}
WHERE = {
    "update": "split 0",
    "merge": "merging",
    "result": "result",
    "suggest": "suggestion",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("a,b\n" + "".join(f"{i},x{i % 3}\n" for i in range(3000)))
    (tmp_path / "sound.py").write_text(SOUND)
    return tmp_path


def run(data: Path, code: str) -> tuple[Any, str]:
    """A baseline of several splits with the broken plugin and a sound one, and what the failures say."""
    (data / "broken.py").write_text(code)
    plugins = {"files": [str(data / "broken.py"), str(data / "sound.py")]}
    result = engine.baseline(
        data / "a.csv", output=data / "out", runner="inline", plugins=plugins, input={"split_bytes": 4096}
    )
    statistics = json.loads((data / "out" / "statistics.json").read_text())
    assert [feature["metrics"]["sound"]["value"] for feature in statistics["features"]] == [3000, 3000]
    assert [feature["name"] for feature in statistics["features"]] == ["a", "b"]
    text = "\n".join(failure_texts(result.failures))
    if text:
        assert result.message.startswith("Completed: ")
        assert text in result.message
        assert f"[file {data / 'broken.py'}]" in text
    return result, text


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("kind", RAISED)
def test_metric_that_raises_anything_anywhere_fails_alone(data: Path, where: str, kind: str) -> None:
    body, named = RAISED[kind]
    result, text = run(data, source(**{where: body}))
    assert named in text
    assert text.startswith(f"metric 'broken' of columns 'a', 'b' failed ({WHERE[where]}")
    assert {f.column for f in result.failures} == {"a", "b"}
    table = pq.read_table(data / "out" / "metrics.parquet").to_pylist()
    assert {row["column"] for row in table if row["metric"] == "broken" and row["status"] == "failed"} == {"a", "b"}


STATES = {
    "set": ("{1, 2}", "field 'kept' of the state holds a set"),
    "object": ("object()", "field 'kept' of the state holds a object"),
    "bytes": ("b'x'", "field 'kept' of the state holds a bytes"),
    "decimal": ("Decimal('1')", "field 'kept' of the state holds a Decimal"),
    "datetime": ("datetime(2020, 1, 1)", "field 'kept' of the state holds a datetime"),
    "datetime64": ("np.datetime64('2020-01-01')", "field 'kept' of the state holds a datetime64"),
    "arrow": ("pa.scalar(1)", "field 'kept' of the state holds a Int64Scalar"),
    "array": ("pa.array([1])", "field 'kept' of the state holds a Int64Array"),
    "objects": ("np.array([{}], object)", "an array of type ndarray and dtype object"),
    "records": ("np.zeros(2, [('x', 'f8')])", "and dtype [('x', '<f8')]"),
    "masked": ("np.ma.masked_array([1, 2], [True, False])", "an array of type MaskedArray"),
    "key": ("{1: 2}", "a mapping with a key of type int"),
    "None as key": ("{None: 2}", "a mapping with a key of type NoneType"),
    "deep": ("[[{'x': {1, 2}}]]", "field 'kept' of the state holds a set"),
    "huge": ("10 ** 5000", "an integer of more than 4,000 digits"),
    "odd": ("Odd()", "field 'kept' of the state holds a Odd"),
    "lambda": ("lambda: 1", "field 'kept' of the state holds a function"),
}


@pytest.mark.parametrize("kind", STATES)
def test_metric_with_a_state_that_cannot_be_written_fails_alone(data: Path, kind: str) -> None:
    value, named = STATES[kind]
    result, text = run(data, source(update=f"self.kept = {value}"))
    assert named in text
    assert text.startswith("metric 'broken' of columns 'a', 'b' failed (split 0, ")
    assert len(result.failures) == 2


RESULTS = {
    "text": ("'3'", "is a str; allowed: a number"),
    "bytes": ("b'3'", "is a bytes; allowed: a number"),
    "datetime": ("datetime(2020, 1, 1)", "is a datetime; allowed: a number"),
    "list": ("[1, 2]", "is a list; allowed: a number"),
    "array": ("np.array([1, 2])", "is a ndarray; allowed: a number"),
    "complex": ("1j", "is a complex; allowed: a number"),
    "huge": ("10 ** 400", "is beyond the largest float"),
    "odd": ("Odd()", "is a Odd; allowed: a number"),
    "surrogate": ("{'\\ud800': 1}", "has the name '\\ud800'; allowed: a text"),
    "NaN as name": ("{float('nan'): 1}", "has the name nan; allowed: a text"),
    "twice": ("{1: 1, '1': 2}", "two results of the name 'broken.1'"),
    "measured text": ("Measured('3')", "is a str; allowed: a number"),
    "measured status": ("Measured(3, status='fine')", "status of broken is 'fine'; allowed: ok"),
    "measured detail": ("Measured(3, detail={'x': Odd()})", "RuntimeError: no text"),
}


@pytest.mark.parametrize("kind", RESULTS)
def test_metric_with_a_result_that_is_no_number_fails_alone(data: Path, kind: str) -> None:
    value, named = RESULTS[kind]
    result, text = run(data, source(result=f"return {value}"))
    assert named in text
    assert text.startswith("metric 'broken' of columns 'a', 'b' failed (result): ")
    assert not [m for m in result.measurements if m.metric.startswith("broken") and m.status != "failed"]


NUMBERS = {
    "numpy": ("np.float32(0.5)", 0.5),
    "bool": ("True", 1.0),
    "decimal": ("Decimal('0.5')", 0.5),
    "arrow": ("pa.scalar(0.5)", 0.5),
    "missing": ("pa.scalar(None, pa.float64())", None),
    "NaN": ("float('nan')", None),
    "measured": ("Measured(np.int64(3), detail={'x': np.array([1]), 'y': pa.scalar(2)}, explanation='one')", 3.0),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_metric_with_a_number_of_another_library_has_that_value(data: Path, kind: str) -> None:
    value, number = NUMBERS[kind]
    result, text = run(data, source(result=f"return {value}"))
    assert text == ""
    assert [m.value for m in result.measurements if m.metric == "broken"] == [number, number]


def test_metric_whose_suggestion_is_no_constraint_fails_alone(data: Path) -> None:
    _, text = run(data, source(suggest="return {'threshold': 1}"))
    assert "(suggestion): TypeError: suggest gave a dict; allowed: a MetricConstraint, or None" in text


@pytest.mark.parametrize("body", ["sys.exit(0)", "raise KeyboardInterrupt", "return 3"])
def test_metric_whose_verification_is_odd_fails_alone(data: Path, body: str) -> None:
    good = source().replace('worse="higher"', 'worse="higher", threshold=1')
    run(data, good)
    bad = source(verify=body).replace('worse="higher"', 'worse="higher", threshold=1')
    (data / "broken.py").write_text(bad)
    plugins = {"files": [str(data / "broken.py"), str(data / "sound.py")]}
    result = engine.monitor(
        data / "a.csv", baseline=data / "out", output=data / "now", runner="inline", plugins=plugins
    )
    (text,) = failure_texts(result.failures)
    assert text.startswith("metric 'broken' of columns 'a', 'b' failed (verification): ")
    assert [m.value for m in result.measurements if m.metric == "sound"] == [3000, 3000]


def test_metric_whose_class_cannot_be_called_fails_alone(data: Path) -> None:
    _, text = run(data, source() + "    def __post_init__(self): raise OSError('no model')\n")
    assert "failed (split 0, " in text
    assert "OSError: no model (broken.py, line " in text


def test_metric_that_forgets_itself_fails_alone(data: Path) -> None:
    code = source(update="self.spec = None; self.__dict__.clear(); del self.seen")
    _, text = run(data, code.replace("kept: Any = None", "seen: list[int] = field(default_factory=list)"))
    assert "AttributeError" in text


@pytest.mark.parametrize(
    "code",
    [
        (
            "    def __getattribute__(self, name):\n"
            "        if name == 'spec': sys.exit(0)\n"
            "        return object.__getattribute__(self, name)\n"
        ),
        "    def fresh(self): sys.exit(0)\n",
        "    def __setattr__(self, name, value): sys.exit(0)\n",
    ],
)
def test_metric_whose_own_machinery_leaves_fails_alone(data: Path, code: str) -> None:
    _, text = run(data, source() + code)
    assert "SystemExit: 0 (broken.py, line " in text


def test_metric_that_takes_its_class_apart_fails_or_works_and_harms_nothing(data: Path) -> None:
    run(data, source(update="type(self).spec = None; self.rows += 1"))


def test_metric_with_half_a_character_in_its_details_writes_an_escape(data: Path) -> None:
    result, text = run(data, source(result="return Measured(1, detail={'x': ['\\ud800']}, explanation=['\\ud800'])"))
    assert text == ""
    assert {json.dumps(m.detail) for m in result.measurements if m.metric == "broken"} == {'{"x": ["\\\\ud800"]}'}


def test_metric_that_changes_the_arrays_of_others_fails_or_changes_nothing(data: Path) -> None:
    engine.baseline(data / "a.csv", output=data / "plain", runner="inline", input={"split_bytes": 4096})
    _, text = run(data, source(update="column.numbers[:] = 7; self.rows += 1"))
    plain, found = (json.loads((data / name / "statistics.json").read_text()) for name in ("plain", "out"))
    assert "ValueError: assignment destination is read-only (broken.py, line " in text
    for one, other in zip(plain["features"], found["features"], strict=True):
        assert (
            one["numerical_statistics" if one["name"] == "a" else "string_statistics"]
            == other["numerical_statistics" if one["name"] == "a" else "string_statistics"]
        )


def test_columns_of_a_metric_are_literal_names_and_what_fits_nothing_is_noted(data: Path) -> None:
    (data / "odd.jsonl").write_text('{"price[usd]": 1, "Tax": 2, "tax": 3, "u": 4}\n' * 2)
    metrics = [
        {"name": "sound", "key": "one", "columns": ["price[usd]"]},
        {"name": "sound", "key": "two", "columns": ["PRICE*", "tax"]},
        {"name": "sound", "key": "three", "columns": ["U", "prise"]},
    ]
    plugins = {"files": [str(data / "sound.py")]}
    result = engine.baseline(data / "odd.jsonl", output=data / "out", runner="inline", plugins=plugins, metrics=metrics)
    places = {(m.metric, m.column) for m in result.measurements if m.metric in ("one", "two", "three")}
    assert places == {("one", "price[usd]"), ("two", "price[usd]"), ("two", "tax"), ("three", "u")}
    (note,) = (note for note in result.notes if "no column fits" in note)
    assert note == "metric 'three': no column fits 'prise' of its 'columns'; there are Tax, price[usd], tax, u"
