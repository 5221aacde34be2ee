# Everything one does with the project. Only Python 3.11 or newer, make and git have to be there: the rest is
# installed, and when nothing has to be done, nothing is said and no network is used.

# The system's own Python, where it is new enough: distributions build it with profile-guided optimisation, and everything
# here takes a third less time than with most that were built on the machine. PYTHON=... takes another one.
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo /usr/bin/python3 || echo python3)
SERVE ?= 1
DATABASES ?= sqlite postgresql
WORKERS ?= 3
TESTS ?=
PART ?=

# What is said appears at once and in order, and npm does not advertise itself.
export PYTHONUNBUFFERED = 1
export npm_config_update_notifier = false
# Compiled sources are kept, also where the environment says otherwise: every process that starts would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
lms := .venv/bin/lms

# What the demonstration prints and what mails say follows the port that is served.
demo serve: export LMS_PORT := $(or $(PORT),$(LMS_PORT),8000)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test serve lint types bench migrate assets translations clean lock
.PHONY: _system _system-test _venv _venv-dev _compile

help:  ## Show this list
	@echo "make TARGET, where TARGET is one of:"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/    \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '    %-14s %s\n' "$${name##* }" "$$text"; done

demo: migrate  ## Set everything up, play a whole cohort to its certificates, then serve it (PORT=8000; SERVE=0: don't)
	@$(lms) demo
ifneq ($(SERVE),0)
	@$(lms) serve
endif

test: _system-test _venv-dev assets _compile  ## Run every test, on SQLite and on PostgreSQL (TESTS='path -k word', DATABASES=sqlite)
	@status=0; for database in $(DATABASES); do \
		echo "== Tests on $$database"; \
		$(python) -m pytest -n "$(WORKERS)" --database "$$database" $(TESTS) || status=$$?; \
	done; exit $$status

serve: migrate  ## Serve the website with its worker and scheduler (PORT=8000)
	@$(lms) serve

lint: _venv-dev  ## Check style and common mistakes
	@$(python) -m ruff check --quiet .

types: _venv-dev  ## Check types
	@$(python) -m mypy

bench: _venv-dev assets _compile  ## Measure requests and printing with 200 participants (PART=requests|certificates)
	@BENCH_PART="$(PART)" $(python) -m tests.benchmarks

migrate: assets _compile  ## Bring the database up to date
	@$(lms) migrate

assets: _venv  ## Build styles, scripts, fonts and icons
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(python) -m lms.frame.build

translations: _venv  ## Read the sources' strings into the message catalogues and compile them
	@$(python) .ci/translations.py update

clean:  ## Remove everything that was made or installed here, except data (var/)
	@rm -rf .venv build node_modules lms/frame/static/built *.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/screenshots tests/benchmarks/results .coverage
	@find . -path ./var -prune -o \( -name __pycache__ -o -name '*.mo' \) -exec rm -rf {} +

lock:  ## Write the lock files anew, with the newest versions that pyproject.toml allows
	@.ci/lock

_system:
	@$(PYTHON) .ci/system_packages.py demo

_system-test:
	@$(PYTHON) .ci/system_packages.py test

_venv: _system
	@$(PYTHON) .ci/virtual_environment.py build

_venv-dev: _system
	@$(PYTHON) .ci/virtual_environment.py dev

_compile: _venv
	@$(python) .ci/translations.py compile
