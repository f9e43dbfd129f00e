"""Actions on violations, sent by real jobs to servers on loopback that speak the protocols (moto, HTTP)."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

import engine
from tests.integration.conftest import run_job
from tests.integration.faulty_proxy import faulty_proxy

ACCOUNT = "123456789012"
SIGNED_WITH = "any words"


@pytest.fixture
def drifted(tmp_path: Path) -> dict[str, Any]:
    """Configuration of a job that finds violations."""
    (tmp_path / "before.csv").write_text("age,plan\n" + "".join(f"{i % 50},a\n" for i in range(500)))
    (tmp_path / "after.csv").write_text("age,plan\n" + "".join(f"{i % 50 + 40},\n" for i in range(500)))
    engine.baseline(tmp_path / "before.csv", output=tmp_path / "baseline", runner="inline")
    return {
        "input": {"paths": [str(tmp_path / "after.csv")]},
        "baseline": str(tmp_path / "baseline"),
        "output": str(tmp_path / "report"),
        "runner": "inline",
        "cloudwatch": {"endpoint": "demo", "schedule": "hourly"},
    }


def run(config: dict[str, Any], folder: Path, **environment: str) -> Any:
    path = folder / "monitor.yaml"
    path.write_text(yaml.safe_dump(config))
    return run_job("run", "--config", str(path), environment=environment)


def queue(name: str) -> tuple[str, str]:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"


def received(url: str) -> list[dict[str, Any]]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]


def test_events_messages_and_pipelines(aws: Any, drifted: dict[str, Any], tmp_path: Path) -> None:
    topic = boto3.client("sns").create_topic(Name="drift")["TopicArn"]
    of_topic, of_bus = queue("topic"), queue("bus")
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=of_topic[1])
    events = boto3.client("events")
    pattern = json.dumps({"source": ["open-model-monitor"], "detail": {"severity": ["error"]}})
    events.put_rule(Name="drift", EventPattern=pattern)
    events.put_targets(Rule="drift", Targets=[{"Id": "1", "Arn": of_bus[1]}])
    sagemaker = boto3.client("sagemaker")
    role = f"arn:aws:iam::{ACCOUNT}:role/pipelines"
    sagemaker.create_pipeline(
        PipelineName="retrain", RoleArn=role, PipelineDefinition="{}", ClientRequestToken="x" * 32
    )
    drifted["actions"] = [
        {"action": "sns", "settings": {"topic_arn": topic}, "when": {"columns": ["age"]}},
        {"action": "eventbridge"},
        {"action": "sagemaker_pipeline", "settings": {"pipeline": "retrain", "parameters": {"Report": "$report"}}},
        {"action": "sns", "key": "nobody", "settings": {"topic_arn": topic}, "when": {"kinds": ["extra_column_check"]}},
    ]
    done = run(drifted, tmp_path)
    assert done.returncode == 0, done.stderr
    violations = json.loads((tmp_path / "report/constraint_violations.json").read_text())["violations"]

    [message] = received(of_topic[0])
    told = json.loads(message["Message"])
    assert message["MessageAttributes"]["idempotency_key"]["Value"] == told["key"]
    assert [found["feature_name"] for found in told["violations"]] == ["age"]
    [event] = received(of_bus[0])
    assert event["detail-type"] == "Model Monitor Violations"
    assert [found | {"severity": "error"} for found in violations] == event["detail"]["violations"]
    assert (event["detail"]["endpoint"], event["detail"]["schedule"]) == ("demo", "hourly")
    [execution] = sagemaker.list_pipeline_executions(PipelineName="retrain")["PipelineExecutionSummaries"]
    arn = execution["PipelineExecutionArn"]
    parameters = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    assert parameters == [{"Name": "Report", "Value": str(tmp_path / "report")}]
    assert not (tmp_path / "report/pending_actions.json").exists()


class Receiver:
    """A webhook that answers with the statuses it is given, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers.items()), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name of the base class
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/services/a-secret-path"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_webhook_is_called_until_it_answers(receiver: Receiver, drifted: dict[str, Any], tmp_path: Path) -> None:
    drifted["actions"] = [{"action": "webhook", "settings": {"url_variable": "HOOK", "secret_variable": "HOOK_SECRET"}}]
    receiver.statuses = [503, 429]
    done = run(drifted, tmp_path, HOOK=receiver.url, HOOK_SECRET=SIGNED_WITH)
    assert done.returncode == 0, done.stderr
    assert len(receiver.requests) == 3
    assert len({headers["Idempotency-Key"] for headers, _ in receiver.requests}) == 1
    headers, body = receiver.requests[-1]
    assert headers["X-Signature-256"] == "sha256=" + hmac.new(SIGNED_WITH.encode(), body, hashlib.sha256).hexdigest()
    assert json.loads(body)["text"].startswith("Model monitor data_quality of demo: ")


def test_a_failing_action_loses_nothing(receiver: Receiver, drifted: dict[str, Any], tmp_path: Path) -> None:
    """The documents are written, the message says what did not arrive, and 'deliver' sends it later with the same key."""
    drifted["actions"] = [{"action": "webhook", "settings": {"url": receiver.url}}]
    drifted["message_file"] = str(tmp_path / "message")
    receiver.statuses = [400]
    done = run(drifted, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "action 'webhook' did not arrive (webhook at 127.0.0.1 answers with status 400)" in " ".join(
        done.stdout.split()
    )
    message = (tmp_path / "message").read_text()
    assert message.startswith(
        "CompletedWithViolations: Job completed successfully with 2 violations. Failed: action 'webhook'"
    )
    assert "secret-path" not in message + done.stdout + done.stderr
    report = tmp_path / "report"
    assert json.loads((report / "constraint_violations.json").read_text())["violations"]
    assert (report / "pending_actions.json").exists()
    sent = run_job("deliver", str(report), "--config", str(tmp_path / "monitor.yaml"))
    assert (sent.returncode, sent.stdout.strip()) == (0, "1 of 1 events delivered.")
    assert len({headers["Idempotency-Key"] for headers, _ in receiver.requests}) == 1
    assert len(receiver.requests) == 2
    assert not (report / "pending_actions.json").exists()
    again = run_job("deliver", str(report), "--config", str(tmp_path / "monitor.yaml"))
    assert (again.returncode, again.stdout.strip()) == (0, "0 of 0 events delivered.")


def test_strict_makes_a_failing_action_a_failure(receiver: Receiver, drifted: dict[str, Any], tmp_path: Path) -> None:
    drifted |= {"actions": [{"action": "webhook", "settings": {"url": receiver.url}}], "plugins": {"strict": True}}
    receiver.statuses = [400]
    done = run(drifted, tmp_path)
    assert done.returncode == 1
    assert "The documents are written." in done.stderr
    assert (tmp_path / "report/constraint_violations.json").exists()


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ({"action": "snss"}, "there is no action 'snss'. Did you mean 'sns'?"),
        ({"action": "sns", "settings": {"topic": "x"}}, "unknown key 'topic'. Did you mean 'topic_arn'?"),
        ({"action": "webhook"}, "either url or url_variable must be given"),
        (
            {"action": "sagemaker_pipeline", "settings": {"pipeline": "p", "parameters": {"a": "$nothing"}}},
            "allowed: $key,",
        ),
        (
            {"action": "webhook", "settings": {"url_variable": "UNSET_HOOK"}},
            "environment variable UNSET_HOOK is not set",
        ),
        ({"action": "sns", "when": {"severity": "bad"}}, "severity"),
    ],
)
def test_a_wrong_action_is_an_error_before_anything_is_read(
    drifted: dict[str, Any], tmp_path: Path, action: dict[str, Any], text: str
) -> None:
    done = run(drifted | {"actions": [action]}, tmp_path)
    assert done.returncode in {1, 2}
    assert text in " ".join(done.stderr.split())
    assert not (tmp_path / "report").exists()


OWN = '''
from pathlib import Path
from pydantic import BaseModel
from engine import Action, ViolationEvent

class NoteSettings(BaseModel):
    path: str

class Note(Action):
    """Writes a note."""
    name = "note"
    Settings = NoteSettings
    def __init__(self, settings):
        self.path = settings.path
    def send(self, event: ViolationEvent):
        Path(self.path).write_text(event.text)
'''


def test_an_action_of_ones_own(drifted: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "note.py").write_text(OWN)
    drifted["plugins"] = {"files": [str(tmp_path / "note.py")]}
    drifted["actions"] = [{"action": "note", "settings": {"path": str(tmp_path / "note.txt")}}]
    done = run(drifted, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 violations (error)" in (tmp_path / "note.txt").read_text()
    listed = run_job("plugins", "show", "note", "--plugin", str(tmp_path / "note.py"))
    assert "note (action, from file" in listed.stdout


def test_metrics_are_sent_to_cloudwatch(aws: Any, drifted: dict[str, Any], tmp_path: Path) -> None:
    drifted["cloudwatch"] |= {"enabled": True, "violation_count": True, "metric_time": "2026-01-31T10:00:00Z"}
    done = run(drifted, tmp_path)
    assert done.returncode == 0, done.stderr
    cloudwatch = boto3.client("cloudwatch")
    found = cloudwatch.list_metrics(Namespace="aws/sagemaker/Endpoints/data-metrics")["Metrics"]
    dimensions = [{"Name": "Endpoint", "Value": "demo"}, {"Name": "MonitoringSchedule", "Value": "hourly"}]
    assert {metric["MetricName"] for metric in found} >= {
        "feature_data_age",
        "feature_baseline_drift_age",
        "violation_count",
    }
    assert all(metric["Dimensions"] == dimensions for metric in found)
    [point] = cloudwatch.get_metric_statistics(
        Namespace="aws/sagemaker/Endpoints/data-metrics", MetricName="violation_count", Dimensions=dimensions, Period=60,
        StartTime="2026-01-31T09:00:00Z", EndTime="2026-01-31T11:00:00Z", Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    assert point["Sum"] == 2


def test_a_refused_namespace_and_a_lost_request(
    aws: Any, drifted: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A namespace that begins with aws/ may be refused; and what does not arrive at all loses no document."""
    refused = json.dumps({
        "__type": "InvalidParameterValue", "message": "The value aws/sagemaker/... for parameter Namespace is invalid.",
    }).encode()  # fmt: skip
    drifted["cloudwatch"] |= {"enabled": True}
    with faulty_proxy(aws.meta.endpoint_url) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", proxy.url)
        proxy.fault = lambda request: (
            (400, refused) if b"aws/sagemaker" in request.body or b"aws%2F" in request.body else None
        )
        done = run(drifted, tmp_path, AWS_DISABLE_REQUEST_COMPRESSION="true")
        assert done.returncode == 0, done.stderr
        found = boto3.client("cloudwatch").list_metrics(Namespace="ModelMonitor/Endpoints/data-metrics")["Metrics"]
        assert found, done.stderr
        proxy.fault = lambda _: (500, b"{}")
        done = run(drifted, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "metrics did not arrive" in done.stdout
    assert (tmp_path / "report/constraint_violations.json").exists()


def test_large_batches_are_cut(aws: Any) -> None:
    from engine.sinks.put_metrics import put_metrics

    with faulty_proxy(aws.meta.endpoint_url) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", proxy.url)
        data = [
            {"MetricName": f"metric_{i}", "Timestamp": "2026-01-31T10:00:00Z", "Value": float(i)} for i in range(2500)
        ]
        put_metrics("Own", data)
        assert len(proxy.requests) == 3
        pages = boto3.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="Own")
        assert len([metric for page in pages for metric in page["Metrics"]]) == 2500
