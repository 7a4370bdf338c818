# Every target sets up what it needs: `make demo` works in a bare checkout, and takes no set-up the second time.
# Needs Python 3.11+, Node.js 20+ and GNU make. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
BUNDLES := workbench/widgets/static
LABEXTENSION := $(VENV)/share/jupyter/labextensions/tracker-workbench
READY := $(STAMPS)/python $(BUNDLES)/.built $(LABEXTENSION)/package.json
FRONT_END := $(shell find widgets -type f -not -path '*/node_modules/*' -not -path 'widgets/tests/*')

# What the demo does can be turned by these: DEMO_PORT=8888, DEMO_BROWSER=0 (opens none), DEMO_WORKSPACE=demo.workspace
export DEMO_PORT DEMO_BROWSER DEMO_WORKSPACE
export PYTHON
# Where it is set, each of the hundreds of processes that the tests start compiles the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: $(READY) ## make the virtual environment and build the front end

.PHONY: demo
demo: $(READY) ## prepare a workspace from the sample corpus and open JupyterLab on it
	@exec $(BIN)/python -m scripts.demo

# Several processes share the cores already: threads of linear algebra, which wait for each other by turning round, would
# take twenty times the processor time of the work itself.
.PHONY: test
test: ## all checks and all tests, those in a browser included
	@$(MAKE) --no-print-directory --jobs=2 checked
	@CHROMIUM="$$($(BIN)/python -m scripts.programs chromium --install)"; \
	POSTGRESQL="$$($(BIN)/python -m scripts.programs postgresql --install)"; \
	TMPDIR="$$($(BIN)/python -m scripts.scratch)"; trap 'rm -rf "$$TMPDIR"' EXIT; \
	export CHROMIUM POSTGRESQL TMPDIR OMP_NUM_THREADS="$${OMP_NUM_THREADS:-1}"; failed=0; \
	both="$(BIN)/python -m pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder"; \
	$$both tests/faults tests/contract tests/unit $(PYTEST_ARGS) || failed=1; \
	$$both tests/browser $(PYTEST_ARGS) || failed=1; \
	exit $$failed

# Two at a time: while pip installs, the front end is checked.
.PHONY: checked
checked: check-front-end check-python-types check-python check-licences

.PHONY: lint
lint: $(READY) check-python-types check-python check-types check-prose ## ruff, mypy, import contracts, tsc, biome and the checks of our English

.PHONY: format
format: $(READY) ## put the Python code into ruff's form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

.PHONY: audit
audit: $(READY) ## ask whether a locked version has a known vulnerability; says so where no database can be reached
	@$(BIN)/python -m scripts.audit

.PHONY: bench
bench: $(READY) ## run the benchmarks; what they print is kept in benchmarks/results/
	$(BIN)/python -m scripts.bench $(BENCH_ARGS)

.PHONY: lock
lock: $(READY) ## lock what pyproject.toml asks for, with hashes; LOCK_ARGS=--upgrade takes newer versions
	$(BIN)/python -m scripts.lock $(LOCK_ARGS)

.PHONY: dist
dist: $(READY) ## build the sdist, and the wheel from it
	$(BIN)/python -m build --no-isolation

.PHONY: clean
clean: ## remove all that is built or installed here; workspaces stay
	rm -rf $(VENV) widgets/node_modules $(BUNDLES) workbench/server/static workbench/server/labextension dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf tests/browser/shots benchmarks/results
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

.PHONY: check-python
check-python: $(READY)
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/typos
	$(BIN)/codespell

.PHONY: check-python-types
check-python-types: $(READY)
	$(BIN)/mypy

.PHONY: check-prose
check-prose: $(READY)
	$(BIN)/python -m scripts.prose

.PHONY: check-licences
check-licences: $(READY)
	@$(BIN)/python -m scripts.licences

.PHONY: check-types
check-types: widgets/node_modules/.package-lock.json
	cd widgets && npm run --silent check && npm run --silent lint

.PHONY: check-front-end
check-front-end: check-types
	cd widgets && npm test --silent

# The bundles come first (the package's build hook then finds them and builds nothing), but newer ones are no
# reason to install again: the install is editable.
$(STAMPS)/python: pyproject.toml locks/constraints.txt locks/constraints-torch.txt locks/constraints-cuda.txt scripts/hatch_build.py scripts/set_up.sh | $(BUNDLES)/.built
	@echo "Installing the locked dependencies into $(VENV); the first time takes a few minutes."
	scripts/set_up.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(BUNDLES)/.built: $(FRONT_END) widgets/node_modules/.package-lock.json
	cd widgets && npm run --silent build
	@touch $@

# A link, so that JupyterLab has each new build. Its age is that of the bundles.
$(LABEXTENSION)/package.json: | $(STAMPS)/python $(BUNDLES)/.built
	@mkdir -p $(dir $(LABEXTENSION)) && ln -sfn ../../../../workbench/server/labextension $(@D)

# npm writes this file last, as the list of what it has installed.
widgets/node_modules/.package-lock.json: widgets/package-lock.json widgets/package.json
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' \
	  || { echo "Node.js 20 or newer is needed to build the widgets." >&2; exit 1; }
	cd widgets && npm ci --no-audit --no-fund
	@touch $@
