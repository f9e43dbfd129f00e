"""What is told of a failure, of all that Spark says about it."""

from __future__ import annotations

import re


def cause_of(error: Exception) -> str:
    """The error below all others, the worker's own or else the JVM's, which Spark's text buries between stack traces."""
    lines = [line for line in map(str.strip, str(error).splitlines()) if line]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Interrupt): ", line) and "spark" not in line]
    caused = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    found = raised or caused or lines[:1]
    return found[-1] if found else type(error).__name__
