"""What all documents share: unknown keys are kept, and a file that cannot be read is explained."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import Self

from engine.documents import json_style
from engine.errors import BaselineError
from engine.json_text import parse_json
from engine.validation import Fault, faults_of

SHOWN_PROBLEMS = 3


def check_names(names: list[str]) -> None:
    """Refuse a name that stands in a document twice: only one of its entries would be used.

    Raises:
        ValueError: There is one.
    """
    repeated = next((name for name, count in Counter(names).items() if count > 1), None)
    if repeated is not None:
        raise ValueError(f"each feature once; {repeated!r} stands there twice")


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
            BaselineError: The text is not JSON, or a field is missing or has a value that is not allowed.
        """
        try:
            body = parse_json(text)
        except ValueError as error:
            raise BaselineError(f"{where}: not JSON: {error}. Write the file again or correct it there.") from None
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            raise BaselineError(_explain(error, where)) from None

    def to_json(self) -> str:
        """The document as text, in the style of the original containers."""
        return json_style.dumps(self)


def _explain(error: ValidationError, where: str) -> str:
    faults = faults_of(error)
    told = "; ".join(_sentence(fault) for fault in faults[:SHOWN_PROBLEMS])
    rest = f" ({len(faults) - SHOWN_PROBLEMS} more of the kind)" if len(faults) > SHOWN_PROBLEMS else ""
    return f"{where}: {told}{rest}. Correct the file, or make the baseline again."


def _sentence(fault: Fault) -> str:
    return fault.sentence.replace("a mapping of keys to values", "a JSON object").replace(
        "the value is", "the document is"
    )
