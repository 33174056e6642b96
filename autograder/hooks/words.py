"""What is said in comments on hand-ins and on students' pages: whole sentences with named gaps."""

from __future__ import annotations

# Why an assignment is not graded at all.
NO_CHECKS = (
    "{name} cannot be graded here: {reason}. Without one, every student would get its points: mend "
    "source/ and run `nbgrader generate_assignment {name}`, or give an assignment whose tests are "
    "of another kind a course folder of its own."
)

# Why nothing is graded with these settings.
NO_SUCH_SETTING = "c.Judge has no setting {name}; there are {known}."
LIMITS_HAVE_NO_NAMES = (
    'c.Judge.limits is {value}; it must give numbers by name, such as {{"cell_seconds": 60}}.'
)
NO_SUCH_LIMIT = "c.Judge.limits has a limit {name}, which no room has; there are {known}."
LIMIT_IS_NO_NUMBER = "c.Judge.limits gives {name} the value {value}; it must be a number above 0."

# In the comment on a hand-in, and in the place of its verdicts; {reason} is a sentence.
NOT_GRADED = "Not graded: {reason}"
WITHOUT_WALLS = "The code was run without walls around it (isolation: none)."
ANSWER_LOST = (
    "The cell for this answer was not in the notebook. Whoever marks it looks for the answer "
    "elsewhere in the notebook."
)
ANSWER_ELSEWHERE = (
    "The cell for this answer is as it was given out, and another cell holds a text. Whoever marks "
    "it looks whether that is the answer."
)

# On a page, in the place of what cannot be shown.
TOO_LONG = "[This text is too long to be shown.]"
NO_DESCRIPTION = "A picture without a description"
NO_PICTURE = "[The picture in the text was left out: it is no picture that can be shown.]"
PICTURE_OUTSIDE = (
    "[The picture {name} was left out: it lies in a file or elsewhere, and not in the notebook.]"
)
PICTURE_NOT_THERE = "[The picture {name} was left out: it is not in the notebook, or no picture.]"

# At the top of a page; {student} and {section} come with their markup.
HANDED_IN = "{student}, handed in on {moment} UTC"
SCORE = "{points} of {most} points"
POINT_WAITS = "1 of these points waits: nobody has read that answer yet."
POINTS_WAIT = "{points} of these points wait: nobody has read those answers yet."
POINT_LATE = "1 point less for being late."
POINTS_LATE = "{points} points less for being late."
GIVEN = "{points} of {most}"
READ_AGAIN = "Read again: {section}"
NOT_READ = "not read yet; worth {points}"
YOUR_ANSWER = "Your answer: {name}"

# All of these by their names, for templates.
SENTENCES = {name: text for name, text in vars().items() if name.isupper()}
