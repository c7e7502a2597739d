# The commands of this house. `make` alone lists them. 本仓库的命令；只打 make 即列出。

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3,$(shell command -v $(name))))
UV ?= $(shell command -v uv)
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest --dist worksteal

# Only what constraints.txt pins is installed, and only if its hash is the one written there.
# pip refuses hashes in a constraints file unless each name is pinned in the requirements too,
# so the file is given as requirements: its first part to run, the whole to test as well.
ifeq ($(UV),)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
endif
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url pyproject.toml
TEST_PART := \# To test. 测试所需。

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo cluster test check format lint types arrows fast-tests all-tests coverage venv constraints clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime.stamp ## Open a fictional county's duty room, with a lively day, in this terminal
	$(BIN)/jibao demo

cluster: $(VENV)/test.stamp ## The same room apart: three brokers, PostgreSQL, a process a part, the lively day
	$(BIN)/python -m app.demo.cluster

check: lint types arrows fast-tests ## Format, lint, types, arrows, fast tests: before each commit

test: lint types arrows all-tests ## Everything, as CI runs it

lint: $(VENV)/test.stamp
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet

types: $(VENV)/test.stamp
	$(BIN)/mypy --strict

arrows: $(VENV)/test.stamp
	$(BIN)/lint-imports --no-cache

fast-tests: $(VENV)/test.stamp
	$(PYTEST) -q -n 2 -m "not slow"

all-tests: $(VENV)/test.stamp
	$(PYTEST) -n 3

format: $(VENV)/test.stamp ## Mend what ruff can mend by itself
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --quiet --fix

coverage: $(VENV)/test.stamp ## Show the lines that no fast test reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n 2 -m "not slow"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

venv: $(VENV)/test.stamp ## Install all that running and testing need into .venv

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: constraints.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) what the duty room needs …"
	@sed '/^$(TEST_PART)/,$$d' constraints.txt > $(VENV)/runtime.txt
	@$(INSTALL) --require-hashes -r $(VENV)/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/runtime.stamp
	@echo "Installing into $(VENV) what the tests need …"
	@$(INSTALL) --require-hashes -r constraints.txt
	@touch $@

constraints: ## Pin the dependencies of pyproject.toml anew (UPGRADE=--upgrade takes newer ones; needs uv)
	@set -e; new=$$(mktemp -d); trap 'rm -rf "$$new"' EXIT; \
	cp constraints.txt "$$new/run"; cp constraints.txt "$$new/test"; \
	$(COMPILE) $(UPGRADE) --group build -o "$$new/run" > /dev/null; \
	$(COMPILE) $(UPGRADE) --group test -c "$$new/run" -o "$$new/test" > /dev/null \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' "$$new/run"); \
	{ echo "# Made by \`make constraints\`; do not edit. 由 make constraints 生成，勿手改。"; \
	echo "# To run. 运行所需。"; cat "$$new/run"; \
	echo "$(TEST_PART)"; sed '/^# The following packages were excluded/,$$d' "$$new/test"; } \
	> constraints.txt

clean: ## Remove what tools left behind, .venv too
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
