"""The flip test: whether the nearest rows of the other group have been predicted otherwise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
NEIGHBOURS = 5
FEWEST_FOR_NEIGHBOURS = 10


def flip_test(features: FloatArray, disadvantaged: npt.NDArray[np.bool_], positive: npt.NDArray[np.bool_]) -> float:
    """Share of d that nearest neighbours in a decide against, less the share that they decide in favour of.

    scikit-learn decides between equally near rows, as in the original.

    Args:
        features: Shape (rows, columns).
        disadvantaged: Rows of d.
        positive: Rows with a positive prediction.

    Raises:
        ValueError: A group is empty, no column holds numbers only, a feature is missing, or scikit-learn is not installed.
    """
    if disadvantaged.all():
        raise ValueError("Negative facet set is empty.")
    if not disadvantaged.any():
        raise ValueError("Facet set is empty.")
    if not features.shape[1]:
        raise ValueError("FlipTest does not support non-numeric columns")
    if np.isnan(features).any():
        raise ValueError("FlipTest does not support missing values in features")
    try:
        from sklearn.neighbors import KNeighborsClassifier
    except ImportError:
        raise ValueError("FlipTest needs scikit-learn: pip install 'open-model-monitor[bias]'") from None
    others, own = features[~disadvantaged], features[disadvantaged]
    model = KNeighborsClassifier(NEIGHBOURS if len(others) >= FEWEST_FOR_NEIGHBOURS else 1)
    expected = model.fit(others, positive[~disadvantaged].astype(int)).predict(own)
    given = positive[disadvantaged].astype(int)
    return float((np.sum(given > expected) - np.sum(given < expected)) / len(own))
