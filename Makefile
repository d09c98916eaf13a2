# Two commands: `make chat` sets up and opens the chat, `make test` sets up and runs the tests.
PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.klaar

.DEFAULT_GOAL := help
.PHONY: help install chat test lint types embedder evaluate benchmark optional clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(SETUP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed (set PYTHON=...)")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(SETUP)

install: $(SETUP) ## set up .venv and the index
	@$(BIN)/python -c "from vraagalmere import VraagAlmere; VraagAlmere.open()"

chat: install ## open the chat on http://localhost:7860
	$(BIN)/vraagalmere chat

test: install ## all tests that need no torch
	$(BIN)/pytest --ignore=tests/browser
	$(BIN)/pytest tests/browser

lint: $(SETUP) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SETUP) ## mypy --strict
	$(BIN)/mypy

optional: $(SETUP) ## the tests with torch and a real sentence-transformers model
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-modellen.lock
	$(BIN)/pytest -m modellen

embedder: $(SETUP) ## make the built-in embedder and the small models again (needs torch, ten minutes)
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[maken]'
	$(BIN)/python tools/maak_embedder.py
	$(BIN)/python tools/maak_embedder.py --zonder 0/4 --uit build/embedder-zonder
	$(BIN)/python tools/leer_modellen.py --embedder-zonder build/embedder-zonder

evaluate: install ## answer and score the test sets, and write the report
	$(BIN)/vraagalmere evalueer --deel test --rapport --tegenfeit

benchmark: install ## cold start, warm questions, memory
	$(BIN)/python tools/meet_snelheid.py

clean: ## remove what was made
	rm -rf .venv build index dist .pytest_cache .mypy_cache .ruff_cache
