"""The instructor's half of nbgrader's exchange, which says what is in the way and how to mend it.

The exchange is a folder that everybody on the machine may write to: `release_assignment` puts
notebooks into it, students fetch them and submit, `collect` takes what they submitted, and
`release_feedback` puts their pages there.
"""

from __future__ import annotations

import glob
import os
import stat
from pathlib import Path

from nbgrader.exchange.default import (
    Exchange,
    ExchangeCollect,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
)

from autograder.course_folder import holds_answers, read_notebook
from autograder.errors import Problem

OPEN_TO_ALL = 0o777
# What nbgrader puts beside a submission that comes through the exchange; a page of feedback is
# found again by them.
FROM_THE_EXCHANGE = ("timestamp.txt", "submission_secret.txt")


def make_exchange(root: str | os.PathLike) -> None:
    """Make the exchange's folder, open to all, where it is missing; Problem where that fails."""
    try:
        os.makedirs(root, exist_ok=True)
        if stat.S_IMODE(os.stat(root).st_mode) & OPEN_TO_ALL != OPEN_TO_ALL:
            os.chmod(root, OPEN_TO_ALL)
    except OSError as error:
        raise Problem(
            f"The exchange folder {root} cannot be made and opened to all ({error.strerror}): ask "
            f"an administrator for `sudo install --directory --mode 777 {root}`, or name a folder "
            "that you may make and all students can reach, as c.Exchange.root in your "
            "nbgrader_config.py and in theirs."
        ) from None


class _Instructors(Exchange):
    """A part of the exchange that makes its folder where it is missing."""

    def ensure_root(self) -> None:
        """Make the folder in the place of nbgrader's own look at it."""
        try:
            make_exchange(self.root)
        except Problem as problem:
            self.fail(str(problem))


class Collect(_Instructors, ExchangeCollect):
    """nbgrader's own, with a sentence where nothing can have been handed in."""

    def init_src(self) -> None:
        course = Path(self.root, self.coursedir.course_id)
        if not (course / "inbound").is_dir():
            self.fail(
                f"Nothing was released in {course} yet, so that nothing can be handed in there: "
                f"run `nbgrader release_assignment {self.coursedir.assignment_id}` first."
            )
        super().init_src()


class ReleaseAssignment(_Instructors, ExchangeReleaseAssignment):
    """nbgrader's own, which gives no answers away that somebody saved in `release/`."""

    def init_src(self) -> None:
        super().init_src()
        for path in sorted(Path(self.src_path).glob("*.ipynb")):
            try:
                held = holds_answers(read_notebook(path))
            except Problem as problem:
                self.fail(str(problem))
            if held:
                name = self.coursedir.assignment_id
                self.fail(
                    f"{path} holds answers and is not released: move it elsewhere, then make it "
                    f"anew with `nbgrader generate_assignment --force {name}`."
                )


class ReleaseFeedback(_Instructors, ExchangeReleaseFeedback):
    """nbgrader's own, which goes on where somebody did not hand in through the exchange."""

    src_path: str

    def copy_files(self) -> None:
        left = []
        for folder in map(Path, sorted(glob.glob(str(self.src_path)))):
            if all((folder / name).is_file() for name in FROM_THE_EXCHANGE):
                self.src_path = glob.escape(str(folder))
                super().copy_files()
            else:
                left.append(folder.parent.name)
        if left:
            self.log.warning(
                "Not handed in through the exchange, so that no page can be fetched from it: %s. "
                "Their pages are in %s: send them.",
                ", ".join(left),
                self.coursedir.feedback_directory,
            )
