"""The tables of docs/reference/inputs.md: what odd values become, found out by reading files that hold them.

``python -m tests.docs.inputs_table`` writes them anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.docs.odd_files import NUMBER_FORMATS, TEXT_FORMATS, Outcome, as_number, outcome_of, quoted, read
from tests.docs.odd_values import TEXTS, TYPED

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "inputs.md"
BEGIN, END = "<!-- {} begins: python -m tests.docs.inputs_table -->", "<!-- {} ends -->"


def outcomes() -> dict[str, list[Outcome]]:
    """What becomes of the texts in each format."""
    found = {}
    for name, reader in {**TEXT_FORMATS, **NUMBER_FORMATS}.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = reader(Path(folder))
    return found


def text_rows() -> list[str]:
    found, numbers = outcomes(), as_number()
    rows = []
    for i, text in enumerate(TEXTS):
        names = [name for name in found if name in TEXT_FORMATS or numbers[i] is not None]
        groups: dict[Outcome, list[str]] = {}
        for name in names:
            groups.setdefault(found[name][i], []).append(name)
        rows += [
            row(quoted(text) if text else "nothing", where(formats), outcome) for outcome, formats in groups.items()
        ]
    return rows


def where(formats: list[str]) -> str:
    for all_of, name in ((TEXT_FORMATS, "text"), (NUMBER_FORMATS, "JSON")):
        if set(all_of) <= set(formats):
            formats = [name, *(each for each in formats if each not in all_of)]
    return ", ".join(dict.fromkeys(formats))


def row(value: str, formats: str, outcome: Outcome) -> str:
    cells = (value, formats, outcome.kind, outcome.statistics, outcome.asked, outcome.text)
    return "| " + " | ".join(cells) + " |"


def typed_rows() -> list[str]:
    table = pa.table([pa.array([value], kind) for _, value, kind in TYPED], names=[f"v{i}" for i in range(len(TYPED))])
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table, Path(folder) / "a.parquet")
        metrics = read([Path(folder) / "a.parquet"], "parquet")
    return [row(f"`{value}`", name, outcome_of(metrics, f"v{i}")) for i, (name, value, _) in enumerate(TYPED)]


def tables() -> dict[str, str]:
    """The tables by the names between which they stand in the page."""
    heads = {"texts": "Value | Where", "types": "Value | Type"}
    head = "| {} | Class | Number in statistics | Number where one is asked for | Text |\n| --- | --- | --- | --- | --- | --- |"
    made = {"texts": text_rows(), "types": typed_rows()}
    return {name: "\n".join([head.format(heads[name]), *rows]) for name, rows in made.items()}


def filled(page: str) -> str:
    """The page with its tables made anew."""
    for name, table in tables().items():
        begin, end = BEGIN.format(name), END.format(name)
        before, rest = page.split(begin)
        page = f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
