from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from engine.config import Config, load_config, make_config, merged
from engine.config_sections import RunnerConfig
from engine.errors import ConfigurationError

MINIMAL = "input: {paths: [captures]}\noutput: report\n"


def load(tmp_path: Path, text: str, overrides: dict[str, object] | None = None) -> Config:
    path = tmp_path / "monitor.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, overrides)


def error(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def test_defaults(tmp_path: Path) -> None:
    config = load(tmp_path, MINIMAL)
    assert config.input.paths == ["captures"]
    assert config.input.split_bytes == 64 * 1024 * 1024
    assert config.input.max_malformed_share == 0.1
    assert config.runner == RunnerConfig(kind="spark")
    assert config.baseline is None
    assert config.monitor == "data_quality"


def test_options_win_over_the_file(tmp_path: Path) -> None:
    text = MINIMAL + "runner: inline\nbaseline: old\n"
    config = load(tmp_path, text, {"input": {"paths": ["new"], "format": None}, "runner": {"master": "local[2]"}})
    assert config.input.paths == ["new"]
    assert config.runner == RunnerConfig(kind="inline", master="local[2]")
    assert config.baseline is not None
    assert config.baseline.constraints == "old"


def test_a_single_path_is_a_list_of_one(tmp_path: Path) -> None:
    assert load(tmp_path, "input: {paths: one.csv}\noutput: o\n").input.paths == ["one.csv"]


def test_sizes_and_spark_values_may_be_written_as_people_write_them(tmp_path: Path) -> None:
    conf = "{spark.task.maxFailures: 8, spark.ui.enabled: false}"
    config = load(tmp_path, f"input: {{paths: [a], split_bytes: 1MiB}}\noutput: o\nrunner: {{conf: {conf}}}\n")
    assert config.input.split_bytes == 1024 * 1024
    assert config.runner.conf == {"spark.task.maxFailures": "8", "spark.ui.enabled": "false"}


@pytest.mark.parametrize(
    "written", ["2026-01-31T10:00:00Z", "2026-01-31 10:00", "2026-01-31T10: 00: 00Z", "2026-01-31T12:00:00+02:00"]
)
def test_times_are_read_leniently(written: str) -> None:
    config = make_config(["a"], "o", options={"input": {"start": written}})
    assert config.input.start == datetime(2026, 1, 31, 10, tzinfo=timezone.utc)


def test_metrics_are_stamped_with_the_start_of_the_window() -> None:
    start, given = "2026-01-31T10:00:00Z", "2026-01-31T11:00:00Z"
    assert make_config(["a"], "o", options={"input": {"start": start}}).cloudwatch.metric_time == datetime(
        2026, 1, 31, 10, tzinfo=timezone.utc
    )
    options = {"input": {"start": start}, "cloudwatch": {"metric_time": given}}
    assert make_config(["a"], "o", options=options).cloudwatch.metric_time == datetime(
        2026, 1, 31, 11, tzinfo=timezone.utc
    )


def test_an_unknown_key_names_file_place_and_nearest_key(tmp_path: Path) -> None:
    text = error(tmp_path, "input: {paths: [a], formt: csv}\noutput: o\n")
    assert str(tmp_path / "monitor.yaml") in text
    assert "section 'input': unknown key 'formt'. Did you mean 'format'?" in text


def test_an_unknown_key_at_the_top_level(tmp_path: Path) -> None:
    text = error(tmp_path, "input: {paths: [a]}\nouput: o\n")
    assert "unknown key 'ouput'. Did you mean 'output'?" in text
    assert text.index("ouput") < text.index("'output' is missing")


def test_a_key_in_the_wrong_section_is_told_its_place(tmp_path: Path) -> None:
    assert "unknown key 'header'. Did you mean 'input.csv.header'?" in error(tmp_path, MINIMAL + "header: true\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input: {paths: [a], csv: {delimiter: ';;'}}\noutput: o", "'input.csv.delimiter' is ';;'"),
        ("input: {paths: [a], format: xml}\noutput: o", "'input.format' is 'xml': it must be 'capture', 'csv'"),
        ("input: {paths: [a], start: soon}\noutput: o", "'input.start' is 'soon': not a time; write it like 2026"),
        ("input: {paths: [a], start: 2026-02-01, end: 2026-01-01}\noutput: o", "is not before end (2026-01-01"),
        ("input: {paths: [a], names: [x, y, x]}\noutput: o", "'input.names' is ['x', 'y', 'x']: x stands there twice"),
        ("input: {paths: []}\noutput: o", "'input.paths' is []: it must not be empty."),
        ("input: {paths: ['']}\noutput: o", "'input.paths[0]' is '': it must not be empty."),
        ("input: {paths: [a]}", "the key 'output' is missing"),
        ("input: {paths: [a]}\noutput: o\ncloudwatch: {namespace: ''}", "'cloudwatch.namespace' is ''"),
        ("- a", "must be a mapping of keys to values; found ['a']"),
        ("a: [b\n", "is not YAML: line 2, column 1: expected ',' or ']', but got '<stream end>'."),
        (
            MINIMAL + "runner: inline\ninput: {format: csv}\n",
            "is not YAML: line 4, column 1: the key 'input' is given twice",
        ),
        ("input: {paths: [a], format: csv, format: jsonl}\n", "line 1, column 34: the key 'format' is given twice"),
        ("a:\n\t- b\n", "is not YAML: line 2, column 1: found character"),
    ],
)
def test_errors_name_key_value_and_what_is_legal(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in error(tmp_path, text)


def test_one_fault_is_told_once(tmp_path: Path) -> None:
    assert error(tmp_path, "input: {paths: [a], start: soon}\noutput: o").count("soon") == 2  # the value and its reason


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_config(tmp_path / "absent.yaml")


def test_python_keywords(tmp_path: Path) -> None:
    baseline = {"statistics": tmp_path / "s.json", "constraints": tmp_path / "c.json"}
    config = make_config(["a"], "o", baseline=baseline, runner="inline", options={"input": {"csv": {"header": False}}})
    assert config.input.csv.header is False
    assert config.baseline is not None
    assert config.baseline.statistics == str(tmp_path / "s.json")


def test_merging_leaves_its_arguments_alone() -> None:
    base = {"input": {"format": "csv"}}
    assert merged(base, {"input": {"format": "jsonl"}}) == {"input": {"format": "jsonl"}}
    assert base == {"input": {"format": "csv"}}


@pytest.mark.parametrize(
    ("written", "expected"), [("[3, age]", ["3", "age"]), ("3", ["3"]), ("age", ["age"]), ("['0', -1]", ["0", "-1"])]
)
def test_columns_to_leave_out_may_be_numbers(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert (
        load(tmp_path, f"input: {{paths: [a], exclude_features: {written}}}\noutput: o").input.exclude_features
        == expected
    )


def test_errors_name_the_line_of_the_file(tmp_path: Path) -> None:
    text = "input:\n  paths: [a]\n  csv:\n    delimiter: ';;'\noutput: o\nactions:\n- action: sns\n  tires: 3\n"
    told = error(tmp_path, text)
    assert "monitor.yaml, line 4: 'input.csv.delimiter' is ';;'" in told
    assert "monitor.yaml, line 8, section 'actions[0]': unknown key 'tires'. Did you mean 'tries'?" in told


def test_no_input_is_said_in_the_words_of_the_command(tmp_path: Path) -> None:
    told = error(tmp_path, "runner: inline")
    assert "the key 'input' is missing. Name files or folders after the command" in told
    assert "the key 'output' is missing. Name a folder with --output" in told


def test_a_file_that_is_not_text_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ConfigurationError, match=r"c.yaml: the configuration is not text in UTF-8 \(byte 4\)"):
        load_config(tmp_path / "c.yaml")
