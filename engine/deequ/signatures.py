"""Deequ's methods of ``Check`` and its analyzers, by their parameters (deequ.md 6.2, 6.3; class files of 2.0.7 and 2.1.0).

A signature lists parameters in Deequ's order; ``?`` marks those that may be left out. What they mean and how they are given:

* ``column``, ``columns``, ``assertion``, ``hint`` and ``where`` are keys of the entry itself. ``columnA columnB`` (and the other
  pairs) are the two entries of ``columns``; ``first others`` is any number of them.
* ``histogram``, ``kll`` and ``binned`` are assertions on a part of that metric; ``one`` is an assertion that defaults to ``== 1``.
* ``options`` are the arguments ``nullBehavior`` and ``filteredRow``; ``udf`` cannot be given.
* All others are entries of ``arguments``.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_RELEASE = "2.0.7-spark-3.5"
NEWER_RELEASE = "2.1.0-spark-3.5"

PAIRS = {"columnA": 0, "columnB": 1, "numerator": 0, "denominator": 1}
ASSERTIONS = ("assertion", "one", "histogram", "kll", "binned")
OPTIONS = {"nullBehavior": ("Ignore", "EmptyString", "Fail"), "filteredRow": ("TRUE", "NULL")}


@dataclass(frozen=True)
class Signature:
    """How a method or constructor is called.

    Attributes:
        forms: Signatures; the first one whose necessary arguments are given is used.
        where: Whether a filter may be given.
        newer: Whether the default release lacks it.
    """

    forms: tuple[str, ...]
    where: bool = True
    newer: bool = False


def _filterable(*forms: str) -> Signature:
    return Signature(forms)


def _whole(*forms: str) -> Signature:
    return Signature(forms, where=False)


def _newer(*forms: str) -> Signature:
    return Signature(forms, newer=True)


_OF_COLUMN = _filterable("column assertion hint")
_WITH_OPTIONS = _filterable("column assertion hint options")
_OF_PAIR = _filterable("columnA columnB assertion hint")
_COMPARED = _filterable("columnA columnB one hint")
_PREDICATE = _filterable("column one hint")
_NEW_OF_COLUMN = _newer("column assertion hint")

CHECKS: dict[str, Signature] = {
    "hasSize": _filterable("assertion hint"),
    "hasColumnCount": _whole("assertion hint"),
    "hasColumn": Signature(("column hint",), where=False, newer=True),
    "isComplete": _filterable("column hint options"),
    "hasCompleteness": _WITH_OPTIONS,
    "areComplete": _filterable("columns hint"),
    "haveCompleteness": _filterable("columns assertion hint"),
    "areAnyComplete": _filterable("columns hint"),
    "haveAnyCompleteness": _filterable("columns assertion hint"),
    "isUnique": _filterable("column hint options"),
    "areUnique": _newer("columns hint options"),
    "isPrimaryKey": _filterable("first hint others"),
    "hasUniqueness": _filterable("columns assertion hint options"),
    "hasDistinctness": _filterable("columns assertion hint"),
    "hasUniqueValueRatio": _filterable("columns assertion hint options"),
    "hasDuplicateRowCount": _newer("columns assertion hint"),
    "hasNumberOfDistinctValues": _filterable("column assertion udf maxBins? hint"),
    "hasHistogramValues": _filterable("column histogram udf maxBins? hint"),
    "hasHistogramBinnedValues": _newer("column binned binCount? customEdges? hint"),
    "hasHistogramBinnedBins": _newer("column assertion binCount? customEdges? hint"),
    "kllSketchSatisfies": _whole("column kll kllParameters? hint"),
    "hasEntropy": _OF_COLUMN,
    "hasMutualInformation": _OF_PAIR,
    "hasCorrelation": _OF_PAIR,
    "hasApproxQuantile": _filterable("column quantile assertion hint"),
    "hasExactQuantile": _filterable("column quantile assertion hint"),
    "hasMinLength": _WITH_OPTIONS,
    "hasMaxLength": _WITH_OPTIONS,
    "hasMin": _WITH_OPTIONS,
    "hasMax": _WITH_OPTIONS,
    "hasMean": _OF_COLUMN,
    "hasSum": _OF_COLUMN,
    "hasStandardDeviation": _OF_COLUMN,
    "hasVariance": _NEW_OF_COLUMN,
    "hasSkewness": _NEW_OF_COLUMN,
    "hasKurtosis": _NEW_OF_COLUMN,
    "hasRange": _NEW_OF_COLUMN,
    "hasInterquartileRange": _NEW_OF_COLUMN,
    "hasZerosCount": _NEW_OF_COLUMN,
    "hasApproxCountDistinct": _OF_COLUMN,
    "satisfies": _filterable("columnCondition constraintName? one hint columnsRead options"),
    "customSql": Signature(("expression assertion hint options",), where=False, newer=True),
    "hasPattern": _filterable("column pattern one constraintName? hint options"),
    "containsCreditCardNumber": _PREDICATE,
    "containsEmail": _PREDICATE,
    "containsURL": _PREDICATE,
    "containsSocialSecurityNumber": _PREDICATE,
    "hasDataType": _filterable("column dataType one hint"),
    "isNonNegative": _PREDICATE,
    "isPositive": _PREDICATE,
    "isLessThan": _COMPARED,
    "isLessThanOrEqualTo": _COMPARED,
    "isGreaterThan": _COMPARED,
    "isGreaterThanOrEqualTo": _COMPARED,
    "isContainedIn": _filterable(
        "column allowedValues one hint options",
        "column lowerBound upperBound includeLowerBound? includeUpperBound? hint options",
    ),
    "doesDatasetMatch": _whole("otherDataset keyColumnMappings assertion matchColumnMappings? hint"),
    "isNewestPointNonAnomalous": _whole("repository strategy analyzer tags? after? before? hint"),
}
"""Methods of ``Check`` that add a constraint."""

_VALUES = _filterable("column where")
_EXTREME = _filterable("column where options")
_NEW_VALUES = _newer("column where")
_GROUPS = _filterable("columns where")

ANALYZERS: dict[str, Signature] = {
    "Size": _filterable("where"),
    "ColumnCount": _whole(""),
    "Completeness": _EXTREME,
    "Compliance": _filterable("instance predicate where columnsRead options"),
    "PatternMatch": _filterable("column pattern where options"),
    "ApproxCountDistinct": _VALUES,
    "ApproxQuantile": _filterable("column quantile relativeError? where"),
    "ExactQuantile": _filterable("column quantile where"),
    "KLLSketch": _whole("column kllParameters?"),
    "DataType": _VALUES,
    "Minimum": _EXTREME,
    "Maximum": _EXTREME,
    "MinLength": _EXTREME,
    "MaxLength": _EXTREME,
    "Mean": _VALUES,
    "Sum": _VALUES,
    "StandardDeviation": _VALUES,
    "Variance": _NEW_VALUES,
    "Skewness": _NEW_VALUES,
    "Kurtosis": _NEW_VALUES,
    "Range": _NEW_VALUES,
    "InterquartileRange": _NEW_VALUES,
    "ZerosCount": _NEW_VALUES,
    "Correlation": _filterable("columnA columnB where"),
    "RatioOfSums": _filterable("numerator denominator where"),
    "Uniqueness": _filterable("columns where options"),
    "UniqueValueRatio": _filterable("columns where options"),
    "Distinctness": _GROUPS,
    "MutualInformation": _GROUPS,
    "CountDistinct": _whole("columns"),
    "DuplicateRowCount": _newer("columns where options"),
    "Entropy": _VALUES,
    "Histogram": _filterable("column udf maxBins? where"),
}
"""Analyzers that can be asked for by name."""
