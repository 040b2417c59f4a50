# make help lists the verbs. Everything is set up from the lock files; only Python 3.11, git and make are needed.
PYTHON ?= python3.11 python3 python
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready
RELEASE := $(VENV)/.release-ready
FUZZ   := $(VENV)/.fuzz-ready

.DEFAULT_GOAL := help
.PHONY: help run demo test test-postgres server-death bench bench-short statements test-medusa walk homologation crash crash-matrix fuzz check format keys errors screenshots lock wheel sbom clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# A shim on PATH may refuse to run, and a Python may come without its venv: the first that answers is taken.
$(VENV)/bin/python:
	@for python in $(PYTHON); do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "$$python -m venv $(VENV)"; exec "$$python" -m venv $(VENV); \
		fi; \
	done; \
	echo "Python 3.11 or newer with its venv module was not found. Install it (Debian: python3-venv), or name it: make PYTHON=/path/to/python" >&2; \
	exit 1

$(RUN): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(RELEASE): requirements/release.txt | $(VENV)/bin/python
	$(VENV)/bin/python -m venv $(VENV)/release
	$(VENV)/release/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/release.txt
	@touch $@

$(FUZZ): requirements/fuzz.txt $(DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	@touch $@

run: $(RUN)  ## open the till (training mode when there is no config)
	@$(BIN)/pos-tui

demo: $(RUN)  ## play one whole sale
	@$(BIN)/pos-tui demo

test: $(DEV)  ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-postgres: $(DEV)  ## run all tests once more, on a PostgreSQL of their own: needs its version 15 installed
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n 2 --dist loadgroup

server-death: $(DEV)  ## kill the store's server 200 times while a till sells
	POS_TUI_KILLS=200 $(BIN)/python -m pytest tests/scale/test_server_killed.py

test-medusa: $(DEV)  ## walk orders on a real Medusa: needs node 20, npm and PostgreSQL
	$(BIN)/python -m pytest tests/medusa -m medusa

statements: $(DEV)  ## a month of ten tills for each layout of statements, 200 000 sales each, line by line
	POS_TUI_STATEMENT_SALES=200000 $(BIN)/python -m pytest -n 2 tests/statements/test_month.py

bench: $(DEV)  ## measure beside a blank Textual app and raw sqlite3, and write docs/performance.md (half an hour)
	$(BIN)/python -m bench

bench-short: $(DEV)  ## count instructions (valgrind), and fail where a ratio has grown
	$(BIN)/python -m bench --short

walk: $(DEV)  ## ten thousand random steps on two tills, crashes and faults among them
	POS_TUI_STEPS=10000 $(BIN)/python -m pytest tests/stateful

crash: $(DEV)  ## kill every flow of money at every fault point, and at 200 random times
	$(BIN)/python -m tests.crash --random 200
	$(BIN)/python -m pytest -n 2 tests -m crash

crash-matrix: $(DEV)  ## the same with 1 000 random times, written to docs/crash-matrix.md
	$(BIN)/python -m tests.crash --random 1000
	$(BIN)/python -m tests.crash --page .crash/runs.jsonl

fuzz: $(FUZZ)  ## feed the sanitiser and every reader of outside text with atheris, a minute each
	$(BIN)/python -m tests.fuzz

homologation: $(DEV)  ## RV's homologation script against the sandbox, as a table of results
	$(BIN)/python -m pos_tui.homologation

check: $(DEV)  ## lint, types, layers, spelling, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell pos_tui tests README.md CONTRIBUTING.md docs
	$(BIN)/python -m pos_tui.commands --check docs/keys.md
	$(BIN)/python -m pos_tui.services.error_page --check docs/topup-errors.md

format: $(DEV)  ## put the code in its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

keys: $(RUN)  ## write docs/keys.md from the command registry
	$(BIN)/python -m pos_tui.commands docs/keys.md

errors: $(RUN)  ## write docs/topup-errors.md from the tables of codes
	$(BIN)/python -m pos_tui.services.error_page docs/topup-errors.md

screenshots: $(DEV)  ## take the manual's pictures from the program
	TERM=xterm-256color COLORTERM=truecolor POS_TUI_LOOK=dark $(BIN)/python -m docs.screenshots

lock: $(VENV)/bin/python  ## renew the lock files from requirements/*.in
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements/run.txt requirements/run.in
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -c requirements/run.txt -o requirements/dev.txt requirements/dev.in
	$(BIN)/uv pip compile --quiet --python-version 3.13 --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements/judges.txt requirements/judges.in
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements/release.txt requirements/release.in
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -c requirements/dev.txt -o requirements/fuzz.txt requirements/fuzz.in

wheel: $(RUN)  ## build the package, with its checksum, into dist/
	rm -rf dist/*.whl dist/SHA256SUMS && mkdir -p dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	cd dist && sha256sum *.whl | tee SHA256SUMS

sbom: $(RELEASE)  ## list everything that is installed with it, as CycloneDX, into dist/
	mkdir -p dist
	$(VENV)/release/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --sv 1.6 --output-file dist/pos-tui.cdx.json requirements/run.txt

clean:  ## remove what was built here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
