"""The choice of rows does not depend on how the data is split, and costs no more explanations than it must."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analyzers.state_bytes import dumps, pack, unpack
from plugins.attribution.sample import Sample, keys_of, weighted_median
from plugins.bias.rows import hash_rows

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=60)
Matrix = npt.NDArray[np.float64]
BATCH = 7


def taken(rows: Matrix, limit: int) -> Sample:
    sample = Sample(limit)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        sample.add(keys_of(batch), batch.__getitem__)
    return sample


@settings(deadline=None)
@given(rows=ROWS, cut=st.integers(0, 9), limit=st.integers(1, 20))
def test_splits_do_not_matter(rows: list[tuple[int, int]], cut: int, limit: int) -> None:
    data = np.array(rows, np.float64)
    whole = taken(data, limit)
    parts = Sample()
    for part in (data[: cut * BATCH], data[cut * BATCH :]):
        parts.merge(Sample.from_state(unpack(pack(taken(part, limit).to_state()))))
    assert dumps(parts.to_state()) == dumps(whole.to_state())
    every = np.concatenate([keys_of(data[start : start + BATCH]) for start in range(0, len(data), BATCH)])
    keys, counts = np.unique(every, return_counts=True)
    assert whole.hashes.tolist() == keys[:limit].tolist()
    assert whole.counts.tolist() == counts[:limit].tolist(), "a key that is kept has its exact count"


@settings(deadline=None)
@given(rows=ROWS, cut=st.integers(0, 60))
def test_a_sample_of_everything_is_everything_however_it_is_cut(rows: list[tuple[int, int]], cut: int) -> None:
    data = np.array(rows, np.float64)
    sample = taken(data[:cut], 60)
    sample.merge(taken(data[cut:], 60))
    assert sample.rows == len(data)
    assert sorted(np.repeat(sample.values, sample.counts, axis=0).tolist()) == sorted(data.tolist())
    assert weighted_median(sample.values[:, 0], sample.counts) == np.median(data[:, 0])


def test_rows_that_are_alike_neither_fill_the_sample_nor_are_missed() -> None:
    """Half of the rows are one, as those of a client that sends its defaults; the others all differ."""
    rng = np.random.default_rng(0)
    rows = np.where(rng.random(20_000) < 0.5, -1.0, rng.random(20_000))[:, None]
    sample = Sample(500)
    for batch in np.split(rows, 10):
        sample.add(keys_of(batch), batch.__getitem__)
    alike = sample.counts[sample.values[:, 0] == -1.0].sum() / sample.rows
    assert (
        0.35 < alike < 0.65
    )  # 500 keys, of which those of the equal rows stand for ten rows each: about 4 standard errors


def test_missing_values_are_no_numbers() -> None:
    rows = np.array([[np.nan, 1.0], [-1.0, 1.0], [-np.nan, 1.0]])
    hashes = hash_rows(rows)
    assert (hashes[0] == hashes[2], hashes[0] == hashes[1]) == (True, False)


def test_only_new_rows_that_are_kept_are_explained() -> None:
    rng = np.random.default_rng(0)
    sample, explained = Sample(50), 0

    def explain(places: npt.NDArray[np.int64]) -> Matrix:
        nonlocal explained
        explained += len(places)
        found: Matrix = rows[places]
        return found

    for _ in range(100):
        rows = rng.normal(size=(100, 3))
        sample.add(keys_of(rows), explain)
        sample.add(keys_of(rows), explain)  # known by now
    assert explained < 50 * (1 + np.log(10_000 / 50)) * 1.5
