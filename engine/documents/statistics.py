"""``statistics.json`` of the data quality monitor.

Field order is the order of the file. Two shapes exist: since 2024 numeric columns carry
``approximate_num_distinct_values`` and all columns ``completeness``; older files lack both.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import Self

from engine.documents.document import Document, check_names
from engine.documents.spellings import TYPES, canonical_value

InferredType = Annotated[
    Literal["Integral", "Fractional", "String", "Unknown"], BeforeValidator(partial(canonical_value, spellings=TYPES))
]
NUMERIC_TYPES = ("Integral", "Fractional")

NULL_VALUE = "NullValue"
"""Under which missing cells are counted among the values of a text column, as Deequ's histograms count them."""


def _whole(value: Any) -> Any:
    """Counts that passed through pandas or a hand come back as ``24.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, lt=2**63)]

Finite = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A count or size that may be a fraction."""


class CommonStatistics(Document):
    """Cells with and without a value; together all rows."""

    num_present: Count
    num_missing: Count


class KllBucket(Document):
    """One of the equal buckets from minimum to maximum: ``[lower, upper)``, the last one ``[lower, upper]``."""

    lower_bound: float
    upper_bound: float
    count: Finite


class KllParameters(Document):
    """Shrinking factor and size of a sketch."""

    c: Finite
    k: Finite


class KllSketch(Document):
    """A sketch; an item of level h (0 first) stands for 2^h values."""

    parameters: KllParameters | None = None
    data: list[list[float]]


class KllDistribution(Document):
    """Buckets, and the sketch they came from. A hand-made file may hold buckets only."""

    buckets: list[KllBucket]
    sketch: KllSketch | None = None


class CategoryBucket(Document):
    """A value and how often it occurs."""

    value: str
    count: Count


class CategoricalDistribution(Document):
    """All values of a column that has few."""

    buckets: list[CategoryBucket]


class NumericalDistribution(Document):
    """Distribution of a numeric column."""

    kll: KllDistribution | None = None


class StringDistribution(Document):
    """Distribution of a String column; absent where it has too many values."""

    categorical: CategoricalDistribution | None = None


class NumericalStatistics(Document):
    """Statistics of an Integral or Fractional column. ``std_dev`` is that of the population."""

    common: CommonStatistics
    mean: float | None = None
    sum: float | None = None
    std_dev: float | None = None
    min: float | None = None
    max: float | None = None
    approximate_num_distinct_values: Count | None = None
    completeness: float | None = None
    distribution: NumericalDistribution | None = None


class StringStatistics(Document):
    """Statistics of a String column. ``distinct_count`` is a HyperLogLog++ estimate."""

    common: CommonStatistics
    distinct_count: float | None = None
    completeness: float | None = None
    distribution: StringDistribution | None = None


class FeatureStatistics(Document):
    """A column. One of ``Unknown`` type, without any value, has a name and nothing else."""

    name: str
    inferred_type: InferredType | None = None
    numerical_statistics: NumericalStatistics | None = None
    string_statistics: StringStatistics | None = None

    @property
    def common(self) -> CommonStatistics | None:
        """Counts of present and missing cells; None for Unknown."""
        part = self.numerical_statistics or self.string_statistics
        return part.common if part else None

    @property
    def kll(self) -> KllDistribution | None:
        """Numeric distribution, if the column has one."""
        part = self.numerical_statistics
        return part.distribution.kll if part and part.distribution else None

    @property
    def categories(self) -> dict[str, int] | None:
        """Counts by value, if the column has few values."""
        part = self.string_statistics
        categorical = part.distribution.categorical if part and part.distribution else None
        return {bucket.value: bucket.count for bucket in categorical.buckets} if categorical else None

    @property
    def has_missing(self) -> bool:
        """Whether cells are missing."""
        return self.common is not None and self.common.num_missing > 0

    @property
    def counts_missing(self) -> bool:
        """Whether the missing cells stand among the categories. Older files of ours left them out."""
        missing = self.common.num_missing if self.common else 0
        return missing > 0 and (self.categories or {}).get(NULL_VALUE, 0) >= missing

    @property
    def present_categories(self) -> dict[str, int] | None:
        """Counts by value without the missing cells."""
        counts = self.categories
        if counts is None or self.common is None or not self.counts_missing:
            return counts
        counts[NULL_VALUE] -= self.common.num_missing
        return {value: count for value, count in counts.items() if count}


class DatasetSummary(Document):
    """The dataset as a whole."""

    item_count: Count


class Statistics(Document):
    """The file."""

    version: Any = 0.0
    """Whatever a tool wrote; nothing depends on it."""
    dataset: DatasetSummary
    features: list[FeatureStatistics]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        check_names([feature.name for feature in self.features])
        return self

    def by_name(self) -> dict[str, FeatureStatistics]:
        """Columns by name, in the order of the file."""
        return {feature.name: feature for feature in self.features}
