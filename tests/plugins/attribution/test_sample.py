"""The choice of rows does not depend on how the data is split, and costs no more explanations than it must."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analyzers.state import _decode, _encode
from plugins.attribution.sample import Sample
from plugins.bias.rows import hash_rows

ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=60)


def taken(rows: npt.NDArray[np.float64], limit: int) -> Sample:
    sample = Sample(limit)
    for start in range(0, len(rows), 7):
        batch = rows[start : start + 7]
        hashes = hash_rows(batch)
        chosen = sample.admits(hashes)
        sample.add(hashes[chosen], batch[chosen])
    return sample


@settings(deadline=None)
@given(rows=ROWS, cut=st.integers(0, 60), limit=st.integers(1, 20))
def test_splits_do_not_matter(rows: list[tuple[int, int]], cut: int, limit: int) -> None:
    data = np.array(rows, np.float64)
    whole = taken(data, limit)
    parts = Sample()
    for part in (data[:cut], data[cut:]):
        parts.merge(_decode(Sample, _encode(taken(part, limit))))
    assert parts.hashes.tolist() == whole.hashes.tolist()
    assert parts.values.tolist() == whole.values.tolist()
    hashes = np.sort(hash_rows(data))[:limit]
    assert whole.hashes.tolist() == hashes.tolist()


def test_a_full_sample_admits_few() -> None:
    rng = np.random.default_rng(0)
    sample, admitted = Sample(50), 0
    for _ in range(100):
        rows = rng.normal(size=(100, 3))
        chosen = sample.admits(hash_rows(rows))
        sample.add(hash_rows(rows[chosen]), rows[chosen])
        admitted += int(chosen.sum())
    assert admitted < 50 * (1 + np.log(10_000 / 50)) * 1.5
