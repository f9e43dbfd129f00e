"""Models as functions of a matrix of features, read with the library that wrote them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ConfigurationError
from engine.filesystems import open_file
from engine.temporary import folder_until_exit
from plugins.attribution.settings import ModelConfig

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """A model.

    Attributes:
        predict: From features of shape (rows, features) to outputs of shape (rows, outputs).
        native: The library's own object, where shap knows a faster way for it.
        missing: Whether it takes missing features (NaN).
    """

    predict: Callable[[FloatArray], FloatArray]
    native: Any = None
    missing: bool = False


def load_model(config: ModelConfig, names: tuple[str, ...]) -> Model:
    """Read a model.

    Args:
        config: Which one.
        names: Headers of the features.

    Raises:
        ConfigurationError: The library is not installed, or the model cannot be read.
    """
    try:
        return _LOADERS[config.loader](config.path, names)
    except ImportError as error:
        raise ConfigurationError(
            f"model: the loader {config.loader} needs a package that is not installed: {error}. Install it here and on the "
            "executors, or name another loader."
        ) from error
    except Exception as error:
        raise ConfigurationError(f"model: {config.path} cannot be loaded with {config.loader}: {error}") from error


def _python(path: str, _: tuple[str, ...]) -> Model:
    module, _sign, function = path.partition(":")
    return Model(_as_matrix(getattr(importlib.import_module(module), function)))


def _sklearn(path: str, _: tuple[str, ...]) -> Model:
    import joblib

    return _with_probabilities(joblib.load(_local(path)))


def _xgboost(path: str, _: tuple[str, ...]) -> Model:
    import xgboost

    booster = xgboost.Booster(model_file=str(_local(path)))
    return Model(_as_matrix(lambda x: booster.inplace_predict(x, validate_features=False)), booster, missing=True)


def _lightgbm(path: str, _: tuple[str, ...]) -> Model:
    import lightgbm

    booster = lightgbm.Booster(model_file=str(_local(path)))
    return Model(_as_matrix(booster.predict), booster, missing=True)


def _onnx(path: str, _: tuple[str, ...]) -> Model:
    import onnxruntime

    session = onnxruntime.InferenceSession(_local(path).read_bytes(), providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    kind = np.float64 if "double" in entry.type else np.float32

    def predict(x: FloatArray) -> Any:
        outputs = session.run(None, {entry.name: np.ascontiguousarray(x, kind)})
        # Classifiers give labels first and then probabilities, as an array or as mappings by label.
        found = outputs[-1]
        return [list(row.values()) for row in found] if isinstance(found, list) else found

    return Model(_as_matrix(predict))


def _mlflow(path: str, names: tuple[str, ...]) -> Model:
    import mlflow.pyfunc
    import pandas as pd

    model = mlflow.pyfunc.load_model(path)
    return Model(_as_matrix(lambda x: model.predict(pd.DataFrame(x, columns=list(names)))))


_LOADERS: dict[str, Callable[[str, tuple[str, ...]], Model]] = {
    "python": _python,
    "sklearn": _sklearn,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "onnx": _onnx,
    "mlflow": _mlflow,
}


def _with_probabilities(model: Any) -> Model:
    """A classifier by its probabilities: of two classes, that of the second."""
    return Model(_as_matrix(getattr(model, "predict_proba", None) or model.predict), model)


def _as_matrix(predict: Callable[[FloatArray], Any]) -> Callable[[FloatArray], FloatArray]:
    def outputs(x: FloatArray) -> FloatArray:
        found = np.asarray(predict(x), np.float64)
        matrix = found.reshape(len(x), -1)
        binary = matrix.shape[1] == 2 and np.allclose(matrix.sum(axis=1), 1)
        return matrix[:, 1:] if binary else matrix

    return outputs


def _local(path: str) -> Path:
    """The file itself, or a copy of a remote one."""
    if "://" not in path:
        return Path(path)
    target = folder_until_exit() / path.rpartition("/")[2]
    with open_file(path) as file:
        target.write_bytes(file.read())
    return target
