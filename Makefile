# Two commands matter: `make run` serves the site, `make test` runs every check. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALLED := .venv/.installed
DEV_INSTALLED := .venv/.installed-dev
# Checks load the settings, which need a data folder; it is never the reader's own.
CHECK_ENV := env -u BROADSHEET_DATA_FILE BROADSHEET_DATA=$(CURDIR)/.venv/check-data
PYTEST := $(BIN)/python -m pytest
# In CI what is missing is an error; on a desk without Chromium the other tests still run.
CAN_BROWSE := $(CI)$(shell command -v chromium)

.DELETE_ON_ERROR:
.PHONY: help run test test-unit test-slow test-browser test-sqlite test-postgres check format docs bench bench-feeds bench-search bench-scale bench-trending bench-digest bench-readings lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

run: $(INSTALLED) ## install what is needed, then serve http://127.0.0.1:8000 (Ctrl-C ends it)
	@$(BIN)/broadsheet up

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Broadsheet needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

$(INSTALLED): requirements.lock pyproject.toml CHANGELOG.md | .venv/bin/python
	@echo "Installing Broadsheet into .venv (once; takes a minute)"
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --no-index -e .
	@touch $@

$(DEV_INSTALLED): requirements-dev.lock $(INSTALLED)
	@echo "Installing what the checks need into .venv (once)"
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

test: check test-sqlite test-postgres ## every check and every test, on SQLite and (where one is at hand) PostgreSQL

check: $(DEV_INSTALLED) ## format, lints, types, layers, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(CHECK_ENV) $(BIN)/mypy
	$(CHECK_ENV) $(BIN)/python -m django makemigrations --check --dry-run --settings broadsheet.config.settings

test-unit: $(DEV_INSTALLED) ## the fast tests only
	$(PYTEST) -q -m "not slow and not browser"

test-slow: $(DEV_INSTALLED) ## tests that kill processes and start servers
	$(PYTEST) -q -m "slow and not browser"

test-browser: $(DEV_INSTALLED) ## tests in a headless Chromium; screenshots go to artefacts/
ifneq ($(CAN_BROWSE),)
	$(PYTEST) -q -m browser
else
	@echo "Browser: LEFT OUT, because there is no chromium. On Debian: apt-get install chromium"
endif

test-sqlite: test-unit test-slow test-browser

# Their tests ask no database, whichever it is.
NO_DATABASE := domain enrich index lib rank sources

# One URL with the right to create databases: make test-postgres POSTGRES_URL=postgresql://user@127.0.0.1:5432/postgres
test-postgres: $(DEV_INSTALLED) ## the same tests on PostgreSQL; needs POSTGRES_URL
ifdef POSTGRES_URL
	@echo "The same tests on PostgreSQL"
	@BROADSHEET_DATABASE_URL="$$POSTGRES_URL" $(PYTEST) -q $(if $(CAN_BROWSE),,-m "not browser") \
		tests $(foreach folder,$(NO_DATABASE),--ignore tests/$(folder))
else
	@echo "PostgreSQL: LEFT OUT, because POSTGRES_URL is not set. tests/postgres.sh starts a server of its own and runs this."
endif

format: $(DEV_INSTALLED) ## put the code into its standard form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(INSTALLED) ## write docs/configure.md and the types of the client again
	$(BIN)/python -m broadsheet.config.document > docs/configure.md.new
	mv docs/configure.md.new docs/configure.md
	$(CHECK_ENV) $(BIN)/python -m broadsheet.deliver.api.typed > src/broadsheet/client/answers.py.new
	mv src/broadsheet/client/answers.py.new src/broadsheet/client/answers.py

bench: $(DEV_INSTALLED) ## measure; make bench SNAPSHOT=papers.jsonl.gz [RECORDS=150000]
	$(BIN)/python -m bench.imports $(SNAPSHOT) $(if $(RECORDS),--records $(RECORDS))
	$(BIN)/python -m bench.pages

# One or more sets in BEIR's layout, and queries with the papers that they mean:
# make bench-search SETS=scifact KNOWN=queries.jsonl PAPERS="a.jsonl b.jsonl.gz" OPTIONS=--transformer
bench-search: $(DEV_INSTALLED) ## how well search finds, beside its peers; make bench-search SETS=folder
	$(BIN)/python -m bench.search $(if $(SETS),--data $(SETS)) $(if $(KNOWN),--known-item $(KNOWN)) \
		$(if $(PAPERS),--papers $(PAPERS)) $(OPTIONS)

bench-scale: $(DEV_INSTALLED) ## search over 2.8 million papers; make bench-scale SNAPSHOT=papers.jsonl.gz
	$(BIN)/python -m bench.scale $(SNAPSHOT) $(if $(RECORDS),--papers $(RECORDS)) $(OPTIONS)

bench-trending: $(DEV_INSTALLED) ## the ranking formula: back-test, weights, time; make bench-trending DATA=folder
	$(BIN)/python -m bench.trending --data $(DATA) $(OPTIONS)
	$(BIN)/python -m bench.ranking
	$(BIN)/python -m bench.editions

bench-digest: $(DEV_INSTALLED) ## how long personal digests take to compose; make bench-digest [OPTIONS="--digests 5000"]
	$(BIN)/python -m bench.digest $(SNAPSHOT) $(OPTIONS)

bench-feeds: $(DEV_INSTALLED) ## what every list costs a program; make bench-feeds [OPTIONS="--data folder"]
	$(BIN)/python -m bench.feeds $(OPTIONS)

bench-readings: $(DEV_INSTALLED) ## how long papers take to be read; make bench-readings SNAPSHOT=papers.jsonl.gz
	$(BIN)/python -m bench.readings $(SNAPSHOT) $(OPTIONS)

lock: $(DEV_INSTALLED) ## choose dependency versions anew (asks the package index)
	$(PIP) install uv
	$(BIN)/uv pip compile $(UV_FLAGS) --group build -o requirements.lock
	$(BIN)/uv pip compile $(UV_FLAGS) --group dev -c requirements.lock -o requirements-dev.lock
UV_FLAGS := pyproject.toml --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --quiet

clean: ## remove what was built and installed here; the data folder stays
	rm -rf .venv artefacts bench/out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
