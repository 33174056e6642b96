"""What is said of files that were handed in, and of what was put right in them: whole sentences
with named gaps. Where numbers matter there is one sentence for one thing, and one for many.
"""

from __future__ import annotations

# Why a file cannot be taken for a notebook, or not be read at all; UnreadableFile fills {name} in.
IS_MISSING = "{name} is missing."
IS_A_LINK = "{name} is a link to another file, which is not followed."
IN_A_LINK = "{name} lies in a folder that is a link, which is not followed."
NO_PERMISSION = "{name} cannot be read: permission is denied."
NO_ORDINARY_FILE = "{name} is no ordinary file."
CANNOT_BE_READ = "{name} cannot be read."
TOO_LARGE = "{name} is larger than {mib} MiB: clear its outputs, save it and hand it in again."
NOT_TEXT = "{name} cannot be read: it is not text."
EMPTY = "{name} is empty: save the notebook in JupyterLab and try again."
NESTED = "{name} is no notebook that Jupyter writes: it is nested or split far too much."
NOT_JSON = "{name} is not a notebook: its text is not JSON."
NOT_JSON_FROM = "{name} is not a notebook: its text is not JSON from line {line} on."
UNFINISHED_MERGE = (
    "{name} is not a notebook: its text is not JSON, because line {line} holds a mark of a merge "
    "that was not finished (<<<<<<<, ======= or >>>>>>>): choose one version of the lines between "
    "the marks, and take the marks out."
)
NO_NOTEBOOK = "{name} is not a notebook that Jupyter knows."
NO_CELLS = "{name} is not a notebook that Jupyter knows: it has no list of cells."
TOO_MANY_CELLS = "{name} has more than {most} cells."
OLD_FORMAT_BROKEN = "{name} is a notebook of the old format 3 that cannot be converted."
OTHER_FORMAT = "{name} is not a notebook of format 4: open it in JupyterLab and save it again."
CUT_OFF = "{name} was not written to its end."
NO_OTHER_NOTEBOOK = "{name} is missing, and there is no other notebook."
TOO_MANY_OTHERS = "{name} is missing, and there are too many other notebooks."
NONE_IS_MEANT = "{name} is missing, and of the other notebooks none is of this assignment."
SEVERAL_ARE_MEANT = (
    "{name} is missing, and of the other notebooks more than one is of this assignment."
)
SEVERAL_HOLD_ANSWERS = (
    "{name} is untouched, and {count} others beside it hold answers: hand in one of them."
)
NOT_ONE_IN_ZIP = "{name} holds not one notebook of an ordinary size."
NO_ZIP = "{name} is no zip that can be opened."

# Which of several files was graded.
LATEST_ATTEMPT = "{name} is the latest attempt: that one was graded."
GRADED_ALONE = "{name} was graded, and not what lies beside it: {others}."
OTHER_HOLDS_ANSWERS = "{name} is untouched, and {other} holds answers: that one was graded."
ANOTHER_NAME = "The notebook had another name than {name}; it was accepted."

# What is in the way of a whole folder of hand-ins.
CANNOT_BE_OPENED = "{place} cannot be opened ({reason}): mend its rights and run this again."

# What was left out of a folder.
NO_TIMESTAMP = "The file timestamp.txt was ignored: it is no date and time in a zone that is known."
PAGE_LEFT_OUT = "{name} was left out: the feedback gets that name."
ALL_LEFT_OUT = "All files beside the notebook were left out: there are too many."
FILE_LEFT_OUT = (
    "A file beside the notebook was left out: it is a link, a special file, cannot be read, is too "
    "large or one too many."
)
FILES_LEFT_OUT = (
    "{count} files beside the notebook were left out: links, special files, files that cannot be "
    "read, are too large or too many."
)

# Why a folder's name is no student's id; {allowed} is one that is.
NAME_WITH_SIGNS = (
    "The folder's name is no student id: it holds \", `, <, >, & or \\. Rename the folder, say to "
    "{allowed}."
)
NAME_WITH_BRACKETS = (
    "The folder's name is no student id: it holds a bracket, or a space at an end, by which "
    "nbgrader cannot find its pages. Rename the folder, say to {allowed}."
)
NAME_NOT_UTF_8 = (
    "The folder's name is no student id: it is not UTF-8. Rename the folder, say to {allowed}."
)
NAME_TOO_LONG = (
    "The folder's name is no student id: it is longer than {most} characters. Rename the folder, "
    "say to {allowed}."
)
ANY_NAME = "a name with letters"

# How a file was read.
WINDOWS_1252 = "The file was not saved as UTF-8; it was read as Windows-1252."
OLD_FORMAT = "The notebook was of the old format 3 and was converted."
DAMAGED_CELL = "A damaged cell was left out or kept as plain text."
DAMAGED_CELLS = "{count} damaged cells were left out or kept as plain text."
TAGGED_CELL = "The tags of one graded cell were dropped; grading heeds none."
TAGGED_CELLS = "The tags of {count} graded cells were dropped; grading heeds none."

# What was put right in a notebook.
UNKNOWN_CELL = "A cell claimed to be a graded cell that the course does not have."
UNKNOWN_CELLS = "{count} cells claimed to be graded cells that the course does not have."
DOUBLED_CELLS = "{count} cells were there more than once: of each one copy was kept."
ANSWER_SPLIT = "The answer `{cell}` was split into {count} cells: joined again."
ANSWERS_RUN = "The answer `{cell}` was there {count} times: all were run, the last counts."
ANSWER_DOUBLED = "The answer `{cell}` was there {count} times: one copy was kept."
LOCKED_DOUBLED = "The locked cell `{cell}` was there {count} times: one was kept."
OTHER_TYPE = "The cell `{cell}` had been made a {found} cell; it is a {own} cell again."
LOCKED_RESET = "The locked cell `{cell}` was not as the course has it; it was reset."
LOCKED_RESET_WRITTEN = (
    "The locked cell `{cell}` was not as the course has it; it was reset, and what you wrote in it "
    "stands in a cell of its own before it."
)
CELL_MISSING = "The cell `{cell}` was missing; it was added back."
ANSWER_MISSING = "The cell `{cell}` was missing; it was added back without an answer."
MOVED_BACK = "The locked cell `{cell}` stood before its answer; it was moved back behind it."

# The comment that tells a student all of it.
COMMENT = "Before grading: {remarks}"
COMMENT_CUT = "Before grading: {remarks} ... and {more} more."


def counted(count: float, one: str, many: str, **gaps: object) -> str:
    """Return the sentence for one thing, or that for many with their number, its gaps filled."""
    return (one if count == 1 else many).format(count=count, **gaps)
