"""Runs a state machine in JSONata as Step Functions does, as far as ours needs it; tasks are functions of the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonata

Tasks = Mapping[str, Callable[[Any], Any]]


class StateFailedError(Exception):
    """A Fail state was reached."""


def evaluate(value: Any, variables: Mapping[str, Any], states: Mapping[str, Any]) -> Any:
    """The value with all its expressions ``{% ... %}`` evaluated."""
    if isinstance(value, Mapping):
        return {key: evaluate(inner, variables, states) for key, inner in value.items()}
    if isinstance(value, list):
        return [evaluate(inner, variables, states) for inner in value]
    if not (isinstance(value, str) and value.startswith("{%") and value.endswith("%}")):
        return value
    expression = jsonata.Jsonata(value[2:-2])
    for name, known in {**variables, "states": states}.items():
        expression.assign(name, known)
    return expression.evaluate(None)


def run(machine: Mapping[str, Any], given: Any, tasks: Tasks, outer: Mapping[str, Any] | None = None) -> Any:
    """Run to the end; gives the output of the last state, with its name as ``state`` where it ends in Succeed."""
    variables: dict[str, Any] = dict(outer or {})
    name = machine["StartAt"]
    while True:
        state = machine["States"][name]
        states = {"input": given}
        if state["Type"] == "Fail":
            raise StateFailedError(state["Cause"])
        if state["Type"] == "Succeed":
            return {"state": name, **given}
        name, given = _step(state, states, variables, tasks)
        if name is None:
            return given


def _step(
    state: Mapping[str, Any], states: dict[str, Any], variables: dict[str, Any], tasks: Tasks
) -> tuple[str | None, Any]:
    if state["Type"] == "Choice":
        for rule in state["Choices"]:
            if evaluate(rule["Condition"], variables, states) is True:
                return rule["Next"], evaluate(rule.get("Output", states["input"]), variables, states)
        return state["Default"], evaluate(state.get("Output", states["input"]), variables, states)
    if state["Type"] == "Map":
        items = evaluate(state["Items"], variables, states)
        assert isinstance(items, list), state["Items"]
        states["result"] = [run(state["ItemProcessor"], item, tasks, variables) for item in items]
    elif state["Type"] == "Task":
        states["result"] = tasks[state["Resource"]](evaluate(state["Arguments"], variables, states))
    output = evaluate(state.get("Output", states.get("result", states["input"])), variables, states)
    variables |= evaluate(state.get("Assign", {}), variables, states)
    return state.get("Next"), output
