# Needs Python 3.10 or later and make, nothing else. Everything is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUTPUT ?= demo-output

# uv installs what pip would, several times as fast. Where it cannot be had, or does not reach what pip reaches, pip does it.
install = { test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --python $(@D)/bin/python $(PACKAGES); } \
  || $(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(PACKAGES)

.DEFAULT_GOAL := help
.PHONY: help dist install demo demo-model-quality demo-bias demo-attribution environments test check format bench clean

help:  ## Show this text
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.run-installed  ## Create the environment (.venv) with Spark and a Java runtime

demo: $(VENV)/.run-installed  ## Make sample captures, take a baseline, find the drift in new captures
	@$(BIN)/python -m jobs.demo --output $(OUTPUT)

demo-model-quality: $(VENV)/.run-installed  ## The same for model quality: captures and late labels, merged and judged
	@$(BIN)/python -m jobs.demo_model_quality --output $(OUTPUT)

demo-bias: $(VENV)/.run-installed  ## The same for bias: groups of people that are treated alike, and later are not
	@$(BIN)/python -m jobs.demo_bias --output $(OUTPUT)

demo-attribution: $(VENV)/.run-installed  ## The same for feature attributions: a model that comes to lean on other features
	@$(BIN)/python -m jobs.demo_attribution --output $(OUTPUT)

ENVIRONMENTS := $(VENV)/.test-installed $(VENV)/.classes-archived $(VENV)-airflow/.installed $(VENV)-sagemaker3/.installed

environments: $(ENVIRONMENTS)  # with -j, side by side

test: $(ENVIRONMENTS)  ## Run the whole suite
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.test-installed  ## Lint, formatting, types (mypy strict), import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.test-installed  ## Format the code and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dist: $(VENV)/.run-installed  ## Build what spark-submit needs elsewhere: dist/model-monitor.zip, the scripts, dist/environment.tar.gz
	$(BIN)/python -m jobs.packing dist
	rm -rf build/environment
	$(PYTHON) -m venv build/environment
	build/environment/bin/python -m pip install --quiet --disable-pip-version-check venv-pack '.[fast,bias,attribution,hdfs]'
	build/environment/bin/python -m pip uninstall --quiet --yes open-model-monitor
	rm -f dist/environment.tar.gz
	build/environment/bin/venv-pack --quiet --prefix build/environment --output dist/environment.tar.gz
	@ls -lh dist

bench: $(VENV)/.bench-installed  ## Measure beside Arrow, DuckDB, polars, Spark SQL and Deequ (minutes)
	$(BIN)/python -m benchmarks.report
	$(BIN)/python -m benchmarks.merge

clean:  ## Remove the environment and everything that was built
	rm -rf $(VENV) $(VENV)-airflow $(VENV)-sagemaker3 build dist *.egg-info demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
	  || { echo "Python 3.10 or later is needed; '$(PYTHON)' is older. Use: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || echo "uv cannot be installed: pip takes its place"

$(VENV)/.run-installed: PACKAGES = --editable '.[local,fast,bias,attribution]'
$(VENV)/.run-installed: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (Spark is 300 MB: a minute or more the first time)"
	@$(install)
	@touch $@

$(VENV)/.test-installed: PACKAGES = --editable '.[local,fast,bias,attribution,s3,hdfs,test]'
$(VENV)/.test-installed: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) with the tools for tests"
	@$(install)
	@touch $@ $(VENV)/.run-installed

# Without the archive, Spark starts more slowly in tests, and nothing else changes.
$(VENV)/.classes-archived: $(VENV)/.test-installed
	@$(BIN)/python -m tests.class_archive
	@touch $@

# What cannot be in one environment with our own requirements. Without it, its tests are skipped and say so.
$(VENV)-airflow/.installed: PACKAGES = 'apache-airflow>=3,<4'
$(VENV)-sagemaker3/.installed: PACKAGES = 'sagemaker-core>=2,<3'
$(VENV)-airflow/.installed $(VENV)-sagemaker3/.installed: | $(BIN)/python
	@echo "Installing $(PACKAGES) into $(@D), for tests"
	@$(BIN)/python -m venv $(@D)
	@{ $(install); } && touch $@ \
	  || echo "$(PACKAGES) cannot be installed: its tests are skipped"

$(VENV)/.bench-installed: PACKAGES = --editable '.[local,fast,bias,attribution,bench]'
$(VENV)/.bench-installed: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) with the contenders of the benchmark"
	@$(install)
	@touch $@ $(VENV)/.run-installed
