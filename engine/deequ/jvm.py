# ruff: noqa: SLF001 - the JVM is reached through private names of pyspark, and only here, in loading.py and in session.py
"""Values as the JVM wants them: Scala's options, sequences and maps, and Deequ's enumerations and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from engine.deequ.assertion_text import Condition

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


_IN_SQL = "COALESCE(CAST({name} AS DOUBLE), 0) >= 0 AND NOT {name} IN (1) OR {name} IS NULL"
"""Places in which Deequ puts names of columns."""


class Jvm:
    """The JVM of a Spark session that has Deequ.

    Attributes:
        session: The Spark session.
        deequ: Deequ's package ``com.amazon.deequ``.
    """

    def __init__(self, session: SparkSession) -> None:
        self.session = cast("Any", session)
        self._jvm: Any = self.session._jvm
        self.deequ: Any = self._jvm.com.amazon.deequ

    def is_column_name(self, name: str) -> bool:
        """Whether a text is, in Spark's SQL, the name of a column and nothing else: neither a keyword nor an expression."""
        if not name.isidentifier() or not name.isascii():
            return False
        from pyspark.errors.exceptions.captured import CapturedException

        try:
            bare, quoted = (self._parsed(_IN_SQL.format(name=text)) for text in (name, f"`{name}`"))
        except CapturedException:  # it cannot be parsed
            return False
        return bool(bare.equals(quoted))

    def _parsed(self, sql: str) -> Any:
        return self.java_session.sessionState().sqlParser().parseExpression(sql)

    def parse_rules(self, text: str) -> None:
        """Parse a ruleset in DQDL; raises what the parser does."""
        self._jvm.software.amazon.glue.dqdl.parser.DQDLParser().parse(text)

    def option(self, value: Any = None) -> Any:
        """Scala's Option."""
        return self._jvm.scala.Option.apply(value)

    def moment(self, value: datetime | None) -> Any:
        """A time as an Option of milliseconds."""
        return self.option() if value is None else self.java.optionOfLong(milliseconds(value))

    @property
    def java(self) -> Any:
        """The class ``Assertion`` with its static helpers."""
        return self._jvm.modelmonitor.Assertion

    def seq(self, values: Sequence[Any]) -> Any:
        """Scala's Seq."""
        return self._jvm.org.apache.spark.api.python.PythonUtils.toSeq(list(values))

    def list(self, values: Sequence[Any]) -> Any:
        """Scala's List."""
        return self.seq(values).toList()

    def map(self, values: Mapping[str, Any]) -> Any:
        """Scala's immutable Map."""
        return self._jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(dict(values))

    def array(self, kind: str, values: Sequence[Any]) -> Any:
        """A Java array of ``double`` or ``java.lang.String``."""
        gateway: Any = self.session.sparkContext._gateway
        made = gateway.new_array(self._jvm.double if kind == "double" else self._jvm.java.lang.String, len(values))
        for index, value in enumerate(values):
            made[index] = value
        return made

    def assertion(self, conditions: Sequence[Condition]) -> Any:
        """A Scala function that tells whether all conditions hold."""
        made = None
        for c in reversed(conditions):
            made = self.java(c.part, c.key, c.lower, c.lower_open, c.upper, c.upper_open, c.outside, made)
        return made

    def regex(self, pattern: str) -> Any:
        """Scala's Regex."""
        return self._jvm.scala.util.matching.Regex(pattern, self.seq([]))

    def kll_parameters(self, size: int, factor: float, buckets: int) -> Any:
        """Deequ's KLLParameters."""
        return self.deequ.analyzers.KLLParameters(size, factor, buckets)

    def options(self, null_behavior: str | None, filtered_row: str | None) -> Any:
        """Deequ's AnalyzerOptions as an Option; none when neither is given."""
        if null_behavior is None and filtered_row is None:
            return self.option()
        analyzers = self.deequ.analyzers
        nulls = analyzers.NullBehavior.withName(null_behavior or "Ignore")
        rows = analyzers.FilteredRowOutcome.withName(filtered_row or "TRUE")
        return self.option(analyzers.AnalyzerOptions(nulls, rows))

    @property
    def java_session(self) -> Any:
        """The session as Scala knows it."""
        return self.session._jsparkSession

    def dataset(self, frame: DataFrame) -> Any:
        """A DataFrame as Scala knows it."""
        return frame._jdf

    def identity(self, value: Any) -> int:
        """A number that tells an object of the JVM from others."""
        return int(self._jvm.java.lang.System.identityHashCode(value))

    def frame(self, dataset: Any) -> DataFrame:
        """A JVM dataset as a DataFrame of Python."""
        from pyspark.sql import DataFrame

        return DataFrame(dataset, self.session)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def items(collection: Any) -> Iterator[Any]:
    """The elements of a Scala collection."""
    iterator = collection.iterator()
    while iterator.hasNext():
        yield iterator.next()


def pairs(collection: Any) -> Iterator[tuple[Any, Any]]:
    """The entries of a Scala map, or of a collection of pairs."""
    for pair in items(collection):
        yield pair._1(), pair._2()


def optional(value: Any) -> Any:
    """What an Option holds, or None."""
    return value.get() if value.isDefined() else None
