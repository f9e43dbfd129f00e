"""Standard deviations of a regression's metrics: those of simulated samples of four fifths of the rows, in any split."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from plugins.model_quality.regression import METRICS, RegressionErrors
from plugins.model_quality.samples import SAMPLE_SHARE

FloatArray = npt.NDArray[np.float64]
rng = np.random.default_rng(7)
CASES = {
    "numbers": (rng.normal(size=299), rng.normal(size=299)),
    "few pairs": (rng.integers(1, 6, 299).astype(float), rng.integers(2, 4, 299).astype(float)),
    "far from zero": (1e6 + rng.normal(size=400), 1e6 + rng.normal(size=400)),
    "long tail": (rng.exponential(size=3000) ** 2, rng.normal(size=3000)),
}


def errors_of(labels: FloatArray, predictions: FloatArray, parts: int = 1) -> RegressionErrors:
    total = RegressionErrors()
    for rows in np.array_split(np.arange(len(labels)), parts):
        part = RegressionErrors()
        part.update(labels[rows], predictions[rows])
        total.merge(RegressionErrors.from_state(part.to_state()))
    return total


def simulated(labels: FloatArray, predictions: FloatArray) -> dict[str, float]:
    """The documented procedure, many times: metrics of random samples of four fifths of the rows, and their deviation."""
    samples = []
    for _ in range(1500):
        rows = rng.permutation(len(labels))[: int(SAMPLE_SHARE * len(labels))]
        y, error = labels[rows], labels[rows] - predictions[rows]
        mse = (error**2).mean()
        samples.append((np.abs(error).mean(), mse, np.sqrt(mse), 1 - (error**2).sum() / ((y - y.mean()) ** 2).sum()))
    return dict(zip(METRICS, np.std(samples, axis=0).tolist(), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_standard_deviations_are_those_of_random_samples(case: str) -> None:
    labels, predictions = CASES[case]
    computed = errors_of(labels, predictions).standard_deviations(SAMPLE_SHARE)
    assert computed == pytest.approx(simulated(labels, predictions), rel=0.15)


@pytest.mark.parametrize("parts", [2, 7, 100])
@pytest.mark.parametrize("case", CASES)
def test_standard_deviations_do_not_depend_on_splits_or_order(case: str, parts: int) -> None:
    labels, predictions = CASES[case]
    order = rng.permutation(len(labels))
    whole = errors_of(labels, predictions).standard_deviations(SAMPLE_SHARE)
    assert errors_of(labels[order], predictions[order], parts).standard_deviations(SAMPLE_SHARE) == pytest.approx(
        whole, rel=1e-6
    )


def test_standard_deviations_of_equal_errors_are_zero() -> None:
    labels = np.arange(300.0)
    deviations = errors_of(labels, labels + 2).standard_deviations(SAMPLE_SHARE)
    assert (deviations["mae"], deviations["mse"], deviations["rmse"]) == (0.0, 0.0, 0.0)
    assert errors_of(labels, labels).standard_deviations(SAMPLE_SHARE)["rmse"] == 0.0


@pytest.mark.parametrize("labels", [np.full(300, 2.0), np.tile([1e308, -1e308], 150), np.tile([5e-324, 0.0], 150)])
def test_standard_deviations_that_no_number_holds_are_nan(labels: FloatArray) -> None:
    assert np.isnan(errors_of(labels, labels * 0.5, 3).standard_deviations(SAMPLE_SHARE)["r2"])
