"""The students' feedback pages, made by nbgrader with all cores."""

from __future__ import annotations

import glob
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nbgrader.converters import GenerateFeedback

from autograder.course_folder import CourseFolder
from autograder.grading.converters import convert
from autograder.grading.records import Submission

# With fewer pages, starting processes takes longer than making the pages.
MANY_PAGES = 24
NOT_GRADED_YET = "It is not graded yet: run `autograder grade` first."


def make_feedback(
    folder: CourseFolder, submissions: list[Submission]
) -> Iterator[tuple[Submission, str]]:
    """Make the students' feedback pages with nbgrader; yield what went wrong with each, or ""."""
    if len(submissions) < MANY_PAGES:
        for submission in submissions:
            yield submission, _make_page(folder, submission)
        return
    number = os.cpu_count() or 1
    # Not forked: the libraries that are loaded here have threads.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(number, spawn, _begin_process, (folder.root,)) as pool:
        try:
            yield from zip(
                submissions, pool.map(_make_page_here, submissions, chunksize=4), strict=True
            )
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _make_page(folder: CourseFolder, submission: Submission) -> str:
    """Make the page of one student; return what went wrong, or ""."""
    directory = folder.directory
    place = directory.format_path(
        directory.autograded_directory, submission.student, submission.assignment
    )
    if not os.path.isdir(place):
        return NOT_GRADED_YET
    student = glob.escape(submission.student)
    return convert(GenerateFeedback, folder.config, submission.assignment, student)


# The course folder of a process that makes pages.
_folder: CourseFolder


def _begin_process(root: Path) -> None:
    """Get a process ready that makes pages."""
    global _folder
    # Ctrl-C is for the process that began this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _folder = CourseFolder(root)


def _make_page_here(submission: Submission) -> str:
    return _make_page(_folder, submission)
