r"""Whether CSV escapes quotes by backslashes, as Spark's writer does, or doubles them, as everybody else does.

Both give ``\"`` another meaning: ``"C:\dir\",5`` is a folder and a 5, ``"{\"a\":1}",5`` an object and a 5. A file is written by
one writer, so what is plain in one place decides for all.
"""

from __future__ import annotations

import re

import numpy as np

from engine.datasets.escapes import escaped_quotes
from engine.datasets.quotes import QuoteRules


def written_with_escapes(data: bytes, rules: QuoteRules) -> bool:
    r"""Whether quotes in quoted fields are escaped.

    They are if an escaped quote stands before a plain character: with doubled quotes it would have closed its field there. They
    are also if it stands before the end of its field (``"5\""``) and nowhere in the text a quote is doubled.

    Args:
        data: Text that starts with a record.
        rules: The dialect with the escape character in question.

    >>> rules = QuoteRules(escape="\\")
    >>> written_with_escapes(rb'"{\"a\":1}",5', rules), written_with_escapes(rb'"C:\dir\",5', rules)
    (True, False)
    """
    if (rules.escape + rules.quote).encode() not in data:
        return False
    text = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(text == ord(rules.quote))
    quotes = quotes[escaped_quotes(text, quotes, ord(rules.escape))]
    quotes = quotes[rules.inside(data, quotes)]
    if not len(quotes):
        return False
    ends = [ord(rules.delimiter), 10, 13]
    padded = np.concatenate([text, np.full(2, 10, np.uint8)])
    following, second = padded[quotes + 1], padded[quotes + 2]
    if not np.isin(following, [*ends, ord(rules.quote)]).all():
        return True
    closes = (following == ord(rules.quote)) & np.isin(second, ends)
    return bool(closes.any()) and not _has_doubled_quotes(data, rules)


def _has_doubled_quotes(data: bytes, rules: QuoteRules) -> bool:
    """Whether a quote is doubled inside a field; an empty field is not, nor is an escaped quote at the end of one."""
    quote, escape, delimiter = (re.escape(c).encode() for c in (rules.quote, rules.escape, rules.delimiter))
    return re.search(b"[^%s%s%s\\r\\n]%s%s" % (quote, escape, delimiter, quote, quote), data) is not None
