# Lockstep's own commands. Everything is installed into .venv of this folder; nothing needs root.
# `make demo PYTHON=/path/to/python3.12` picks the interpreter; `make test ARGS="-k accept"` hands on arguments.

PYTHON ?= $(shell .ci/find-python)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help install demo demo-check test check bench browser screenshots format lock clean
.DELETE_ON_ERROR:

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(VENV)/run.stamp ## Install what Lockstep needs to run, and the command .venv/bin/lockstep

demo: $(VENV)/run.stamp ## Start Lockstep with a local Slack and a small company, and print its address
	@$(BIN)/lockstep demo $(ARGS)

demo-check: $(VENV)/run.stamp ## Play the story of the demo without a browser, one line a step
	@$(BIN)/lockstep demo-check $(ARGS)

test: $(VENV)/dev.stamp ## Run the tests on SQLite and PostgreSQL (all but those in a browser)
	$(BIN)/python -m pytest -n 2 -m "not browser" $(ARGS)

check: $(VENV)/dev.stamp ## Lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## Format the code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp ## Measure, and print the figures
	$(BIN)/python -m bench $(ARGS)

browser: $(VENV)/browser.stamp ## Run the tests in a browser (needs Chromium: apt-get install chromium)
	$(BIN)/python -m pytest -m browser $(ARGS)

screenshots: $(VENV)/browser.stamp ## Make the pictures of docs/images anew (needs Chromium)
	$(BIN)/python docs/take_screenshots.py $(ARGS)

lock: $(VENV)/dev.stamp ## Resolve the dependencies of pyproject.toml into the locks
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	$(COMPILE) $(ARGS) pyproject.toml --group build -o requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) $(ARGS) --group browser -c requirements-dev.lock -o requirements-browser.lock
	$(COMPILE) $(ARGS) --group install -o requirements-uv.lock
	@! grep -nE '://|^-' requirements*.lock

clean: ## Remove what the tools made; your data stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than everything it was made from, so a second run installs nothing.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Lockstep needs Python 3.11 or newer with venv: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)

# The package itself is editable: its build backend comes from the lock, so nothing is fetched unchecked.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the run-time packages"
	@.ci/install requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "Installing the developer's packages"
	@.ci/install requirements-dev.lock
	@touch $@

$(VENV)/browser.stamp: requirements-browser.lock $(VENV)/dev.stamp
	@echo "Installing the browser driver"
	@.ci/install requirements-browser.lock
	@touch $@
