# The same commands on a laptop, in CI and on a GPU machine.
# `make` alone explains them. Needs Python >= 3.11 (PYTHON=... overrides).

PY := .venv/bin/python
RUN := $(PY) -m scripts.bookrun
PYTEST ?= $(PY) -m pytest -q
WORKERS ?= 2
N ?= 1
PORT ?= 8000
export OMP_NUM_THREADS ?= 2
export OMP_WAIT_POLICY ?= PASSIVE

.DEFAULT_GOAL := help
.PHONY: help install book test check validate serve lesson bench gpu data \
	references repeat external clean

help:
	@echo "make book         execute the pages, judge their numbers, build _build/html"
	@echo "make test         unit, property, doctest, architecture and book tests"
	@echo "make check        formatting, lint, types, workflows, then make test"
	@echo "make validate     nbval, links, launch notebooks, pages in a browser"
	@echo "make serve        show the built site on localhost:$(PORT)"
	@echo "make lesson N=1   execute one lesson and show its results"
	@echo "make bench        benchmark tables"
	@echo "make references   outputs that nbval compares with, from this run"
	@echo "make repeat       run all pages once more, compare bit for bit"
	@echo "make external     links that lead out of the site (needs a network)"
	@echo "make gpu          everything on CUDA (needs one GPU)"
	@echo "make clean        remove build output, keep downloaded data"

install:
	@scripts/install.sh

data: install
	@$(PY) -m sevenlessons data --for-book

book: install
	@$(RUN) book

test: data
	@$(PYTEST) -n $(WORKERS) --dist loadfile

check: install
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m scripts.lint_workflows
	@$(MAKE) --no-print-directory test

validate: book
	@$(PY) -m scripts.links _build/html
	@$(PY) -m scripts.nbval validate
	@$(PYTEST) -m launch tests/launch
	@$(PY) -m scripts.browser --install
	@$(PY) -m scripts.weight _build/html
	@$(PYTEST) -m browser -n $(WORKERS) tests/browser

references: book
	@$(PY) -m scripts.nbval references

repeat: book
	@$(RUN) repeat

external: book
	@$(PY) -m scripts.links _build/html --external

serve: install
	@test -d _build/html || { echo "nothing is built: make book"; exit 1; }
	@echo "http://localhost:$(PORT)/ (Ctrl-C stops)"
	@$(PY) -m http.server --bind localhost -d _build/html $(PORT)

lesson: install
	@$(RUN) --lesson $(N)

bench: install
	@for file in benchmarks/bench_*.py; do \
		if [ -e "$$file" ]; then $(PY) "$$file" || exit 1; fi; \
	done

gpu: install
	@$(PY) -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' || \
		{ echo "make gpu: torch sees no GPU here; make book runs on the CPU"; \
		exit 1; }
	@$(RUN) book
	@cp _build/results.json _build/results-cpu.json
	@SEVENLESSONS_DEVICE=cuda $(RUN) book --device cuda
	@$(PY) -m scripts.compare_results _build/results-cpu.json \
		_build/results.json
	@SEVENLESSONS_DEVICE=cuda $(MAKE) --no-print-directory validate
	@$(PYTEST)
	@$(MAKE) --no-print-directory bench

clean:
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
