"""nbgrader's settings for this course. Students need none of it; grading goes through the judge."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "surprise-to-autograd"

# A submission is read with care and repaired before nbgrader looks at it.
c.Autograde.exporter_class = "autograder.submissions.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "autograder.preprocessors.Repair",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Student code runs in a room, and the judge outside it writes the outputs of the graded cells.
c.Autograde.autograde_preprocessors = [
    "autograder.preprocessors.Judge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "autograder.preprocessors.SaveRemarks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A graded cell's hidden test stays hidden in the page a student gets back.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
