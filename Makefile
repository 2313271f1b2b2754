# make brief   build .venv and write brief.html from the data in the box
# make test    build .venv with the test tools and run every check and test
# make venv    build .venv alone; the program is then .venv/bin/friendshore
#
# PYTHON picks the interpreter that builds .venv (3.11 to 3.14). Everything else comes from requirements/,
# where each file is pinned by its hash.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTEST_FLAGS ?=
BRIEF_FLAGS ?= USA JPN --on CHN
UV ?= uv

export PYTHONUTF8 := 1

.DELETE_ON_ERROR:
.PHONY: brief test venv test-venv check lint docs bench wheel requirements clean help

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

brief: venv
	$(BIN)/friendshore brief $(BRIEF_FLAGS) --out brief.html
	@echo "brief.html has $$(($$(wc -c <brief.html) / 1000)) kB; open it in a browser. It needs no network."

test: test-venv check
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

venv: $(VENV)/.compiled

test-venv: $(VENV)/.test-ready

# A stamp is written last, and only after everything before it succeeded. `.installing` stands while packages
# are being installed: where it is found, an earlier run was cut off and the environment is built from nothing,
# since a half-installed package can look whole.
define install
	@tools/create_venv "$(PYTHON)" "$(VENV)"
	@touch $(VENV)/.installing
	$(PIP) install -qq --require-hashes --only-binary :all: -r $(1)
	$(PIP) install -qq --no-build-isolation --no-deps --editable .
	@rm $(VENV)/.installing
endef

$(VENV)/.run-ready: requirements/run.txt pyproject.toml
	$(call install,requirements/run.txt)
	@touch $@

# The test tools are a superset, so this environment is ready for running as well.
$(VENV)/.test-ready: requirements/test.txt requirements/run.txt pyproject.toml
	$(call install,requirements/test.txt)
	@touch $(VENV)/.run-ready $@

# The months of the path are compiled once, and again when their text changes, so that no question has to wait.
$(VENV)/.compiled: $(VENV)/.run-ready $(wildcard src/friendshore/disruption/*.py)
	$(BIN)/python -m friendshore.disruption.compiling
	@touch $@

check: test-venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Repair what can be repaired by itself, then show the rest.
lint: test-venv
	-$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .
	$(MAKE) --no-print-directory check

# The pages under docs/reference are generated; a test fails where they are stale.
docs: test-venv
	$(BIN)/python tools/build_reference.py

bench: test-venv
	$(BIN)/python -m benchmarks

# The wheel, installed into an empty environment and tried from elsewhere: what is missing from it shows here.
wheel: venv
	tools/try_wheel "$(VENV)" build

# Needs uv and a network. One resolution for all supported Pythons and systems; test.txt contains run.txt.
COMPILE := $(UV) pip compile --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
requirements:
	$(COMPILE) --upgrade --extra test --extra cluster --extra flows --output-file requirements/test.txt pyproject.toml requirements/build.in
	$(COMPILE) --upgrade --constraints requirements/test.txt --output-file requirements/run.txt pyproject.toml requirements/build.in

clean:
	rm -rf $(VENV) build dist
