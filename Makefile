# Two commands do everything on a fresh Debian machine with Python: `make demo` and `make test`.
# GRAPHREC_VENV names an environment to use instead of .venv; it is made if it is not there.

SHELL := /bin/bash
VENV := $(or $(GRAPHREC_VENV),.venv)
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test setup lint types tests format wheel clean

help:  ## Say what can be made.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo:  ## Set up, and run the main job on MovieLens small, with no server.
	@.ci/setup "$(VENV)" demo
	@$(BIN)/graphrec demo

test: setup  ## Set up, start a real Neo4j, and pass the whole suite: style, types, tests.
	@$(MAKE) --no-print-directory lint types tests

setup:  ## Make the environment for work on graphrec, Debian packages included where that may be.
	@.ci/setup "$(VENV)" dev

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

# Two processes, each with a Neo4j of its own; a server that NEO4J_URI names is one, and tests empty it.
tests: export OMP_NUM_THREADS ?= 1
tests:
	$(BIN)/python -m pytest $(if $(NEO4J_URI),,--numprocesses 2 --dist loadfile)

format:  ## Bring the code into its form.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel:  ## Build the wheel and the source distribution into dist/.
	$(BIN)/python -m build

clean:  ## Remove what was built, and .venv.
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
