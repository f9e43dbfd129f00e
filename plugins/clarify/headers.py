"""Headers of Clarify's configuration: which column of the data each of them names.

Headers name columns by position: the features, and where the data is a table also label and prediction. A header that is the name
of a column is that column. In captures, headers name columns of the request, never those of the response.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine import BatchView, DataFormatError

Address = int | str
"""A column: its name, its index from 0, or a path into JSON."""


def header_at(headers: Sequence[str] | None, address: Address | None) -> str | None:
    """Return the header that an address names, by its text or its index; None where it names none.

    >>> header_at(["Age", "sex"], "age"), header_at(["age", "sex"], 1), header_at(["age"], "$.x"), header_at(["age"], 7)
    ('Age', 'sex', None, None)
    """
    if not headers or address is None:
        return None
    if isinstance(address, int):
        return headers[address] if 0 <= address < len(headers) else None
    if address in headers:
        return address
    return next((header for header in headers if header.casefold() == address.casefold()), None)


def column_at_header(batch: BatchView, headers: Sequence[str] | None, address: Address) -> str | None:
    """Return the column of a table that a header names by its place; None in captures, and where a column has the name itself."""
    header = header_at(headers, address)
    if header is None or headers is None or batch.layout.has_parts or len(headers) != len(batch.names):
        return None
    return None if batch.find(address) is not None else batch.names[headers.index(header)]


def answer_headers(
    batch: BatchView,
    headers: Sequence[str] | None,
    answers: tuple[Address | None, Address | None],
    columns: Sequence[str],
) -> list[str | None]:
    """Return the headers of label and prediction, of those that are set; None for one that no header names.

    In captures the prediction is a column of the response: its index counts no headers, and a header of its name is that of a
    feature if there are as many headers as features.
    """
    label, prediction = answers
    others = [header_at(headers, label)] if label is not None else []
    if prediction is None:
        return others
    complete = len([header for header in headers or () if header not in others]) == len(columns)
    if batch.layout.has_parts and (isinstance(prediction, int) or complete):
        return others
    return [*others, header_at(headers, prediction)]


def map_headers(
    batch: BatchView, headers: Sequence[str], columns: Sequence[str], others: Sequence[str | None]
) -> dict[str, str]:
    """Return the column of each header of a feature, in the order of the headers.

    Args:
        batch: The data.
        headers: Names of the columns; of label and prediction too, or without them.
        columns: The columns of features, in order.
        others: Headers that are no features: those of label and prediction; None for one that no header is known to name.

    Raises:
        DataFormatError: Headers and columns differ in number, or only some of the headers are names of columns.
    """
    features = [header for header in headers if header not in others]
    known = set(columns)
    named = {
        header: name for header in features if (name := batch.find(header, "request")) is not None and name in known
    }
    if len(named) == len(features):
        return named
    if not batch.layout.has_parts and len(headers) == len(batch.names):
        placed = {header: name for header, name in zip(headers, batch.names, strict=True) if header in features}
    else:
        if 0 < len(features) - len(columns) <= list(others).count(None):
            features = features[: len(columns)]  # of JSON, the headers of label and prediction come last
        if len(features) != len(columns) or not _have_positions(batch, columns):
            raise DataFormatError(_mismatch(features, columns, list(named)))
        placed = dict(zip(features, columns, strict=True))
    if named.items() - placed.items():
        raise DataFormatError(_mismatch(features, columns, list(named)))
    return placed


def feature_columns(batch: BatchView, path: str | None, others: Collection[str | None]) -> list[str]:
    """Return the columns of the features in the order of the data.

    Args:
        batch: The data.
        path: Where JSON records hold the features; None for all columns of the request, or of a table all but ``others``.
        others: Columns that are no features.

    Raises:
        DataFormatError: There is nothing at the path.
    """
    if path is not None:
        at_path = batch.find_all(path, "request")
        if at_path or batch.layout.has_parts:
            return list(at_path or batch.require_all("features", path, "request"))
    if batch.layout.has_parts:
        return [name for name, _ in batch.layout.columns_in("request") if name not in others]
    return [name for name in batch.names if name not in others]


def _have_positions(batch: BatchView, columns: Sequence[str]) -> bool:
    """Whether columns may be named by position: cells of CSV and elements of lists, not members of JSON objects."""
    sources = dict(zip(batch.layout.names, batch.layout.sources, strict=True))
    return all((source := sources[name]) is None or source.positional for name in columns)


def _mismatch(headers: Sequence[str], columns: Sequence[str], named: Sequence[str]) -> str:
    reason = (
        f"only {', '.join(named)} are names of columns"
        if named and len(headers) == len(columns)
        else f"there are {len(headers)} headers of features and {len(columns)} columns of features"
    )
    return (
        f"headers cannot be matched with the data: {reason}. Headers: {', '.join(headers) or 'none'}. Columns: "
        f"{', '.join(columns) or 'none'}. Give as many headers as there are features, in the order of the data, or their names; "
        "of JSON name the list of features with features."
    )
