"""The requirements in pyproject.toml, environment.yml and constraints.txt say the same."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import course
from tests.conftest import ROOT

CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
RUN = [Requirement(text) for text in PROJECT["dependencies"]]
CLUSTER = [Requirement(text) for text in EXTRAS["cluster"]]
SITE = [Requirement(text) for text in EXTRAS["site"]]
TEST = [Requirement(text) for text in EXTRAS["test"]]


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def conda() -> dict[str, Requirement]:
    found = {}
    for line in (ROOT / "environment.yml").read_text().splitlines():
        match = re.fullmatch(r"  - ([a-z0-9-]+) ?([<>=!,.0-9]*)", line)
        if match and match[1] not in ("pip", "conda-forge", "nodefaults"):
            name = CONDA_NAMES.get(match[1], match[1])
            found[name] = Requirement(name + match[2])
    return found


def test_every_requirement_is_pinned_within_its_range():
    pinned = pins()
    others = [found for found in TEST if found.name != PROJECT["name"]]
    for requirement in RUN + CLUSTER + SITE + others:
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_conda_asks_for_the_same_ranges():
    wanted = {requirement.name: requirement.specifier for requirement in RUN + CLUSTER}
    wanted["python"] = Requirement("python" + PROJECT["requires-python"]).specifier
    assert {name: found.specifier for name, found in conda().items()} == wanted


def test_what_the_tests_need_includes_the_cluster_and_the_site():
    (extras,) = [found.extras for found in TEST if found.name == PROJECT["name"]]
    assert extras == {"cluster", "site"}


def test_conda_uses_one_channel_and_cpu_pytorch_and_installs_this_project():
    text = (ROOT / "environment.yml").read_text()
    assert "- conda-forge" in text and "- nodefaults" in text
    assert "pytorch-cpu" in text and "--editable ." in text


def test_python_3_11_to_3_13_are_declared():
    assert PROJECT["requires-python"] == ">=3.11,<3.14"


def test_the_version_stands_in_one_place_and_whoever_cites_it_has_the_same():
    assert "version" in PROJECT["dynamic"] and "version" not in PROJECT
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    changed = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert cited[1] == changed[1] == course.__version__
