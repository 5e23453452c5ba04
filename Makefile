# Two commands do everything on a machine with Python 3.11+ and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types contracts unit thorough dev lock schema clean

demo: $(READY)
	$(BIN)/python -m tests.tools.demo

test: lint types contracts unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

unit: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not thorough"

# What `make test` leaves out to stay under ten minutes on two cores.
thorough: $(READY)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m thorough

dev: $(READY)
	DAGSTER_HOME=$${DAGSTER_HOME:-$(CURDIR)/data/dagster} sh -c 'mkdir -p "$$DAGSTER_HOME" && $(BIN)/dagster dev'

schema: $(READY)
	$(BIN)/impact schema connectors/services.schema.json

# The environment, made anew when a lock changed: every file is checked against its hash.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Needs `uv`; writes no index address.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --quiet --output-file requirements/runtime.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --custom-compile-command "make lock" --quiet --output-file requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
