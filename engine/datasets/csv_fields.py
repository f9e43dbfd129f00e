"""The fields of one CSV record, of any length, as the parser of whole files splits them."""

from __future__ import annotations

import re

from engine.datasets.escape_detection import written_with_escapes
from engine.datasets.quotes import QuoteRules

_RFC = QuoteRules()
_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")


def split_fields(record: str, rules: QuoteRules = _RFC) -> list[str]:
    r"""Split a record, without its line end; none of it has no fields.

    >>> split_fields('1,"a,""b",')
    ['1', 'a,"b', '']
    """
    if not record:
        return []
    if rules.escape:
        record = rules.unescaped(record.encode("utf-8", "surrogatepass"))[0].decode("utf-8", "surrogatepass")
    if rules.quote not in record:
        return record.split(rules.delimiter)
    fields: list[str] = []
    position = 0
    while position <= len(record):
        field, position = _next_field(record, position, rules)
        fields.append(field)
    return fields


def payload_rules(text: str) -> QuoteRules:
    r"""The dialect of a captured payload: quotes in fields are doubled, or escaped where only that makes sense of them.

    >>> payload_rules(r'1,"say \"hi\"",2').escape
    '\\'
    """
    escaped = QuoteRules(escape="\\")
    return escaped if '\\"' in text and written_with_escapes(text.encode("utf-8", "replace"), escaped) else _RFC


def is_number(field: str) -> bool:
    """Whether a field is written as a number.

    >>> is_number(" -1.5e3"), is_number("age"), is_number("")
    (True, False, False)
    """
    return _NUMBER.fullmatch(field) is not None


def _next_field(record: str, position: int, rules: QuoteRules) -> tuple[str, int]:
    """A field and where the next one starts. What stands between a closing quote and the delimiter belongs to the field."""
    parts: list[str] = []
    while record.startswith(rules.quote, position):
        end = record.find(rules.quote, position + 1)
        end = len(record) if end < 0 else end
        parts.append(record[position + 1 : end])
        position = end + 1
        if record.startswith(rules.quote, position):
            parts.append(rules.quote)
    stop = record.find(rules.delimiter, position)
    stop = len(record) if stop < 0 else stop
    return "".join([*parts, record[position:stop]]), stop + 1
