"""Files of strangers become notebooks of the course's shape; nothing here knows nbgrader."""
