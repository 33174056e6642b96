# The verbs of the project. Every target sets up what it needs, in .venv/, with Python packages alone.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := .stamps
CLASS  ?= class
STUDENTS ?= 12

CODE    := $(shell find course autograder -type f -not -name '*.pyc') nbgrader_config.py
SOURCES := $(wildcard source/*/*.ipynb)
RELEASE := $(wildcard release/*/*.ipynb)

# Where Python may not keep what it compiled, each command of a test compiles both packages again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup build grade check-style quick test coverage seeds work lab bench site clean

help:
	@echo "Every target sets up what it needs in .venv/, with \"python3\" or the Python that you name:"
	@echo "    make lab PYTHON=python3.12"
	@echo "make lab       the course in JupyterLab, in work/, for students and self-learners"
	@echo "make grade     build, simulate a class, grade it, make the feedback and the report"
	@echo "make build     source/ -> release/, and the proof of every check"
	@echo "make quick     the tests that need no walls, cluster, database or browser, and take seconds"
	@echo "make test      all tests, with what ruff and mypy find"
	@echo "make coverage  which lines the tests run, in rooms as well, without cluster, database and browser"
	@echo "make site      the course, the guides and the tables as pages, in site/, for any browser"
	@echo "make seeds     every honest style and named mistake, judged for fifty students"
	@echo "make bench     how fast rooms, grading, verdicts and pages are, what the checks let pass (half an hour)"

setup: $(VENV)/ready

PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

# What a learner needs; the tests need more. pip shows how far it is: the first time takes minutes.
$(VENV)/course: pyproject.toml constraints.txt
	@echo "Installing the course into $(VENV)/: about five minutes the first time."
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/ready: $(VENV)/course
	$(PIP) --editable '.[test]'
	@# pip does this for a wheel, and not for what stays where it is.
	@mkdir -p $(VENV)/etc/jupyter/jupyter_server_config.d
	@cp autograder/marking/autograder_marking.json $(VENV)/etc/jupyter/jupyter_server_config.d/
	@touch $@

$(VENV)/site: $(VENV)/course
	$(PIP) --editable '.[site]'
	@touch $@

$(STAMPS)/built: $(VENV)/ready $(CODE) $(SOURCES) $(RELEASE)
	$(BIN)/autograder build
	@mkdir -p $(STAMPS) && touch $@

build: $(STAMPS)/built

$(CLASS)/truth.json: $(STAMPS)/built
	@rm -rf $(CLASS)
	$(BIN)/autograder simulate --students $(STUDENTS) --out $(CLASS)

# Status 1 of `grade`: some submissions could not be graded, which this class is meant to show.
$(STAMPS)/graded: $(CLASS)/truth.json
	cd $(CLASS) && { $(CURDIR)/$(BIN)/autograder grade || [ $$? -eq 1 ]; }
	cd $(CLASS) && $(CURDIR)/$(BIN)/autograder feedback
	cd $(CLASS) && $(CURDIR)/$(BIN)/autograder report
	@touch $@

grade: $(STAMPS)/graded
	@echo
	@$(BIN)/python -m autograder.simulate $(CLASS)
	@echo "The class is graded. Its gradebook is $(CLASS)/gradebook.db; to see it in the formgrader:"
	@echo "    cd $(CLASS) && $(CURDIR)/$(BIN)/jupyter lab"
	@echo "The pages of the students are in $(CLASS)/feedback/; those of the class begin with"
	@echo "$(CLASS)/report/course.html; what everybody really did is in $(CLASS)/truth.json."

# One more than there are cores: many tests wait for a process, a limit or a page.
WORKERS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
SHARED  := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
PYTEST  := $(BIN)/python -m pytest $(SHARED)

check-style: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check

quick: check-style
	$(PYTEST) -m "not (walls or cluster or postgres or browser or slow)"

# One answer gets one verdict, whoever hands it in.
seeds: setup
	$(PYTEST) tests/exercises/test_seeds.py tests/exercises/test_cutoffs.py --students 50

# Nothing is remembered between two runs: success means that all of it was run just now.
test: check-style
	$(BIN)/mypy
	$(PYTEST) --durations 15

# What runs in the rooms of the tests' own processes counts: tests/support/lines_of_rooms.py. What
# waits for a cluster, a server or a browser would take half as long again.
coverage: setup
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SHARED) -m "not (cluster or postgres or browser)"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Learners work on copies: what is missing is copied, what is there is never touched.
work: $(VENV)/course
	@$(BIN)/autograder work

# JupyterLab refuses root unless it is told; in a container there is often nobody else.
lab: work
	@echo "If no browser opens, open the address that JupyterLab prints below. Ctrl-C ends it."
	$(BIN)/jupyter lab work $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

bench: setup
	$(BIN)/python -m benchmarks.rooms
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.waiting
	-$(BIN)/autograder build --mutate
	$(BIN)/python -m benchmarks.follow_on

# What Sphinx warns of, such as a link that leads nowhere, is an error. Nothing is fetched.
site: $(VENV)/site
	@rm -rf site $(STAMPS)/site
	$(BIN)/python -m sphinx --builder html --fresh-env --fail-on-warning --keep-going --quiet \
	    --conf-dir docs/site --doctree-dir $(STAMPS)/site/doctrees . $(STAMPS)/site/html
	@# Beside it lie copies of the notebooks that nobody needs.
	@mv $(STAMPS)/site/html site
	@echo "The site begins with site/index.html."

clean:
	rm -rf $(VENV) $(STAMPS) $(CLASS) site
