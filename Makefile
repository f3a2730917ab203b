# The commands to remember. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: setup run servers worker test test-slow lint bench lock clean help

PY := .venv/bin/python
BIN := .venv/bin
STAMP := .venv/.installed
WORKERS ?= 3

setup: $(STAMP) ## Make .venv from the pinned, hashed requirements; does nothing when they did not change
$(STAMP): requirements/dev.txt
	@python=$$(for name in python3.12 python3.11 python3 python3.13; do \
	    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done); \
	test -n "$$python" || { echo "Python 3.11 or newer is needed."; exit 1; }; \
	echo "Setting up .venv with $$($$python --version), about a minute ..."; \
	test -x $(PY) || $$python -m venv .venv; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt; \
	touch $@

run: setup ## Run the portal: servers, demo world, web, worker, beat; PORT=8000 by default; Ctrl-C stops everything
	@exec $(PY) -m roms_portal.run

servers: setup ## Run only the embedded PostgreSQL and Redis, until Ctrl-C
	@exec $(PY) -m roms_portal.embedded

worker: setup ## Run one more Celery worker beside a running portal
	@exec $(BIN)/celery --quiet -A roms_portal worker --loglevel INFO --hostname extra-$$$$@%h

lint: setup ## Check style, format, types and architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports

test: setup lint ## Lint, then the tests every change must pass, browser included
	@$(PY) -m tests.chromium
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)

test-slow: setup ## The rest: long stories, faults, fuzz, both server modes, odd folders, big files
	@$(BIN)/pytest -m slow $(TESTS)

bench: setup ## Measure what PERFORMANCE.md promises
	@$(PY) -m bench

lock: ## Pin and hash requirements/*.in into *.txt, for Python 3.11 and newer; UPGRADE=--upgrade takes new versions
	@for name in base dev; do $(BIN)/uv pip compile --no-config --universal --python-version 3.11 $(UPGRADE) \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	    $$([ $$name = dev ] && echo -c requirements/base.txt) requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove the environment, caches and all data of this folder (asks first)
	@read -r -p "Remove .venv, .cache and var/ with all its data? [y/N] " answer; test "$$answer" = y
	@if [ -L var/postgres ]; then rm -rf "$$(readlink var/postgres)"; fi
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles var
	@find . -name __pycache__ -prune -exec rm -rf {} +

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18
