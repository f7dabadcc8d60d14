# Everything runs in .venv. It is made when it is missing or older than
# pyproject.toml. Another Python: make PYTHON=python3.13 test

PYTHON ?= python3
JOBS ?= 8
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test site lint format record table picture

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: .venv/made ## play Part 2: three slow servers and two clients
	@$(BIN)/tour 2 --no-pause
	@echo
	@echo 'Put tour on the path:  . $(BIN)/activate'
	@echo 'and go on with Part 3:  tour 3'

test: .venv/made-dev ## run the whole test suite
	$(BIN)/trial -j$(JOBS) tests

site: .venv/made-dev ## make the pages in docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html
	@echo 'Open docs/_build/html/index.html'

lint: .venv/made-dev ## check the style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/made-dev ## bring the code into shape
	$(BIN)/ruff format .

record: .venv/made ## write the transcripts of all scenes anew
	$(BIN)/tour record

table: .venv/made ## write the table of scripts in SCRIPTS.md anew
	$(BIN)/tour table

picture: .venv/made-dev ## run Part 2 and draw the README's picture anew
	$(BIN)/tour timeline 2 --scene 3 --output docs/part-2.svg

.venv/made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    "This needs Python 3.11 or newer: make PYTHON=python3.13 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	@touch $@

# what the tests, the site and those who work on this need, too
.venv/made-dev: .venv/made
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@
