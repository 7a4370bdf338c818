"""Checks the licence of every package that a user of the workbench gets: Python's runtime dependencies and the bundles.

``[tool.licences]`` of pyproject.toml holds the licences that are allowed, by their SPDX names, and the packages of
others that were judged, with the reason. What is unknown, or under a copyleft licence, fails.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from importlib.metadata import distribution

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lock import CUDA, ROOT, read

# Before SPDX names became usual, packages said it with a classifier or in their own words.
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # or with two clauses, which asks for less
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",  # there was no 2.0 of that name
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
WORDS = {
    "3-clause bsd license": "BSD-3-Clause",
    "bsd": "BSD-3-Clause",  # as its classifier
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "the mit license (mit)": "MIT",
    "mit license": "MIT",
}
_TOKENS = re.compile(r"[()]|[^()\s]+")


def licence_of(metadata: Message) -> str:
    """Return the SPDX expression of a package, empty where its metadata hold none that is known."""
    told = metadata.get("License-Expression")
    if told:
        return _spdx(told)
    said = (metadata.get("License") or "").strip()
    words = said.splitlines()[0].strip() if said else ""
    known = WORDS.get(words.casefold()) or _spdx(words)
    if known:
        return known
    heads = [one.split(" :: ")[-1] for one in metadata.get_all("Classifier") or () if one.startswith("License :: ")]
    return " OR ".join(CLASSIFIERS[one] for one in heads) if heads and all(one in CLASSIFIERS for one in heads) else ""


def is_allowed(expression: str, allowed: Iterable[str]) -> bool:
    """Tell whether an SPDX expression can be met by licences that are ``allowed``."""
    tokens = _TOKENS.findall(expression)
    ok, end = _either(tokens, 0, frozenset(allowed))
    return bool(tokens) and ok and end == len(tokens)


def _either(tokens: list[str], at: int, allowed: frozenset[str]) -> tuple[bool, int]:
    ok, at = _all(tokens, at, allowed)
    while at < len(tokens) and tokens[at] == "OR":
        other, at = _all(tokens, at + 1, allowed)
        ok = ok or other
    return ok, at


def _all(tokens: list[str], at: int, allowed: frozenset[str]) -> tuple[bool, int]:
    ok, at = _one(tokens, at, allowed)
    while at < len(tokens) and tokens[at] == "AND":
        other, at = _one(tokens, at + 1, allowed)
        ok = ok and other
    return ok, at


def _one(tokens: list[str], at: int, allowed: frozenset[str]) -> tuple[bool, int]:
    if at >= len(tokens):
        return False, at
    if tokens[at] == "(":
        ok, at = _either(tokens, at + 1, allowed)
        return ok, at + 1
    name, at = tokens[at], at + 1
    if at + 1 < len(tokens) and tokens[at] == "WITH":
        name, at = f"{name} WITH {tokens[at + 1]}", at + 2
    return name in allowed, at


def of_python() -> Iterator[tuple[str, str]]:
    """Yield name and licence of all that the package and its optional parts for users lead to in this environment."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [lines for name, lines in project["optional-dependencies"].items() if name != "dev"]
    todo = [(Requirement(line), "") for lines in (project["dependencies"], *extras) for line in lines]
    seen: set[tuple[str, str]] = set()
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        found = distribution(name)
        if not any(known == name for known, _ in seen):
            yield name, licence_of(found.metadata)  # type: ignore[arg-type]
        for one in {"", *requirement.extras} - {other for known, other in seen if known == name}:
            seen.add((name, one))
            todo += [(Requirement(line), one) for line in found.requires or ()]


def of_bundles() -> Iterator[tuple[str, str]]:
    """Yield name and licence of what is built into the front end."""
    for path, about in json.loads((ROOT / "widgets/package-lock.json").read_text())["packages"].items():
        if path and not about.get("dev"):
            yield path.removeprefix("node_modules/"), _spdx(about.get("license", ""))


def complaints(packages: Iterable[tuple[str, str]], allowed: Iterable[str], judged: Mapping[str, str]) -> list[str]:
    """Return what is wrong. ``judged`` packages are named with their licence, a colon, and the reason."""
    out, names = [], set()
    for name, licence in packages:
        names.add(name)
        known = judged.get(name, "").split(":")[0]
        if not is_allowed(licence, allowed) and (not known or licence != known):
            out.append(f"{name}: {licence or 'its licence is unknown'}")
    return out + [f"{name}: judged, but not needed any more" for name in judged if name not in names]


def main() -> int:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["licences"]
    cuda = {one.name for one in read((ROOT / CUDA).read_text())}  # NVIDIA's, with a build of torch that people choose
    packages = sorted({*(one for one in of_python() if one[0] not in cuda), *of_bundles()})
    wrong = complaints(packages, rules["allowed"], rules["judged"])
    if wrong:
        print("Licences that are neither allowed nor judged in [tool.licences] of pyproject.toml:", file=sys.stderr)
        print("\n".join(f"  {one}" for one in wrong), file=sys.stderr)
        return 1
    print(f"licences: {len(packages)} packages, {len(rules['judged'])} of them by exception")
    return 0


def _spdx(text: str) -> str:
    try:
        return str(canonicalize_license_expression(text)) if text else ""
    except InvalidLicenseExpression:
        return ""


if __name__ == "__main__":
    sys.exit(main())
