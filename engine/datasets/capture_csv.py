"""CSV payloads: their records, and lists in brackets, which model servers write unquoted as ``[0.1, 0.9]``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.datasets.csv_fields import payload_rules, split_fields
from engine.datasets.json_values import decode_json, json_text
from engine.datasets.row_counts import MalformedPayloadError

_LINE_END = re.compile(r"\r\n|\n|\r")
"""Those of CSV: other characters at which Python ends a line belong to a field."""

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?i:nan|inf|infinity)"
_BRACKETS = rf"\[\s*(?:{_NUMBER})(?:\s*,\s*(?:{_NUMBER}))*\s*\]"
_ONE_LIST = rf"^\s*(?:{_BRACKETS}|\[\s*\])\s*$"
_LISTS_ALONE = re.compile(rf"\s*{_BRACKETS}(?:\s*,\s*{_BRACKETS})*\s*")
_LIST = re.compile(rf"(?:(?<=,)|^)\s*{_BRACKETS}\s*(?=,|$)")


def csv_records(part: str, text: str) -> list[str]:
    """Return the records of a CSV payload, each as well-formed CSV on one line unless a quoted field holds line ends.

    Raises:
        MalformedPayloadError: A quote is not closed.
    """
    if '"' not in text:
        records = _LINE_END.split(text)
    else:
        data = text.encode("utf-8", "replace")
        ends, still_open = payload_rules(text).record_ends(data + b"\n")
        if still_open:
            raise MalformedPayloadError(f"a quote is not closed in {part}")
        records = [data[start:stop].rstrip(b"\r\n").decode() for start, stop in pairwise([0, *ends.tolist()])]
    return [row for record in records if record for row in _rows_of_record(record)] or [""]


def _rows_of_record(record: str) -> list[str]:
    """One record as rows: several where it is lists of scalars in brackets, which lose the brackets."""
    if "[" in record:
        rows = _json_lists(record) if record.lstrip().startswith("[") else None
        if rows is not None:
            return rows
        if '"' not in record and _LIST.search(record):
            return _number_lists(record)
    return [csv_line(csv_fields(record))] if '"' in record else [record]


def _json_lists(line: str) -> list[str] | None:
    """Lists of scalars in JSON as rows of CSV; None for anything else."""
    try:
        lists = decode_json(f"[{line}]")
    except (ValueError, RecursionError):
        return None
    if len(lists) == 1 and is_list_of_lists(lists[0]):
        lists = lists[0]
    return [scalars_line(scalars) for scalars in lists] if is_list_of_lists(lists) else None


def _number_lists(line: str) -> list[str]:
    if _LISTS_ALONE.fullmatch(line):
        return [re.sub(r"[\[\]\s]", "", brackets) for brackets in _LIST.findall(line)]
    return [_LIST.sub(lambda match: re.sub(r"[\[\]\s]", "", match[0]), line)]


def only_lists(text: str) -> bool:
    """Whether each record of a payload is lists of numbers in brackets and nothing else."""
    return all(_LISTS_ALONE.fullmatch(line) for line in _LINE_END.split(text))


def is_list_of_lists(value: Any) -> bool:
    """Whether a parsed value is a list of lists of scalars, none of them empty."""
    return isinstance(value, list) and bool(value) and all(is_list_of_scalars(item) and item for item in value)


def is_list_of_scalars(value: Any) -> bool:
    """Whether a parsed value is a list that holds neither lists nor objects."""
    return isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)


def scalars_line(scalars: Iterable[Any]) -> str:
    """Return parsed scalars as a record of CSV; null is an empty field."""
    return csv_line(["" if item is None else json_text(item) for item in scalars])


def without_brackets(texts: pa.Array) -> pa.Array:
    """Return payloads in which a list of numbers that is alone has lost its brackets and blanks."""
    return pc.if_else(
        pc.match_substring_regex(texts, _ONE_LIST), pc.replace_substring_regex(texts, r"[\[\]\s]", ""), texts
    )


def csv_fields(text: str) -> list[str]:
    """Return the fields of one CSV record, which may hold line ends in quotes."""
    return split_fields(text, payload_rules(text))


def csv_line(fields: Iterable[str]) -> str:
    """Return fields as a record of CSV."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(fields)  # fields that hold either character are quoted
    return target.getvalue().removesuffix("\r\n")
