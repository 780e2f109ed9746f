# The commands to learn: make run, make test, make check, make bench.
HERE := $(dir $(lastword $(MAKEFILE_LIST)))
ifneq ($(HERE),./)
# Called with -f from another folder: every path below is relative to this file.
%:
	@$(MAKE) --no-print-directory -C $(HERE) $@
help:
	@$(MAKE) --no-print-directory -C $(HERE) help
.DEFAULT_GOAL := help
else

SHELL := /bin/sh
PYTHON := .venv/bin/python
PORT ?= 8000
FUZZ_SECONDS ?= 300
# Many tests wait for something, so three share two cores well. Files stay together: they share what is slow to start.
PYTEST := -m pytest -n 3 --dist loadfile
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard triage/locale/*/LC_MESSAGES/django.po))
# Tests and checks never touch servers or settings that the shell happens to name.
ALONE := env -u DATABASE_URL -u REDIS_URL -u DESK_VAR -u DESK_DEMO -u DESK_HTTPS -u DJANGO_SETTINGS_MODULE

.PHONY: help run test check lint types floors migrations tests fast-tests bench fuzz format clean
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@echo 'make run     the whole desk on http://127.0.0.1:$(PORT)/ (make run PORT=9000 for another port)'
	@echo 'make test    everything: lint, types, import floors, migrations, all tests'
	@echo 'make check   the same without the slow tests (browser, whole process trees)'
	@echo 'make bench   the promises about speed, measured'
	@echo 'make fuzz    looks for bytes that break the probe (make fuzz FUZZ_SECONDS=60; five minutes by default)'
	@echo 'make format  write the code as ruff wants it'

run: .venv/runtime.stamp $(CATALOGUES)
	@exec $(PYTHON) manage.py up --port $(PORT)

test: lint types floors migrations tests

check: lint types floors migrations fast-tests

lint: .venv/dev.stamp
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types: .venv/dev.stamp
	@$(ALONE) $(PYTHON) -m mypy probes triage

floors: .venv/dev.stamp
	@$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

# Needs no database: without one, Django only warns that it cannot compare with what was applied.
migrations: .venv/dev.stamp
	@$(ALONE) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

tests: .venv/dev.stamp $(CATALOGUES)
	@$(ALONE) $(PYTHON) $(PYTEST)

fast-tests: .venv/dev.stamp $(CATALOGUES)
	@$(ALONE) $(PYTHON) $(PYTEST) -m 'not slow'

bench: .venv/dev.stamp $(CATALOGUES)
	@$(ALONE) $(PYTHON) -m tests.bench

fuzz: .venv/fuzz.stamp
	@$(ALONE) $(PYTHON) -m tests.fuzz.fuzz_stream -max_total_time=$(FUZZ_SECONDS)

format: .venv/dev.stamp
	@$(PYTHON) -m ruff check --fix-only .
	@$(PYTHON) -m ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(CATALOGUES)

# --- What the commands above need. A stamp says that it was done, so that the second start is quick.

.venv/bin/pip:
	@base=$$(for name in $(BASE_PYTHON) python3 python3.13 python3.12 python3.11; do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done); \
	if [ -z "$$base" ]; then echo 'make: Python 3.11 or newer is needed; none was found' >&2; exit 1; fi; \
	echo 'Making a virtual environment in .venv'; \
	$$base -m venv .venv || { rm -rf .venv; \
		echo 'make: this Python cannot make virtual environments; on Debian: apt-get install python3-venv' >&2; exit 1; }

.venv/runtime.stamp: requirements.txt | .venv/bin/pip
	@echo 'Installing packages; once, some minutes on a slow line'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | .venv/bin/pip
	@echo 'Installing packages, and those for tests and checks; once'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch .venv/runtime.stamp $@

.venv/fuzz.stamp: requirements-fuzz.txt .venv/dev.stamp
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt
	@touch $@

%.mo: %.po | .venv/runtime.stamp
	@$(PYTHON) -m babel.messages.frontend --quiet compile -D django -d triage/locale

endif
