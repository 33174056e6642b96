"""What a student of From Surprise to Autograd imports.

`check` puts a function beside the numbers of a notebook, `hint` gives one more hint, `verdict` asks
the hidden checks where they are installed, `progress` says how far you are, `solution` helps who
has tried. The pictures lie in `course.plots`, which is imported by name where they are drawn, so
that `import course` stays quick.
"""

from course.check import check
from course.hint import hint
from course.progress import progress
from course.verdict import solution, verdict

__all__ = ["check", "hint", "progress", "solution", "verdict"]
__version__ = "0.2.0"
