# Everything on a fresh machine with Python 3.11+ and make.
#   make run     the dashboard, with a demo shop when there is no data yet
#   make check   lint, types, import contracts, sizes, tests without browser and crash
#   make test    everything, the real browser included
#   make crash   the tests that kill: each kind of work twenty times, more than a hundred in all
#   make thorough the tests that try made-up input, with all their examples
#   make bench   the measurements
#   make docs    the tables of the docs that are made from registries
#   make unknown 2,000 exports that nobody here wrote: how many are right at once, asked for, wrong
#   make fuzz    ten thousand bad requests against every address of a running server
#   make intervals how often the interval of a result misses the truth, over the whole grid
# Asked once, and quietly: a version manager's stand-in for a Python that is not chosen answers with a page of advice.
PYTHON := $(or $(PYTHON),$(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done))
BIN := .venv/bin
PORT ?= 8501
SPREAD := --numprocesses auto --dist loadfile

.PHONY: run check lint test crash thorough bench docs unknown fuzz intervals browser clean
.DELETE_ON_ERROR:

.venv/run.done: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; please install it."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/test.done: .venv/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test]"
	@touch $@

browser: .venv/test.done
	@sh .ci/browser
	@sh .ci/java

run: .venv/run.done
	$(BIN)/crm serve --demo --port $(PORT)

lint: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python -m tests.sizes

check: lint
	$(BIN)/pytest -q $(SPREAD) tests --ignore=tests/browser --ignore=tests/crash

test: lint browser
	$(BIN)/pytest $(SPREAD) tests

crash: .venv/test.done
	KILLS=20 $(BIN)/pytest -q $(SPREAD) tests/crash

thorough: .venv/test.done
	THOROUGH=1 $(BIN)/pytest -q $(SPREAD) $$(grep -rl "tests.shares" tests --include='test_*.py')

bench: .venv/run.done
	@for name in facts explore ladder segment together predict open import growth; do $(BIN)/crm bench $$name --customers 200000 --orders 1000000; done
	@$(BIN)/crm bench xlsx --customers 200000 --orders 500000
	@$(BIN)/crm bench crowd --customers 20000 --orders 50000
	@$(BIN)/crm bench backup --customers 1000000 --orders 5000000

docs: .venv/test.done
	$(BIN)/python -m tests.doc_tables
	$(BIN)/python -m tests.refusals
	$(BIN)/python -m tests.rights

unknown: .venv/test.done
	$(BIN)/python -m tests.unknown --tables 2000 --show wrong

fuzz: .venv/test.done
	$(BIN)/python -m tests.web.fuzz --requests 10000

intervals: .venv/test.done
	@$(BIN)/python -m tests.roi.coverage

clean:
	rm -rf .venv
