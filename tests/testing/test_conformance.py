"""The kit catches what it is there to catch, by the name of the check, and lets a sound metric pass."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from engine import BatchView, DatasetAnalyzer, metric, setting
from engine.testing import check_metric, metric_checks
from tests.testing import broken_metrics as broken

CAUGHT: dict[str, Any] = {
    "merge_identity": broken.IdentityBroken,
    "merge_associative": broken.NotAssociative,
    "any_split": broken.SplitBroken,
    "merge_leaves_other": broken.OtherChanged,
    "state_round_trip": broken.StateLost,
    "fresh_is_empty": broken.NotEmptyWhenNew,
    "bounded_state": broken.Unbounded,
    "deterministic": broken.ByTheClock,
    "all_null": broken.NullsBreakIt,
    "empty": broken.EmptyBreaksIt,
    "nan_and_infinities": broken.NanComesThrough,
    "batch_not_mutated": broken.BatchChanged,
    "encodings": broken.EncodingMatters,
    "result_is_json": broken.NoNumber,
    "documented": broken.Undocumented,
    "settings_validated": broken.DefaultNotLegal,
    "suggestion_holds": broken.BreaksItsOwn,
    "without_baseline": broken.NeedsABaseline,
    "picklable": broken.local_metric(),
    "declaration_legal": broken.illegal_name(),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_a_broken_metric_is_caught_by_its_check(name: str) -> None:
    results = {result.name: result for result in check_metric(CAUGHT[name])}
    assert not results[name].passed
    assert results[name].reason.startswith(f"{CAUGHT[name].name}: ")


def test_every_check_has_a_metric_that_it_catches() -> None:
    names = {result.name for cls in (broken.Sound, broken.NeedsABaseline) for result in check_metric(cls)}
    assert names == set(CAUGHT)
    assert len(names) >= 12


@metric_checks(broken.Sound)
def test_a_sound_metric_passes(check: Any) -> None:
    check()


@metric_checks(broken.Sound, settings={"limit": 5})
def test_a_sound_metric_passes_with_other_settings(check: Any) -> None:
    check()


@metric_checks(broken.Unbounded, expected_failures={"bounded_state": "counts exactly, for small data"})
def test_an_expected_failure_has_a_reason(check: Any) -> None:
    check()


def test_an_expected_failure_that_passes_is_a_failure() -> None:
    results = {r.name: r for r in check_metric(broken.Sound, expected_failures={"any_split": "because"})}
    assert not results["any_split"].passed
    assert "expected to fail (because)" in results["any_split"].reason
    with pytest.raises(ValueError, match="needs a reason"):
        check_metric(broken.Sound, expected_failures={"any_split": " "})
    with pytest.raises(ValueError, match="one of the names"):
        check_metric(broken.Sound, expected_failures={"no_such_check": "because"})


@metric(worse="higher")
class Agreement(DatasetAnalyzer):
    """Share of rows in which two columns hold the same text."""

    left: str = setting(default="number", description="One column.")
    right: str = setting(default="text", description="The other.")
    same: int = 0
    rows: int = 0

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.left, self.right)

    def update(self, batch: BatchView) -> None:
        one, other = batch.texts(self.left).to_pylist(), batch.texts(self.right).to_pylist()
        self.same += sum(a == b for a, b in zip(one, other, strict=True))
        self.rows += batch.rows

    def result(self) -> float | None:
        return self.same / self.rows if self.rows else None


@metric_checks(Agreement)
def test_a_metric_of_whole_records(check: Any) -> None:
    check()


@metric_checks(Agreement, data=[pa.RecordBatch.from_pydict({"number": ["1", "2", None], "text": ["1", "x", None]})])
def test_data_of_the_authors_own(check: Any) -> None:
    check()


def test_the_fixture(check_metric: Any) -> None:
    check_metric(broken.Sound)
    with pytest.raises(AssertionError, match="any_split: split_broken: "):
        check_metric(broken.SplitBroken)
