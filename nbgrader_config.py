"""nbgrader's settings for this course. Students need none of it; grading goes through the judge."""

from autograder.hooks import configure

c = get_config()  # noqa: F821
configure(c, course_id="surprise-to-autograd")
