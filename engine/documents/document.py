"""What all documents share: unknown keys are kept, and a file that cannot be read is explained."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import Self

from engine.documents import json_style
from engine.errors import BaselineError

SHOWN_PROBLEMS = 3
SHOWN_CHARACTERS = 80


class Document(BaseModel):
    """A JSON document or a part of one. Undeclared keys are kept: hand-edited files survive a round trip.

    Attributes:
        extensible: Whether results of plugins may be added at its top level.
    """

    extensible: ClassVar[bool] = True

    model_config = ConfigDict(extra="allow", protected_namespaces=())

    @classmethod
    def parse(cls, text: str | bytes, where: str) -> Self:
        """Read the text of a file.

        Args:
            text: JSON.
            where: Path or URI, for messages.

        Raises:
            BaselineError: The text is not JSON, or a field is missing or has a value that is not legal.
        """
        try:
            body = json.loads(text)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise BaselineError(f"{where}: not JSON: {error}. Write the file again or correct it there.") from None
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            raise BaselineError(_explain(error, where)) from None

    def to_json(self) -> str:
        """The document as text, in the style of the original containers."""
        return json_style.dumps(self)


def _explain(error: ValidationError, where: str) -> str:
    problems = error.errors(include_url=False)
    lines = [_problem(dict(problem)) for problem in problems[:SHOWN_PROBLEMS]]
    rest = f" ({len(problems) - SHOWN_PROBLEMS} more of the kind)" if len(problems) > SHOWN_PROBLEMS else ""
    return f"{where}: " + "; ".join(lines) + f"{rest}. Correct the file, or make the baseline again."


def _problem(problem: dict[str, Any]) -> str:
    place = _path(problem["loc"])
    field = f"field {place}" if place else "the document"
    if problem["type"] == "missing":
        return f"{field} is missing"
    found = json.dumps(problem["input"], default=repr)
    if len(found) > SHOWN_CHARACTERS:
        found = found[:SHOWN_CHARACTERS] + "..."
    legal = problem["msg"].removeprefix("Value error, ").removeprefix("Input ").removeprefix("should be ")
    if problem["type"] == "model_type":
        legal = "a JSON object"
    return f"{field} {'has' if place else 'is'} {found}; legal: {legal}"


def _path(location: tuple[int | str, ...]) -> str:
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(parts).removeprefix(".")
