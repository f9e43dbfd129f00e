"""Checks that state merges: whatever the cluster does with the data, the result is that of the whole."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from engine.analyzers.state import decode_state, encode_state
from engine.analyzers.state_bytes import dumps, loads
from engine.testing.samples import batch_of, distinct_of
from engine.testing.subject import Subject, flat, same_results

GROWTH = 8
SMALL_STATE = 64 * 1024


def check_merge_identity(subject: Subject) -> None:
    """Merging with an empty state, on either side, changes nothing."""
    for sample in subject.samples():
        fed, before, after = subject.fed([sample]), subject.fed([sample]), subject.new()
        before.merge(subject.new())
        after.merge(subject.fed([sample]))
        for name, found in (("fed.merge(empty)", before), ("empty.merge(fed)", after)):
            assert same_results(fed, found), (
                f"{name} gives {flat(found.result())}, without it {flat(fed.result())}. The empty state must be neutral: "
                "a minimum starts at inf, a maximum at -inf, a sum at 0."
            )


def check_merge_associative(subject: Subject) -> None:
    """(a + b) + c gives the same as a + (b + c): the engine merges in any grouping, though always in order."""
    for sample in subject.samples():
        a, b, c = (subject.fed([part]) for part in _cut(sample, 3))
        left, right, tail = copy.deepcopy(a), copy.deepcopy(a), copy.deepcopy(b)
        left.merge(b)
        left.merge(c)
        tail.merge(c)
        right.merge(tail)
        assert same_results(left, right), (
            f"(a + b) + c gives {flat(left.result())}, a + (b + c) gives {flat(right.result())}. "
            "Keep what adds up (counts, sums), and compute shares and means in result()."
        )


def check_any_split(subject: Subject) -> None:
    """Any split of the rows into parts, merged in order, gives the result of the whole, and so do batches of one part."""
    for sample in subject.samples():
        whole = subject.fed([sample])
        for parts in (2, 5, 17):
            pieces = _cut(sample, parts)
            candidates = {f"{parts} parts merged": subject.merged(pieces), f"{parts} batches": subject.fed(pieces)}
            for name, found in candidates.items():
                assert same_results(whole, found), (
                    f"{name} give {flat(found.result())}, the whole gives {flat(whole.result())}. "
                    "update() must add to the state, and merge() combine what update() keeps."
                )


def check_merge_leaves_other(subject: Subject) -> None:
    """merge(other) does not change other, now or when the merged state goes on."""
    for sample in subject.samples():
        first, second = _cut(sample, 2)
        total, other = subject.new(), subject.fed([first])
        before = dumps(encode_state(other))
        total.merge(other)
        subject.feed(total, second)
        total.merge(subject.fed([second]))
        assert dumps(encode_state(other)) == before, (
            "merge(other) or a later update changed other. Copy what is taken over from it (a list, a dict, an array)."
        )


def check_state_round_trip(subject: Subject) -> None:
    """State survives being written as JSON, bit for bit, and goes on as if nothing had happened. Pickle is never used."""
    for sample in subject.samples():
        first, second = _cut(sample, 2)
        fed = subject.fed([first])
        written = dumps(encode_state(fed))
        restored = decode_state(subject.new(), loads(written))
        assert dumps(encode_state(restored)) == written, (
            "the state that was read back differs from the one written. Keep numbers, texts, lists, dicts with text keys, "
            "numpy arrays, or an object with merge, to_state and from_state."
        )
        for analyzer in (fed, restored):
            subject.feed(analyzer, second)
        assert same_results(fed, restored), "a state that was read back goes on to another result than the one written"


def check_fresh_is_empty(subject: Subject) -> None:
    """Instances share no state: a list or dict as default of a field needs field(default_factory=...)."""
    empty = dumps(encode_state(subject.new()))
    for sample in subject.samples():
        subject.fed([sample])
        assert dumps(encode_state(subject.new())) == empty, "a new instance holds what another one took in"
        assert dumps(encode_state(subject.fed([sample]).fresh())) == empty, "fresh() is not empty"


def check_bounded_state(subject: Subject) -> None:
    """State stays small however many rows there are: it travels from every task to the driver."""
    kinds = subject.takes if subject.of_column else ("number",)
    for kind in kinds:
        sizes = []
        for rows in (8_000, 8_000 * GROWTH):
            part = distinct_of(kind, rows) if subject.of_column else _batch(subject, rows)
            sizes.append(len(dumps(encode_state(subject.fed([part])))))
        assert sizes[1] <= max(SMALL_STATE, 2 * sizes[0]), (
            f"the state grew from {sizes[0]:,} to {sizes[1]:,} bytes while the rows grew {GROWTH} times. "
            "Keep a sketch, a histogram or counts up to a limit instead of the values."
        )


def check_deterministic(subject: Subject) -> None:
    """The same data gives the same state, byte for byte: no clock, no unseeded random numbers, no order of a set."""
    for sample in subject.samples():
        states = [dumps(encode_state(subject.fed(_cut(sample, 3)))) for _ in range(2)]
        assert states[0] == states[1], "two runs over the same data left different states"


def _cut(sample: Any, parts: int) -> list[Any]:
    """Consecutive parts of uneven length, some of them empty."""
    rng = np.random.default_rng(parts)
    ends = sorted(rng.integers(0, len(sample) + 1, parts - 1).tolist())
    return [sample.slice(start, end - start) for start, end in zip([0, *ends], [*ends, len(sample)], strict=True)]


def _batch(subject: Subject, rows: int) -> Any:
    if subject.given:
        sample = subject.given[0]
        return sample.take(list(range(len(sample))) * (rows // len(sample)))
    return batch_of(tuple(subject.new().reads), rows)
