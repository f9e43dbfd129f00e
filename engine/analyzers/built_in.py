"""The engine's analyzers by name: what monitors use, and what derived metrics may need."""

from __future__ import annotations

from engine.analyzers.base import ColumnAnalyzer
from engine.analyzers.categories import Categories
from engine.analyzers.completeness import Completeness
from engine.analyzers.data_types import DataTypes
from engine.analyzers.distinct import ApproxCountDistinct
from engine.analyzers.domain import DomainMatch
from engine.analyzers.higher_moments import HigherMoments
from engine.analyzers.moments import Moments
from engine.analyzers.quantiles import KllAnalyzer

BUILT_IN: dict[str, type[ColumnAnalyzer]] = {
    cls.name: cls
    for cls in (
        Completeness,
        DataTypes,
        Moments,
        HigherMoments,
        KllAnalyzer,
        ApproxCountDistinct,
        Categories,
        DomainMatch,
    )
}
