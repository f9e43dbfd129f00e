"""Synthetic applicants with a label and a prediction. For demonstrations and tests: the same bytes for the same arguments."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

HEADER = ("sex", "age", "income", "years", "label", "prediction", "score")


def write_applicants(
    path: Path | str, rows: int, seed: int = 0, *, unfair: float = 0.0, spread: float = 10.0, header: bool = True
) -> Path:
    """Write a CSV file of applicants.

    The score is a logistic function of income and years alone; the label is drawn with the score as its probability.

    Args:
        path: The file.
        rows: How many.
        seed: Of the random numbers.
        unfair: By how much the score of women is lowered.
        spread: Standard deviation of the incomes.
        header: Whether the first line has the names.
    """
    rng = np.random.default_rng(seed)
    female = rng.random(rows) < 0.4
    age, years = rng.integers(20, 65, rows), rng.integers(0, 20, rows)
    income = rng.normal(40, spread, rows).round(1)
    score = scores(np.column_stack([age, income, years]))
    label = (rng.random(rows) < score).astype(int)
    score = np.clip(score - unfair * female, 0.0, 1.0).round(6)
    columns = (np.where(female, "f", "m"), age // 10 * 10, income, years, label, (score > 0.5).astype(int), score)
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEADER] if header else [])
        writer.writerows(zip(*(column.tolist() for column in columns), strict=True))
    return place


def scores(features: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The model: what it gives to applicants of some age, income and years; shape (rows, 3)."""
    _, income, years = features.T
    found: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(0.08 * (income - 40) + 0.15 * (years - 10))))
    return found
