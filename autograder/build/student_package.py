"""What a class installs: a wheel that holds `course` alone, and an archive of the notebooks.

Nothing of `autograder`, `source/` or the answers goes into either. The wheel is put together here,
as it is nothing but a zip of files that are there; no build tool and no network is needed.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from importlib import metadata
from pathlib import Path

import nbformat

import course
from autograder.build.errata import FILE as ERRATA
from autograder.build.generate import generate, secrets_in
from autograder.course_folder import CourseFolder, read_notebook
from autograder.errors import Problem

WHOLE = "surprise-to-autograd"
DISTRIBUTION = "surprise_to_autograd_course"
TOP = "from-surprise-to-autograd"
# Of what the whole course needs, what its notebooks need; the rest grades and builds.
NEEDED = (
    "numpy",
    "torch",
    "matplotlib",
    "pillow",
    "scikit-learn",
    "jupyterlab",
    "ipykernel",
    "ipython",
    "ipywidgets",
)
KINDS = (".py", ".json", ".typed")
# Two packages made of the same files are the same, byte for byte.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
README = """# From Surprise to Autograd

{count} notebooks, in `work/`: you read, write functions, and each is checked below its cell.

With Python 3.11 to 3.13, in this folder, on Linux and macOS:

```
python3 -m venv .venv && .venv/bin/python -m pip install ./{wheel}
.venv/bin/python -m jupyter lab work
```

On Windows:

```
py -m venv .venv ; .venv\\Scripts\\python -m pip install .\\{wheel}
.venv\\Scripts\\python -m jupyter lab work
```

Begin with `{first}`. `hint("...")` with the name of an exercise gives one more hint each time.
Where your teacher collects the work, hand in the folder of the notebook as it is; its name and the
names of its files stay as they are.

Marks such as E11 point to `errata.md` beside a notebook: what the lectures print, what is right,
and why.
"""


def student_package(folder: CourseFolder, out: Path) -> list[Path]:
    """Write the wheel and the archive into `out`; their paths.

    Raises Problem where a release is not what its source generates, or holds a secret.
    """
    texts = {name: _release(folder, name) for name in folder.assignments}
    if not texts:
        raise Problem("There is no source notebook here to make a package of.")
    out.mkdir(parents=True, exist_ok=True)
    wheel = out / f"{DISTRIBUTION}-{course.__version__}-py3-none-any.whl"
    _write(wheel, _wheel_files())
    files = {}
    for name, text in texts.items():
        files[f"{TOP}/work/{name}/{name}.ipynb"] = text.encode()
        if (errata := folder.root / "release" / name / ERRATA).is_file():
            files[f"{TOP}/work/{name}/{ERRATA}"] = errata.read_bytes()
    readme = README.format(count=len(texts), wheel=wheel.name, first=next(iter(texts)))
    files[f"{TOP}/README.md"] = readme.encode()
    files[f"{TOP}/{wheel.name}"] = wheel.read_bytes()
    archive = out / f"{TOP}-{course.__version__}.zip"
    _write(archive, files)
    return [wheel, archive]


def _release(folder: CourseFolder, name: str) -> str:
    """Return the text of a release notebook, looked at once more before it is given away."""
    place = folder.notebook_path("release", name)
    text = place.read_text(encoding="utf-8") if place.is_file() else ""
    if text != generate(folder, name):
        raise Problem(
            f"{place.relative_to(folder.root)} is not what source/ generates: run `autograder "
            f"build {name}` first."
        )
    secrets = secrets_in(
        nbformat.reads(text, as_version=4), read_notebook(folder.notebook_path("source", name))
    )
    if secrets:
        raise Problem(f"{name} cannot be given away: {secrets[0]}")
    return text


def _wheel_files() -> dict[str, bytes]:
    """Return the files of the wheel, by their paths in it."""
    root = Path(course.__file__).parent
    files = {
        f"course/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.suffix in KINDS and path.is_file()
    }
    about = f"{DISTRIBUTION}-{course.__version__}.dist-info"
    needs = [
        f"Requires-Dist: {text}"
        for text in metadata.requires(WHOLE) or []
        if re.split(r"[^\w.-]", text)[0] in NEEDED and "extra ==" not in text
    ]
    head = [
        "Metadata-Version: 2.1",
        f"Name: {DISTRIBUTION.replace('_', '-')}",
        f"Version: {course.__version__}",
        "Summary: From Surprise to Autograd: what its notebooks import.",
        "License: BSD-3-Clause",
        f"Requires-Python: {metadata.metadata(WHOLE)['Requires-Python']}",
        *needs,
    ]
    files[f"{about}/METADATA"] = ("\n".join(head) + "\n").encode()
    files[f"{about}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = ("\n".join([*lines, f"{about}/RECORD,,"]) + "\n").encode()
    return files


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _write(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
