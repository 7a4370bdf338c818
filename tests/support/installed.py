"""Environments with what a wheel needs and nothing else, out of this one: all that is in it was locked and checked.

To unpack two gigabytes anew takes minutes; links to them, seconds.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SERVED = frozenset({"share", "static", "templates"})  # folders whose files a server refuses where they are links


def link_needed(wheel: Path, folder: Path) -> None:
    """Link the distributions that the wheel requires, and those that they require, into a virtual environment.

    Scripts are left behind: their first lines name this environment's Python.
    """
    scripts = sysconfig.get_path("scripts")
    for one in _needed(wheel):
        for file in one.files or ():
            source = os.path.normpath(str(one.locate_file(file)))
            if os.path.dirname(source) != scripts and os.path.exists(source):
                target = folder / os.path.relpath(source, sys.prefix)
                target.parent.mkdir(parents=True, exist_ok=True)
                if SERVED.isdisjoint(target.parts):
                    target.symlink_to(source)
                else:
                    shutil.copy2(source, target)


def _needed(wheel: Path) -> Iterator[Distribution]:
    """Yield each distribution once, as the markers and extras of requirements ask for it here."""
    with ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        asked = message_from_bytes(opened.read(name)).get_all("Requires-Dist", [])
    waiting = [(text, "") for text in asked]
    seen: set[tuple[str, str]] = set()
    found: set[str] = set()
    while waiting:
        text, extra = waiting.pop()
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in {"", *requirement.extras} - {more for known, more in seen if known == name}:
            seen.add((name, wanted))
            waiting += [(more, wanted) for more in distribution(name).requires or ()]
        if name not in found:
            found.add(name)
            yield distribution(name)
