"""The register of errata and its tests name the same errata."""

import re
from pathlib import Path

from tests.conftest import ROOT


def test_every_registered_erratum_has_a_test_and_every_test_a_row():
    register = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| E(\d+) \|", register, flags=re.MULTILINE)
    tests = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_errata_*.py")
    )
    tested = set(re.findall(r"def test_E(\d+)_", tests))
    assert len(rows) == len(set(rows))
    assert set(rows) == tested
