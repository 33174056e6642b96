"""nbgrader's settings for this course. Students need none of it; grading goes through the judge."""

from autograder.cleaning import TEMPLATES

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "surprise-to-autograd"

# A submission is read with care and repaired before nbgrader looks at it. As every nbgrader field
# of it then comes from the gradebook, nothing is left for CheckCellMetadata, which takes longer
# than the students' own code.
c.Autograde.exporter_class = "autograder.submissions.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "autograder.preprocessors.Repair",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
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
]

# A graded cell's hidden test stays hidden in the page a student gets back.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Both pages that show a student's notebook, feedback and formgrader, show nothing that runs.
c.HTMLExporter.preprocessors = [
    "autograder.report.feedback.Summary",
    "autograder.cleaning.CleanOutputs",
]
c.HTMLExporter.filters = {
    "markdown2html": "autograder.cleaning.markdown2html",
    "clean_html": "autograder.cleaning.clean_html",
}
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.extra_template_basedirs = TEMPLATES
c.HTMLExporter.template_file = "guarded.html.j2"

# A spreadsheet takes no cell of the exported grades for a formula.
c.ExportApp.plugin_class = "autograder.exports.SafeCsvExportPlugin"
