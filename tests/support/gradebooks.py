"""Two graded course folders side by side: every table of the gradebook, every file."""

import sqlite3
from collections import defaultdict

# What makes a row itself, and not what it says.
KEYS = {"id", "assignment_id", "notebook_id", "cell_id"}


def tables(root):
    """Every table of nbgrader's, as sorted rows; ids replaced by what they stand for."""
    with sqlite3.connect(root / "gradebook.db") as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("select name from sqlite_master")]
        found = {
            name: [dict(row) for row in connection.execute(f"select * from {name}")]
            for name in names
            if not name.startswith(("sqlite_", "autograder_"))
        }
    meaning = {}
    for name in ("assignment", "notebook", "base_cell"):
        meaning |= {row["id"]: f"{name} {row['name']}" for row in found[name]}
    for row in found["submitted_assignment"]:
        meaning[row["id"]] = f"{meaning[row['assignment_id']]} of {row['student_id']}"
    for row in found["submitted_notebook"]:
        meaning[row["id"]] = f"{meaning[row['notebook_id']]}, {meaning[row['assignment_id']]}"
    tidy = defaultdict(list)
    for name, rows in found.items():
        for row in rows:
            own = {
                key: meaning.get(value, value) if key in KEYS else value
                for key, value in row.items()
                if not (key == "id" and name in ("grade", "comment"))
            }
            tidy[name].append(sorted(own.items(), key=str))
    return {name: sorted(rows, key=str) for name, rows in tidy.items()}


def files(root):
    """What lies in autograded/: path -> content and mode."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in sorted((root / "autograded").rglob("*"))
        if path.is_file()
    }


def assert_same(ours, theirs):
    """Two course folders have the same rows and the same files."""
    rows, others = tables(ours), tables(theirs)
    assert rows.keys() == others.keys()
    for name in others:
        assert rows[name] == others[name], name
    found, expected = files(ours), files(theirs)
    assert found.keys() == expected.keys()
    assert [path for path in expected if found[path] != expected[path]] == []
