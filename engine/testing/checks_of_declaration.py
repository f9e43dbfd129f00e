"""Checks that a metric says what users need to know, and that what it says is true."""

from __future__ import annotations

import inspect
import json
import pickle

from engine.analyzers.measured import measured
from engine.analyzers.metric import check_declaration
from engine.analyzers.metric_constraint import MetricConstraint
from engine.analyzers.settings import settings_model, validated_settings
from engine.analyzers.state import state_fields
from engine.errors import ConfigurationError
from engine.testing.checks_of_data import results_of
from engine.testing.subject import Subject


def check_declaration_legal(subject: Subject) -> None:
    """Its name, kinds, direction and threshold are allowed."""
    check_declaration(subject.metric)


def check_documented(subject: Subject) -> None:
    """It has a docstring that says what it measures, and each setting a description or a line in it."""
    own = subject.metric.__doc__ or ""
    text = inspect.cleandoc(own)
    assert text, "there is no docstring"
    assert not own.startswith(f"{subject.metric.__name__}("), (
        "there is no docstring. Its first line is shown by 'model-monitor plugins list'; say what is measured and in what unit."
    )
    fields = settings_model(subject.metric).model_fields
    silent = [name for name, field in fields.items() if not field.description and name not in text]
    assert not silent, (
        f"setting {silent[0]} is not described: setting(..., description='...') or a line in the docstring"
    )


def check_settings_validated(subject: Subject) -> None:
    """The defaults of its settings are allowed, and an unknown setting is refused. A setting is no state."""
    validated_settings(subject.metric, {}, "defaults") if not subject.settings else None
    validated_settings(subject.metric, subject.settings, "given settings")
    try:
        validated_settings(subject.metric, {**subject.settings, "no_such_setting": 1}, "a test")
    except ConfigurationError:
        pass
    else:
        raise AssertionError("an unknown setting is accepted")
    if subject.is_analyzer:
        both = {f.name for f in state_fields(subject.metric)} & set(settings_model(subject.metric).model_fields)
        assert not both, f"{sorted(both)} are settings and state at once"


def check_picklable(subject: Subject) -> None:
    """An instance reaches the executors: its class stands at the top level of a module, its settings are plain values."""
    try:
        copy = pickle.loads(pickle.dumps(subject.new()))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise AssertionError(f"an instance cannot be sent to an executor: {error}") from None
    assert type(copy) is subject.metric, "the class that arrives is another one: does the module hold two of its name?"


def check_suggestion_holds(subject: Subject) -> None:
    """The constraint suggested for a result survives being written and read, and the result itself does not break it."""
    metric = subject.new()
    for result in results_of(subject):
        for key, found in measured(subject.metric.name, result):
            constraint = metric.suggest(key, found, [])
            if constraint is None:
                continue
            read = MetricConstraint.model_validate(json.loads(constraint.model_dump_json()))
            assert read == constraint, f"{key}: the constraint {constraint} reads back as {read}"
            fixed = metric.default_threshold is not None
            text = metric.verify(key, found, read)
            assert fixed or text is None, f"{key}: the baseline breaks its own constraint: {text}"
