"""nbgrader's settings for this course: students run the release, the judge grades it."""

from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    GetGrades,
    LimitOutput,
    OverwriteCells,
    SaveAutoGrades,
)
from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "surprise-to-autograd"
