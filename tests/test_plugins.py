"""Finding plugins: what counts as one, where they come from, and what is said of those that cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine import ColumnAnalyzer, ColumnView, metric
from engine.analyzers.metric import check_declaration
from engine.chosen_metrics import choose
from engine.config_sections import MetricConfig
from engine.errors import ConfigurationError, PluginError
from engine.plugin_files import PluginFile
from engine.plugins import bundle, discover

METRIC = """
from engine import metric

@metric(worse="higher")
class Rows:
    '''Rows.'''
    rows: int = 0
    def update(self, column): self.rows += len(column)
    def result(self): return self.rows
"""


@metric()
class Given:
    """Values."""

    values: int = 0

    def update(self, column: ColumnView) -> None:
        self.values += len(column.valid)

    def result(self) -> int:
        return self.values


def test_bundled_plugins_are_found_and_do_not_run_by_themselves() -> None:
    registry = discover()
    assert {"drift", "text_length", "outlier_share", "correlations"} <= set(registry.plugins)
    assert registry.plugins["drift"].origin.startswith("open-model-monitor ")
    assert choose([], registry).uses == []
    assert registry.failures == {}


def test_a_file_runs_by_itself_and_says_where_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "rows.py").write_text(METRIC)
    registry = discover([str(tmp_path / "rows.py")])
    (use,) = choose([], registry).uses
    assert (use.key, use.origin, use.spec.worse) == ("rows", f"file {tmp_path / 'rows.py'}", "higher")
    (named,) = choose([MetricConfig(name="rows", threshold=5, learn=True)], registry).uses
    assert (named.spec.threshold, named.learn) == (5, True)


def test_a_class_given_in_python() -> None:
    (use,) = choose([], discover(classes=[Given])).uses
    assert (use.key, use.metric.name) == ("given", "given")
    assert issubclass(Given, ColumnAnalyzer)


def test_the_same_class_twice_is_no_clash() -> None:
    assert discover(classes=[Given, Given]).plugins["given"].cls is Given


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match=r"there is no metric 'drfit'. Did you mean 'drift'?"):
        choose([MetricConfig(name="drfit")], discover())
    with pytest.raises(ConfigurationError, match=r"there is no monitor 'data_qality'. Did you mean 'data_quality'?"):
        discover().monitor("data_qality")


def test_a_metric_that_may_be_in_a_broken_package_is_a_failure_and_no_wrong_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_package.py").write_text("import sys\nsys.exit(0)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("engine.plugins._BUNDLED", {"broken": "broken_package"})
    chosen = choose([MetricConfig(name="mine")], discover())
    assert chosen.uses == []
    told = "\n".join(map(str, chosen.failures))
    assert "metric 'mine' failed" in told
    assert "plugin 'broken' (bundled, broken_package): it fails to import: SystemExit: 0" in told


@pytest.mark.parametrize(
    ("uri", "text", "named"),
    [
        ("absent.py", None, "no such file"),
        ("latin.py", b"# \xff", "cannot be read"),
        ("empty.py", b"x = 1\n", "holds no metric"),
        ("leaving.py", b"import sys\nsys.exit(0)\n", "leaving.py, line 2: it fails to import: SystemExit: 0"),
        ("stopping.py", b"\nraise KeyboardInterrupt\n", "stopping.py, line 2: it fails to import: KeyboardInterrupt"),
        ("null.py", b"x = '\0'\n", "it fails to import"),
        ("", None, "it cannot be read"),
    ],
)
def test_files_that_are_no_plugins(tmp_path: Path, uri: str, text: bytes | None, named: str) -> None:
    path = tmp_path / uri
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(PluginError) as caught:  # whoever names a file wants what is in it
        discover([str(path)])
    assert named in str(caught.value)
    assert str(path) in str(caught.value)


def test_discover_several_bad_files_names_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(PluginError) as caught:
        discover([str(tmp_path / "one.py"), str(tmp_path / "two.py")])
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        f"plugin {tmp_path / name}.py" for name in ("one", "two")
    ]


def test_a_file_has_a_module_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(METRIC)  # a name that Python has already
    file = PluginFile.read(str(tmp_path / "json.py"))
    assert file.module.startswith("plugin_json_")
    assert file.load() is file.load()
    assert file.load().Rows.__module__ == file.module


def test_bundled_modules_stand_in_for_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.plugins._BUNDLED", {})
    monkeypatch.setattr("engine.plugins.entry_points", lambda group: [])
    assert "drift" not in discover().plugins
    bundle({"drift": "plugins.drift", "absent": "plugins.absent"})
    registry = discover()
    assert registry.plugins["drift"].origin == "bundled, plugins.drift"
    assert "No module named 'plugins.absent'" in registry.failures["absent"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "not allowed"}, "the name 'not allowed' is not allowed"),
        ({"takes": ("number", "words")}, "takes is 'words'; allowed: number, text, boolean, time, any"),
        ({"takes": ()}, "takes is ()"),
        ({"worse": "up"}, "worse is 'up'; allowed: None, higher, lower, either"),
        ({"cloudwatch": "{nosuch}"}, "cloudwatch is '{nosuch}'; '{metric}' and '{column}' are filled in"),
        ({"cloudwatch": "{"}, "cloudwatch is '{'"),
        ({"unit": 5}, "unit is 5; allowed: a text"),
        ({"label": 7}, "label is 7; allowed: a text"),
        ({"tolerance": -1.0}, "tolerance is -1.0; allowed: 0 or more"),
    ],
)
def test_nonsense_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(PluginError) as caught:

        @metric(**arguments)
        class Nonsense:
            """Rows."""

            def update(self, column: ColumnView) -> None: ...

            def result(self) -> int:
                return 0

    assert message in str(caught.value)
    assert "Nonsense" in str(caught.value)


def test_a_class_without_the_decorator_is_told_so() -> None:
    class Bare(ColumnAnalyzer):
        name = "bare"

        def update(self, column: ColumnView) -> None: ...

        def result(self) -> int:
            return 0

    with pytest.raises(PluginError, match=r"it says nothing about itself. Put @metric"):
        check_declaration(Bare)
