# Needs Python 3.11 or newer and make. Everything is installed into .venv from hashed lock files.
#   make dashboard   open the teaching dashboard        PORT=8866  OPEN=no (do not open a browser)
#   make lab         open the notebooks in JupyterLab     PORT=8888  OPEN=no
#   make test        everything that CI runs            STEPS="lint types" runs some of it
#   make lint        style, types and layers only       make format  rewrites style, README's counts, docs/course, the edition's papers
#   make lock        resolve the lock files anew        make bench   speed and memory
#   make bench-peers the simulation beside SimPy and pymsm
#   make bench-rivals the dashboard beside Dash, Panel, Streamlit, Solara and stock Voila
#   make bench-storm 40 and 80 visitors at one moment        make bench-memory a visitor's memory
#   make bench-site  the page without a server: first visit, click, network cut
#   make soak        clicking visitors for long        MINUTES=30  VISITORS=20
#   make space       ten million drawn patients and a million whole sequences against limits written by hand
#   make lessons     run the lessons, keep what they print, write their answers anew
#   make site        the workbook as files for any file server, without Python on it (needs npm)
#   make class       a server for a class on this machine, as root; PORT=900
#   make test-class  five students on it at once, as root      make bench-class  100 visitors through nginx
#   make test-cluster  what helm makes of the values for a cluster    CHART=FOLDER  HELM=helm
#   make screenshots  the pictures of docs/
#   make dist        wheel, sdist, list of software, metadata of the edition and their sums, in dist/
#   make test-installed  the wheel with its locked dependencies in a clean environment, and its tests there
#   make test-binder what Binder does: binder/requirements.txt in a clean environment, the page through Jupyter's server
#   make clean       remove what was made               make distclean  and .venv as well

PYTHON ?= python3
BIN := .venv/bin
UV := .venv-lock/bin/uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-index-annotation --no-header $(UPGRADE)

# Kernels and other processes that a command starts find the package in this checkout.
export PYTHONPATH := $(CURDIR)$(if $(PYTHONPATH),:$(PYTHONPATH))

.DEFAULT_GOAL := help
.PHONY: help class test-class test-cluster bench-class env env-dev dashboard site screenshots lessons lab test lint format lock bench bench-peers bench-rivals bench-storm bench-memory bench-site soak space dist test-installed test-binder clean distclean

help:
	@sed -n '2,22s/^# \{0,1\}//p' Makefile

env:
	@$(PYTHON) tools/env.py requirements.lock

env-dev:
	@$(PYTHON) tools/env.py requirements-dev.lock

dashboard: env
	@$(BIN)/python -m mbc_widgets dashboard $(if $(PORT),--port $(PORT)) $(if $(filter no,$(OPEN)),--no-browser)

site: env
	@$(BIN)/python tools/site.py $(TARGET)

screenshots: env-dev
	@$(BIN)/python tools/screenshots.py

lessons: env-dev
	@$(BIN)/python tools/notebooks.py $(NAMES)

lab: env
	@$(BIN)/jupyter lab --notebook-dir=notebooks --ServerApp.jpserver_extensions=mbc_widgets.widgets.server=True \
		$(if $(PORT),--port $(PORT)) $(if $(filter no,$(OPEN)),--no-browser)

# Asks for root, and for nothing of .venv: the server has an environment of its own (deploy/start.py).
class:
	@$(if $(PORT),MBC_CLASS_PORT=$(PORT)) $(PYTHON) deploy/start.py

test-class: env-dev
	@$(BIN)/python -m pytest -q -s tests/deploy

test-cluster: env-dev
	@MBC_CHART=$(CHART) $(if $(HELM),HELM=$(HELM)) $(BIN)/python -m pytest -q tests/cluster

bench-class: env-dev
	@$(BIN)/python -m benchmarks.classroom --minutes $(or $(MINUTES),30) --visitors $(or $(VISITORS),100)

test: env-dev
	@$(BIN)/python -m tests.run_all $(STEPS)

lint: env-dev
	@$(BIN)/python -m tests.run_all format lint types layers

format: env-dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/python tools/readme.py && $(BIN)/python tools/course_map.py && $(BIN)/python tools/edition.py

# uv resolves for every platform and Python at once; it is a tool of this target alone, not of the project.
# UPGRADE=--upgrade takes newer versions of everything.
lock:
	@test -x $(UV) || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv; }
	$(LOCK) --extra dev -o requirements-dev.lock pyproject.toml
	$(LOCK) --extra checkout --constraints requirements-dev.lock --no-annotate -o requirements.lock pyproject.toml
	$(LOCK) --extra checkout --constraints requirements-dev.lock --no-annotate -o deploy/requirements.lock pyproject.toml deploy/requirements.in

bench: env-dev
	@$(BIN)/python -m mbc_widgets bench

# SimPy and pymsm are tools of this target alone: each goes into an environment that is thrown away.
bench-peers: env-dev
	@$(BIN)/python -m benchmarks.peers

# So is each framework beside which the dashboard is measured.
bench-rivals: env-dev
	@$(BIN)/python -m benchmarks.rivals

bench-storm: env-dev
	@$(BIN)/python -m benchmarks.storm

bench-memory: env-dev
	@$(BIN)/python -m benchmarks.memory

bench-site: env-dev
	@$(BIN)/python -m benchmarks.site

soak: env-dev
	@$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),30) --visitors $(or $(VISITORS),20)

space: env-dev
	@MBC_STATES=$(or $(STATES),10000000) MBC_SEQUENCES=$(or $(SEQUENCES),1000000) $(BIN)/python -m pytest -q -s tests/space

# The validators of both formats are tools of this target alone.
dist: env-dev
	@test -x .venv-dist/bin/python || { $(PYTHON) -m venv .venv-dist && .venv-dist/bin/pip install --quiet "cyclonedx-python-lib[json-validation]" datacite; }
	@$(BIN)/python tools/dist.py --check

test-installed: env-dev
	@$(BIN)/python -m tests.installed $(PARTS)

test-binder: env-dev
	@$(BIN)/python -m tests.binder

clean:
	rm -rf data/.compiled mbc_widgets/_shipped dist build tests/.results \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find mbc_widgets notebooks tests tools benchmarks -type d \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean
	rm -rf .venv .venv-lock .venv-dist
