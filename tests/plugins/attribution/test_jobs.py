"""Attribution jobs: columns, captured explanations, models of every loader, drift, and what is said of mistakes."""

from __future__ import annotations

import base64
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import ConfigurationError, DataFormatError, NoDataError
from engine.testing.applicants import write_applicants

HEADERS = ["sex", "age", "income", "years", "label", "prediction", "score"]
MODEL: dict[str, Any] = {
    "model": {"path": "engine.testing.applicants:scores", "loader": "python"},
    "headers": ["age", "income", "years"], "max_rows": 100, "methods": {"shap": {"baseline": [[40, 40, 10]]}},
}  # fmt: skip


def baseline(data: Path, output: Path, settings: dict[str, Any], **options: Any) -> dict[str, Any]:
    engine.baseline(data, output=output, runner="inline", monitor="attribution", settings=settings, **options)
    document = json.loads((output / "analysis.json").read_text())
    assert list(document) == ["version", "explanations"]
    labels: dict[str, Any] = document["explanations"]["kernel_shap"]
    return labels


def lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize(
    ("method", "a", "b"), [("mean_abs", 2.0, 0.5), ("mean_sq", 14 / 3, 0.25), ("median", 1.0, -0.5)]
)
def test_columns(tmp_path: Path, method: str, a: float, b: float) -> None:
    (tmp_path / "d.csv").write_text("shap_a,shap_b,shap_base\n1,-0.5,0.25\n-2,0.5,0.25\n3,-0.5,0.25\n")
    labels = baseline(tmp_path / "d.csv", tmp_path / "out", {"methods": {"shap": {"agg_method": method}}})
    assert labels == {"label0": {"global_shap_values": {"a": pytest.approx(a), "b": b}, "expected_value": 0.25}}


def test_columns_of_several_labels_and_of_clarifys_file(tmp_path: Path) -> None:
    for name, header in (
        ("ours", "shap_a__x,shap_b__x,shap_a__y,shap_b__y"),
        ("theirs", "a_label0,b_label0,a_label1,b_label1"),
    ):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n1,2,3,4\n-1,,-3,4\n")
        labels = baseline(tmp_path / f"{name}.csv", tmp_path / name, {"label_headers": ["x", "y"]})
        assert {label: block["global_shap_values"] for label, block in labels.items()} == {
            "x": {"a": 1.0, "b": 2.0}, "y": {"a": 3.0, "b": 4.0},
        }  # fmt: skip
        assert labels["x"]["expected_value"] is None
    named = {"columns": {"x": {"a": "shap_b__y"}}}
    assert baseline(tmp_path / "ours.csv", tmp_path / "out", named)["x"]["global_shap_values"] == {"a": 4.0}


def explained(
    values: list[Any], encoding: str = "JSON", predictions: str = "0.75\n0.25\n", header: bool = True
) -> dict[str, Any]:
    def feature(name: str, value: Any) -> dict[str, Any]:
        return {**({"feature_header": name} if header else {}), "attributions": [{"attribution": [value]}]}

    features = [[feature(*pair) for pair in zip("ab", row, strict=True)] if row else None for row in values]
    response = {
        "version": "1.0", "predictions": {"content_type": "text/csv; charset=utf-8", "data": predictions},
        "explanations": {"kernel_shap": features} if values else {},
    }  # fmt: skip
    text = json.dumps(response)
    data = base64.b64encode(text.encode()).decode() if encoding == "BASE64" else text
    output = {"data": data, "encoding": encoding, "mode": "OUTPUT", "observedContentType": "application/json"}
    inputs = {"data": "1,2\n3,4", "encoding": "CSV", "mode": "INPUT", "observedContentType": "text/csv"}
    event = {"eventId": "x", "inferenceTime": "2026-01-31T10:05:09Z"}
    return {
        "captureData": {"endpointInput": inputs, "endpointOutput": output},
        "eventMetadata": event,
        "eventVersion": "0",
    }


@pytest.mark.parametrize("encoding", ["JSON", "BASE64"])
def test_captured_explanations(tmp_path: Path, encoding: str) -> None:
    records = [
        explained([[0.5, -0.125], None], encoding),
        explained([[0.25, 0.125], [-0.5, 0.25]], encoding),
        explained([], encoding),
    ]
    data = lines(tmp_path / "c" / "a.jsonl", records)
    labels = baseline(data, tmp_path / "out", {})
    expected = ((0.75 - 0.375) + (0.75 - 0.375) + (0.25 + 0.25)) / 3
    assert labels == {
        "label0": {
            "global_shap_values": {"a": pytest.approx(1.25 / 3), "b": pytest.approx(0.5 / 3)},
            "expected_value": pytest.approx(expected),
        }
    }
    headers = baseline(
        lines(tmp_path / "d" / "a.jsonl", [explained([[1, 2], [1, 2]], encoding, header=False)]), tmp_path / "out",
        {"headers": ["x", "y"], "label_headers": ["yes"]},
    )  # fmt: skip
    assert headers["yes"]["global_shap_values"] == {"x": 1.0, "y": 2.0}


def test_other_monitors_see_the_models_own_answer(tmp_path: Path) -> None:
    data = lines(tmp_path / "c" / "a.jsonl", [explained([[0.5, -0.125], None])] * 3)
    engine.baseline(data, output=tmp_path / "out", runner="inline")
    features = json.loads((tmp_path / "out" / "statistics.json").read_text())["features"]
    assert [feature["name"] for feature in features] == ["_c0", "_c1", "_c2"]
    assert features[0]["numerical_statistics"]["mean"] == 0.5


def test_a_callable_and_drift(tmp_path: Path) -> None:
    before = write_applicants(tmp_path / "before.csv", 400, seed=1, spread=40)
    labels = baseline(before, tmp_path / "bl", MODEL)
    values = labels["label0"]["global_shap_values"]
    assert list(values) == ["age", "income", "years"]
    assert values["income"] > values["years"] > values["age"] == pytest.approx(0, abs=1e-9)
    assert labels["label0"]["expected_value"] == 0.5
    options: dict[str, Any] = {
        "runner": "inline",
        "monitor": "attribution",
        "settings": MODEL,
        "baseline": tmp_path / "bl",
    }
    same = engine.monitor(before, output=tmp_path / "same", **options)
    assert same.violations == []
    assert not (tmp_path / "same" / "constraint_violations.json").exists()
    after = write_applicants(tmp_path / "after.csv", 400, seed=2, spread=0.5)
    metrics = {"enabled": True, "metrics_dir": str(tmp_path / "cw"), "endpoint": "e"}
    result = engine.monitor(after, output=tmp_path / "out", cloudwatch=metrics, segments=["sex"], **options)
    found = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())
    assert found["version"] == "1.0"
    (violation,) = found["violations"]
    text = violation.pop("description")
    assert violation == {
        "constraint_check_type": "feature_attribution_drift_check",
        "label": "label0",
        "metric_name": "shap",
    }
    assert text.startswith("Feature attribution drift 0.")
    assert text.endswith(" exceeds threshold 0.9")
    told = [json.loads(line) for line in (tmp_path / "cw" / "cloudwatch_metrics.jsonl").read_text().splitlines()]
    income = next(line for line in told if line["MetricName"] == "feature_income")
    assert {pair["Name"]: pair["Value"] for pair in income["Dimensions"]} == {
        "Endpoint": "e", "ExplainabilityMethod": "KernelShap", "Label": "label0", "ValueType": "GlobalShapValues",
    }  # fmt: skip
    assert "ExpectedValue" in {line["MetricName"] for line in told}
    rows = {(m.metric, m.column, m.slice): m for m in result.measurements}
    assert rows["feature_attribution_ndcg", None, None].status == "violation"
    assert rows["global_shap_value", "income", None].baseline == values["income"]
    assert rows["explained_records", None, None].value == 100.0
    assert ("global_shap_value", "income", "sex=f") in rows


def test_splits_do_not_change_what_is_explained(tmp_path: Path) -> None:
    data = write_applicants(tmp_path / "a.csv", 500, seed=3)
    settings = MODEL | {
        "max_rows": 20,
        "methods": {"shap": MODEL["methods"]["shap"] | {"save_local_shap_values": True}},
    }
    found = []
    for size in (1 << 20, 3000):
        baseline(data, tmp_path / "out", settings, input={"split_bytes": size})
        names = ("analysis.json", "explanations_shap/out.csv", "explanations_shap/baseline.csv")
        found.append([(tmp_path / "out" / name).read_text() for name in names])
    assert found[0] == found[1]
    assert found[0][1].splitlines()[0] == "age_label0,income_label0,years_label0"
    assert len(found[0][1].splitlines()) == 21
    assert found[0][2] == "age,income,years\n40.0,40.0,10.0\n"


def training(rows: int = 300) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 3))
    y = 2 * x[:, 0] - x[:, 1] + 0.5
    return x, y, (y > 0.5).astype(int)


def table(path: Path, x: Any) -> Path:
    path.write_text("a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in x.tolist()))
    return path


BACKGROUND = [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]


def saved(kind: str, folder: Path) -> tuple[Any, dict[str, str]]:
    """A model of a library as a function, and how the job finds it."""
    x, y, label = training()
    path = folder / "model"
    if kind.startswith("sklearn"):
        import joblib
        from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
        from sklearn.linear_model import LogisticRegression

        models = {
            "sklearn-trees": RandomForestClassifier(5, random_state=0), "sklearn-logistic": LogisticRegression(),
            "sklearn-boosting": GradientBoostingRegressor(n_estimators=10),
        }  # fmt: skip
        model = models[kind].fit(x, y if kind == "sklearn-boosting" else label)
        joblib.dump(model, path)
        predict = model.predict if kind == "sklearn-boosting" else lambda z: model.predict_proba(z)[:, 1]
        return predict, {"path": str(path), "loader": "sklearn"}
    if kind == "xgboost":
        import xgboost

        booster = xgboost.train({"max_depth": 2, "objective": "binary:logistic"}, xgboost.DMatrix(x, label), 5)
        booster.save_model(path.with_suffix(".json"))
        return booster.inplace_predict, {"path": str(path.with_suffix(".json")), "loader": "xgboost"}
    if kind == "lightgbm":
        import lightgbm

        trees = lightgbm.train({"objective": "binary", "verbose": -1, "num_leaves": 4}, lightgbm.Dataset(x, label), 5)
        trees.save_model(path)
        return trees.predict, {"path": str(path), "loader": "lightgbm"}
    if kind == "onnx":
        import onnx
        from onnx import TensorProto, helper

        entry = helper.make_tensor_value_info("x", TensorProto.DOUBLE, [None, 3])
        result = helper.make_tensor_value_info("y", TensorProto.DOUBLE, [None, 1])
        weights = helper.make_tensor("w", TensorProto.DOUBLE, [3, 1], [2.0, -1.0, 0.0])
        graph = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["y"])], "g", [entry], [result], [weights])
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
        return lambda z: z @ np.array([2.0, -1.0, 0.0]), {"path": str(path), "loader": "onnx"}
    import mlflow.pyfunc

    class Twice(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]
            return 2 * model_input["a"] + model_input["b"] * model_input["c"]

    mlflow.pyfunc.save_model(path, python_model=Twice(), pip_requirements=[])
    return lambda z: 2 * z[:, 0] + z[:, 1] * z[:, 2], {"path": str(path), "loader": "mlflow"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "kind", ["sklearn-trees", "sklearn-logistic", "sklearn-boosting", "xgboost", "lightgbm", "onnx", "mlflow"]
)
def test_loaders(tmp_path: Path, kind: str) -> None:
    """Attributions add up to the prediction, and are what all orders of the features give (L. Shapley, 1953)."""
    predict, model = saved(kind, tmp_path)
    x = training()[0][:8]
    settings = {
        "model": model,
        "headers": ["a", "b", "c"],
        "methods": {"shap": {"baseline": BACKGROUND, "save_local_shap_values": True}},
    }
    labels = baseline(table(tmp_path / "d.csv", x), tmp_path / "out", settings)
    exact = np.array([shapley(predict, row) for row in x])
    assert list(labels) == ["label0"]
    assert labels["label0"]["expected_value"] == pytest.approx(float(np.mean(predict(np.array(BACKGROUND)))), rel=1e-4)
    assert list(labels["label0"]["global_shap_values"].values()) == pytest.approx(
        np.abs(exact).mean(axis=0), rel=1e-3, abs=1e-4
    )
    local = (tmp_path / "out" / "explanations_shap" / "out.csv").read_text().splitlines()[1:]
    sums = sorted(sum(map(float, line.split(","))) for line in local)
    assert sums == pytest.approx(sorted(exact.sum(axis=1)), rel=1e-3, abs=1e-4)


def shapley(predict: Any, row: Any, rows: Any = BACKGROUND) -> Any:
    """Shapley values by their definition, against the background."""
    from itertools import combinations

    size, background = len(row), np.array(rows)

    def value(chosen: tuple[int, ...]) -> float:
        mixed = background.copy()
        mixed[:, list(chosen)] = row[list(chosen)]
        return float(np.mean(predict(mixed)))

    found = np.zeros(size)
    for feature in range(size):
        others = [i for i in range(size) if i != feature]
        for count in range(size):
            weight = math.factorial(count) * math.factorial(size - count - 1) / math.factorial(size)
            for chosen in combinations(others, count):
                found[feature] += weight * (value((*chosen, feature)) - value(chosen))
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["xgboost", "sklearn-logistic"])
def test_log_odds(tmp_path: Path, kind: str) -> None:
    predict, model = saved(kind, tmp_path)
    x = training()[0][:8]
    shap = {"baseline": BACKGROUND[:1], "use_logit": True}
    settings = {"model": model, "headers": ["a", "b", "c"], "methods": {"shap": shap}}
    labels = baseline(table(tmp_path / "d.csv", x), tmp_path / "out", settings)

    def odds(z: Any) -> Any:
        return np.log(predict(z) / (1 - predict(z)))

    exact = np.array([shapley(odds, row, BACKGROUND[:1]) for row in x])
    assert list(labels["label0"]["global_shap_values"].values()) == pytest.approx(
        np.abs(exact).mean(axis=0), rel=1e-3, abs=1e-4
    )
    assert labels["label0"]["expected_value"] == pytest.approx(float(odds(np.array(BACKGROUND[:1]))[0]), rel=1e-3)


def test_several_classes(tmp_path: Path) -> None:
    import joblib
    from sklearn.linear_model import LogisticRegression

    x, y, _ = training()
    model = LogisticRegression().fit(x, np.digitize(y, [-1, 1]))
    joblib.dump(model, tmp_path / "model")
    settings = {
        "model": {"path": str(tmp_path / "model"), "loader": "sklearn"}, "headers": ["a", "b", "c"],
        "label_headers": ["low", "middle", "high"], "methods": {"shap": {"baseline": BACKGROUND}},
    }  # fmt: skip
    labels = baseline(table(tmp_path / "d.csv", x[:10]), tmp_path / "out", settings)
    assert list(labels) == ["low", "middle", "high"]
    assert sum(block["expected_value"] for block in labels.values()) == pytest.approx(1)


@pytest.mark.parametrize(("changed", "says"), [
    ({"methods": {"shap": {"text_config": {}}}}, "text_config is not supported"),
    ({"methods": {"shap": {"agg_method": "max", "baseline": [[1, 2, 3]]}}}, "mean_abs"),
    ({"methods": {"shap": {}}}, "methods.shap.baseline is missing"),
    ({"methods": {"shap": {"baseline": [[1, 2]]}}}, "rows of 2 values, but there are 3 features"),
    ({"methods": {"shap": {"baseline": [["a", "b", "c"]]}}}, "something else than numbers"),
    ({"methods": {"shap": {"baseline": "/nowhere/rows.csv"}}}, "/nowhere/rows.csv cannot be read"),
    ({"model": {"path": "nowhere:nothing", "loader": "python"}}, "needs a package that is not installed"),
    ({"model": {"path": "/nowhere/m", "loader": "sklearn"}}, "/nowhere/m cannot be loaded with sklearn"),
    ({"model": {"path": "x", "loader": "pickle"}}, "loader"),
    ({"source": "model", "model": None}, "source is model: give model.path"),
    ({"methods": "shap"}, "methods is 'shap'; allowed is an object"),
])  # fmt: skip
def test_a_wrong_configuration_names_the_key(tmp_path: Path, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        baseline(write_applicants(tmp_path / "a.csv", 10), tmp_path / "out", MODEL | changed)


def test_no_source_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataFormatError, match=r"the data holds no attributions\. Give one of three"):
        baseline(write_applicants(tmp_path / "a.csv", 10), tmp_path / "out", {})
    assert not (tmp_path / "out" / "analysis.json").exists()


def test_records_that_cannot_be_explained(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("age,income,years\n,x,3\n1,,2\n")
    with pytest.raises(NoDataError, match=r"None of 2 records has attributions \(2 lack a feature"):
        baseline(tmp_path / "a.csv", tmp_path / "out", MODEL)


def test_equal_records_count_as_often_as_they_occur(tmp_path: Path) -> None:
    """Fewer records are explained than there are, and many are alike: the values must stay those of all records."""
    rng = np.random.default_rng(0)
    rows = np.where(rng.random((4000, 1)) < 0.5, [60.0, 60.0, 20.0], rng.normal(40, 5, (4000, 3)).round(2))
    table(tmp_path / "d.csv", rows)
    (tmp_path / "d.csv").write_text((tmp_path / "d.csv").read_text().replace("a,b,c", "age,income,years"))
    few, all_ = (baseline(tmp_path / "d.csv", tmp_path / "out", MODEL | {"max_rows": rows}) for rows in (400, 4000))
    for feature, value in all_["label0"]["global_shap_values"].items():
        assert few["label0"]["global_shap_values"][feature] == pytest.approx(value, rel=0.15, abs=1e-9)


@pytest.mark.parametrize("explained_first", [True, False])
def test_a_part_of_the_captures_without_explanations(tmp_path: Path, explained_first: bool) -> None:
    shap = [[{"feature_header": "a", "attributions": [{"attribution": [0.25]}]}]]
    for name, explanations in (("0", {"kernel_shap": shap}), ("1", {})):
        response = {
            "version": "1.0",
            "predictions": {"content_type": "text/csv", "data": "0.5"},
            "explanations": explanations,
        }
        output = {"observedContentType": "application/json", "data": json.dumps(response), "encoding": "JSON"}
        event = {"eventId": name, "inferenceTime": "2026-01-31T10:00:00Z"}
        place = tmp_path / "captures" / f"{name if explained_first else 1 - int(name)}.jsonl"
        lines(place, [{"captureData": {"endpointOutput": output}, "eventMetadata": event, "eventVersion": "0"}] * 50)
    options = {"input": {"format": "capture", "split_bytes": 5000}}
    labels = baseline(tmp_path / "captures", tmp_path / "out", {}, **options)
    assert labels["label0"] == {"global_shap_values": {"a": 0.25}, "expected_value": 0.25}


def test_columns_that_the_model_does_not_take(tmp_path: Path) -> None:
    data = write_applicants(tmp_path / "a.csv", 200, seed=1)
    clarifys = {
        "headers": HEADERS, "label": "label", "predicted_label": "prediction", "excluded_columns": ["sex"],
        "joinsource_name_or_index": 6,
    }  # fmt: skip
    assert baseline(data, tmp_path / "out", MODEL | clarifys) == baseline(data, tmp_path / "other", MODEL)


def test_local_values_of_an_earlier_job_do_not_stay(tmp_path: Path) -> None:
    data = write_applicants(tmp_path / "a.csv", 30)
    shap = MODEL["methods"]["shap"]
    for save in (True, False):
        baseline(data, tmp_path / "out", MODEL | {"methods": {"shap": shap | {"save_local_shap_values": save}}})
        assert (tmp_path / "out" / "explanations_shap" / "out.csv").exists() == save


def test_log_odds_of_certainty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "certain.py").write_text("def certain(x):\n    return (x[:, 0] > 0).astype(float)\n")
    data = write_applicants(tmp_path / "a.csv", 30)
    shap = {"shap": {"baseline": [[40, 40, 10]], "use_logit": True}}
    monkeypatch.syspath_prepend(tmp_path)
    settings = MODEL | {"model": {"path": "certain:certain", "loader": "python"}, "methods": shap}
    with pytest.raises(ConfigurationError, match="above 0 and below 1"):
        baseline(data, tmp_path / "out", settings)
