"""The pictures of the course, one module a notebook, all in the style of `course.plots.style`.

Every function draws one picture and displays it together with its text description.
"""
