# newsarchive from a clean clone: needs make, git and Python 3.11 or newer, nothing else.
PYTHON ?= python3
UV     ?= uv
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
CODE   := archive crawler tests benchmarks docs
# the build backend is in every set: pip then builds newsarchive itself with what is pinned, and downloads nothing more
COMPILE = $(UV) pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --quiet \
          --custom-compile-command 'make requirements' $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help demo crawl test lint format replay bench bench-extraction docs requirements clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 22

# A virtual environment is made once, and brought up to date when a pin changes; the stamp says what is in it. The pins
# are all that is needed, so pip is spared the search (--no-deps).
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newsarchive needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/%.stamp: requirements/%.txt pyproject.toml | $(BIN)/python
	@echo "installing what $< pins into $(VENV)"
	@$(PIP) install --require-hashes --no-deps -r $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/browse.stamp  ## crawl a sample newspaper on loopback into demo.db
	$(BIN)/newsarchive demo

crawl: $(VENV)/browse.stamp  ## URL=…: archive one news site into news.db
	@test -n "$$URL" || { echo 'which site? make crawl URL=https://…' >&2; exit 2; }
	$(BIN)/newsarchive crawl "$$URL"

test: $(VENV)/dev.stamp  ## every test, and how much of the code they reach; ARGS=… goes to pytest
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS) --cov

replay: .venv-replay/replay.stamp  ## pywb, in an environment of its own, so that the tests of replay run too

.venv-replay/replay.stamp: requirements/replay.txt
	@echo "installing what $< pins into .venv-replay"
	@test -x .venv-replay/bin/python || $(PYTHON) -m venv .venv-replay || { rm -rf .venv-replay; exit 1; }
	@.venv-replay/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps -r $<
	@touch $@

lint: $(VENV)/dev.stamp  ## style, format, types and the direction of the imports
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo

format: $(VENV)/dev.stamp  ## put the code into its one layout
	$(BIN)/ruff check --fix-only $(CODE)
	$(BIN)/ruff format $(CODE)

bench: $(VENV)/dev.stamp  ## what is measured in benchmarks/
	@for script in benchmarks/extraction.py benchmarks/crawl.py benchmarks/growth.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

docs: $(VENV)/dev.stamp  ## write anew what in docs/ is made from the code
	$(BIN)/python -m archive.store > docs/schema.sql.new && mv docs/schema.sql.new docs/schema.sql
	$(BIN)/python docs/commands.py > docs/commands.md.new && mv docs/commands.md.new docs/commands.md
	$(BIN)/python docs/fields.py > docs/export-fields.md.new && mv docs/export-fields.md.new docs/export-fields.md

bench-extraction: $(VENV)/dev.stamp  ## extraction beside trafilatura, on ../shared/corpus
	$(BIN)/python benchmarks/extraction.py

requirements:  ## pin anew what pyproject.toml asks for (needs uv); UPGRADE=1 takes the newest
	$(COMPILE) --all-extras --group dev -o requirements/dev.txt
	$(COMPILE) --extra browse -c requirements/dev.txt -o requirements/browse.txt
	$(COMPILE) -c requirements/dev.txt -o requirements/base.txt
	$(UV) pip compile --group replay --universal --generate-hashes --no-emit-index-url --quiet \
	  --custom-compile-command 'make requirements' $(if $(UPGRADE),--upgrade) -o requirements/replay.txt

clean:  ## remove all that was made here, but no archive
	rm -rf $(VENV) .venv-replay .coverage* htmlcov dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -exec rm -rf {} +
