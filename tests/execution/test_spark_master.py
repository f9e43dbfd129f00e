"""A Spark master that is not there is said in one sentence, before a JVM is started."""

from __future__ import annotations

import socket

import pytest

from engine.errors import RunnerError
from engine.execution.spark import SparkRunner
from engine.execution.spark_master import check_master


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("form", ["spark://127.0.0.1:{port}", "k8s://https://127.0.0.1:{port}"])
def test_check_master_refused_connection_is_one_sentence(form: str) -> None:
    master = form.format(port=free_port())
    with pytest.raises(RunnerError) as caught:
        check_master(master)
    text = str(caught.value)
    assert text.startswith(f"The Spark master {master} cannot be reached (127.0.0.1:")
    assert "\n" not in text
    assert "--runner inline" in text


@pytest.mark.parametrize("master", ["spark://", "spark://host", "spark://host:port", "spark://127.0.0.1:99999999"])
def test_check_master_that_is_no_address_is_refused(master: str) -> None:
    if master == "spark://":
        check_master(master)  # no address; Spark says so
        return
    with pytest.raises(RunnerError, match="cannot be reached"):
        check_master(master)


def test_check_master_needs_one_of_several_addresses() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        there = listener.getsockname()[1]
        check_master(f"spark://127.0.0.1:{free_port()},127.0.0.1:{there}")


@pytest.mark.parametrize("master", ["local[*]", "yarn", "local-cluster[1,1,1024]"])
def test_check_master_leaves_other_kinds_to_spark(master: str) -> None:
    check_master(master)


def test_spark_runner_does_not_start_a_jvm_for_a_master_that_is_not_there() -> None:
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is not None:
        pytest.skip("there is a session already")
    with pytest.raises(RunnerError, match="cannot be reached"), SparkRunner(f"spark://127.0.0.1:{free_port()}"):
        pass
