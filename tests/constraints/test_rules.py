"""What Deequ's cases leave open: corrected values, escaping, allowed inputs."""

from __future__ import annotations

import pytest

from engine.constraints.interval import Wald
from engine.constraints.profile import ColumnProfile, histogram_of
from engine.constraints.rules_bounds import HasMaxLength, HasMean
from engine.constraints.rules_categorical import CategoricalRangeRule, is_categorical, sql_list, values_by_count
from engine.constraints.rules_default import RetainCompletenessRule, UniqueIfApproximatelyUniqueRule
from engine.constraints.suggest import rule_set


def column(**fields: object) -> ColumnProfile:
    return ColumnProfile(**{"column": "c", "completeness": 0.5, "approx_distinct": 3, "data_type": "String", **fields})  # type: ignore[arg-type]


def test_mistakes_of_deequ_are_repeated_only_on_request() -> None:
    numbers = column(mean=2.0, maximum=9.0, data_type="Fractional")
    assert HasMean().suggest(numbers, 10).constraint.value == 2.0
    assert HasMean(deequ_compat=True).suggest(numbers, 10).constraint.value == 9.0
    texts = column(max_length=7)
    assert HasMaxLength().suggest(texts, 10).current_value == "MaxLength: 7.0"
    assert HasMaxLength(deequ_compat=True).suggest(texts, 10).current_value == "MaxLength: 0.5"


def test_missing_cells_count_as_an_entry_but_are_no_category() -> None:
    histogram = histogram_of({"b": 2, "a": 2, "z": 9}, missing=5)
    assert histogram["NullValue"].ratio == 5 / 18
    assert values_by_count(histogram) == ["z", "a", "b"]


def test_one_value_in_ten_may_be_unique() -> None:
    often = {str(i): 2 for i in range(9)}
    assert is_categorical(histogram_of(often | {"x": 1}, 0))
    assert not is_categorical(histogram_of(often | {"x": 1, "y": 1}, 0))
    assert not is_categorical({})
    assert not is_categorical(None)


def test_quotes_are_escaped() -> None:
    suggestion = CategoricalRangeRule().suggest(column(histogram=histogram_of({"it's": 2}, 0)), 2)
    assert suggestion.constraint.predicate == "`c` IN ('it''s')"
    assert sql_list([]) == "''"


def test_missing_share_is_cut_off_in_doubles() -> None:
    text = RetainCompletenessRule().suggest(column(completeness=0.52), 96).description
    assert text == "'c' has less than 58% missing values"


def test_no_record_is_not_unique() -> None:
    assert not UniqueIfApproximatelyUniqueRule().applies(column(completeness=1.0, approx_distinct=0), 0)


def test_illegal_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="proportion"):
        Wald().interval(1.5, 10)
    with pytest.raises(ValueError, match="allowed: DEFAULT"):
        rule_set("ALL")
