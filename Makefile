# Everything runs in .venv. It is made when it is missing or older than
# pyproject.toml. Another Python: make PYTHON=python3.13 test

PYTHON ?= python3
JOBS ?= 10
CHECKS ?= 4
BIN := .venv/bin

# or else each of the suite's processes compiles all that it imports
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test thorough check mutants matrix site lint format \
    record facts table picture bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-9s %s\n", $$1, $$2 }' \
	    $(MAKEFILE_LIST)

demo: .venv/made ## play Part 2: three slow servers and two clients
	@$(BIN)/tour 2 --no-pause
	@echo
	@echo 'Put tour on the path:  . $(BIN)/activate'
	@echo 'and go on with Part 3:  tour 3'

test: .venv/made-dev ## run the test suite
	$(BIN)/trial -j$(JOBS) tests

# what tests/companion/thorough.py says
thorough: .venv/made-dev ## run what `make test` does just a part of
	THOROUGH=1 $(BIN)/trial -j$(JOBS) tests.companion.test_exercises \
	    tests.companion.test_transcripts \
	    tests.companion.test_orientation.EverybodyTests.test_rules \
	    tests.companion.test_site_in_browser.BrowserTests.test_every_version

# SCRIPT: what has changed, or else what git says has changed
check: .venv/made-dev ## run what concerns SCRIPT=..., or what has changed
	@tests=$$($(BIN)/python -m tests.companion.concerns $(SCRIPT)) && \
	    THOROUGH=1 $(BIN)/trial -j$(CHECKS) $$tests

mutants: .venv/made-dev ## see if the tests notice faults (ARGS=--all, SCRIPT=...)
	@$(BIN)/python -m tests.companion.mutants $(ARGS) $(SCRIPT)

site: .venv/made-dev ## make the pages in docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html
	@echo 'Open docs/_build/html/index.html'

matrix: .venv/made-dev ## run the suite on all Pythons and Twisteds
	$(BIN)/nox $(if $(SESSION),--error-on-missing-interpreters \
	    --session '$(SESSION)')

lint: .venv/made-dev ## check style and types, spelling, links between files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/python .ci/links.py

format: .venv/made-dev ## bring the code into shape
	$(BIN)/ruff format .

record: .venv/made ## write the transcripts of all scenes anew
	$(BIN)/tour record

facts: .venv/made ## measure anew what the site draws
	$(BIN)/tour facts

table: .venv/made ## write the table of scripts in SCRIPTS.md anew
	$(BIN)/tour table

bench: .venv/made-dev ## measure if it pays; takes five to ten minutes
	$(BIN)/pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks

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
