# The commands to remember. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: setup run servers worker test test-slow lint bench lock clean help

PY := .venv/bin/python
STAMP := .venv/.installed

setup: $(STAMP) ## Make .venv with the pinned, hashed requirements; nothing to do when they did not change
$(STAMP): requirements/dev.txt
	@python=$$(for name in python3.12 python3.11 python3 python3.13; do \
	    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done); \
	test -n "$$python" || { echo "Python 3.11 or newer is needed."; exit 1; }; \
	echo "Setting up .venv with $$($$python --version), about a minute ..."; \
	test -x $(PY) || $$python -m venv .venv; \
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

servers: setup ## Run only the embedded PostgreSQL and Redis, until Ctrl-C
	@$(PY) -m roms_portal.embedded

lock: ## Pin and hash requirements/*.in into *.txt, for Python 3.11 and newer
	@set -x; for name in base dev; do .venv/bin/uv pip compile --no-config --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	    $$([ $$name = dev ] && echo -c requirements/base.txt) requirements/$$name.in -o requirements/$$name.txt; done

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18
