# What a developer types. Every target may be run again without harm; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# The first Python that is new enough, else python3, which is then told what it lacks.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
endif
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: help run test check bench docs clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.ready-run ## start the server and print its address (settings: OPENROOM_..., see docs/settings.md)
	@exec $(PY) -m openroom serve $(ARGS)

test: $(VENV)/.ready-dev ## all tests, then the browser tests (COVERAGE=1: and how much of the code they reach, as CI asks)
	@$(PY) -m tests.run $(if $(COVERAGE),--coverage)

check: $(VENV)/.ready-dev ## style, types, layers and the fast tests: what CI wants to see
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --strict openroom
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m pytest -q -n 2 --dist loadfile

bench: $(VENV)/.ready-dev ## measure the server and print a table of ratios
	@$(PY) -m benchmarks $(ARGS)

docs: $(VENV)/.ready-dev ## write the pages anew that are made from the code: settings, commands, the protocol's schemas
	@$(PY) -m openroom.cli.settings_page > docs/settings.md.new && mv docs/settings.md.new docs/settings.md
	@$(PY) -m openroom.cli.reference > docs/commands.md.new && mv docs/commands.md.new docs/commands.md
	@$(PY) -m openroom.protocol.schemas docs/protocol

clean: ## remove the virtual environment and everything that tools left behind
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
	  .hypothesis .test-results

# A usable interpreter is checked for first, so that what is missing is said in words. A .venv that was moved or whose
# Python has gone is made anew.
$(VENV)/.python: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "openroom needs Python 3.11 or newer and found none on PATH (or say: make PYTHON=/path/to/python3)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.exit(0 if sys.version_info >= (3, 11) else "openroom needs Python 3.11 or newer; $(PYTHON) is %s. Install a newer one and say: make PYTHON=python3.12 ..." % v)'
	@$(PYTHON) -c 'import sys, importlib.util as u; v = "%d.%d" % sys.version_info[:2]; sys.exit(0 if u.find_spec("ensurepip") and u.find_spec("venv") else "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python%s-venv" % v)'
	@if ! $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Making $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV); fi
	@$(PIP) install --upgrade pip || echo "pip could not be upgraded; going on with the one that is there."
	@touch $@

# The pages are needed; the local model (100 MB, prebuilt wheels for the usual machines only), chess and the embeddings are
# not: what cannot be installed is named, and the server runs without it.
$(VENV)/.ready-run: $(VENV)/.python
	@echo "Installing openroom (once; about a minute) ..."
	@if $(PIP) install -e '.[all]'; then :; else \
	  $(PIP) install -e '.[web]'; \
	  for extra in games embeddings local; do $(PIP) install -e ".[$$extra]" || \
	    echo "The extra '$$extra' could not be installed: going on without it."; done; fi
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.python
	@echo "Installing openroom and its test tools (once; about a minute) ..."
	@$(PIP) install -e '.[dev,web,games,embeddings,gepa]'
	@touch $@
