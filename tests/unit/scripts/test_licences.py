"""Licences: what is unknown or copyleft fails, unless it was judged and is still what was judged."""

from __future__ import annotations

from email.message import Message

import pytest

from scripts import licences
from scripts.licences import complaints, is_allowed, licence_of

ALLOWED = ("MIT", "BSD-3-Clause", "Apache-2.0", "Apache-2.0 WITH LLVM-exception")


def metadata(**told: str | list[str]) -> Message:
    out = Message()
    for name, values in told.items():
        for value in [values] if isinstance(values, str) else values:
            out[name.replace("_", "-")] = value
    return out


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT AND BSD-3-Clause", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR LGPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", True),
        ("(MIT OR GPL-3.0-only) AND (AGPL-3.0-only OR GPL-2.0-only)", False),
        ("MIT OR BSD-3-Clause AND GPL-3.0-only", True),  # AND binds closer
        ("Apache-2.0 WITH LLVM-exception", True),
        ("MIT WITH LLVM-exception", False),
        *((broken, False) for broken in ("", "(MIT", "MIT)", "MIT AND", "OR MIT", "MIT MIT", "GPL-3.0-or-later")),
    ],
)
def test_an_expression_is_allowed_where_allowed_licences_meet_it(expression, allowed):
    assert is_allowed(expression, ALLOWED) is allowed


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"License_Expression": "mit and apache-2.0"}, "MIT AND Apache-2.0"),
        ({"License": "MPL-2.0 AND MIT"}, "MPL-2.0 AND MIT"),
        ({"License": "The MIT License (MIT)\n\nPermission is hereby granted"}, "MIT"),
        ({"License": "Apache 2.0 License"}, "Apache-2.0"),
        ({"License": "UNKNOWN", "Classifier": "License :: OSI Approved :: ISC License (ISCL)"}, "ISC"),
        ({"Classifier": ["License :: OSI Approved :: MIT License", "Topic :: X"]}, "MIT"),
        ({"License": "GPL-3.0-or-later"}, "GPL-3.0-or-later"),
        ({"Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"}, ""),
        ({"License": "see LICENSE"}, ""),
        ({}, ""),
    ],
)
def test_a_package_tells_its_licence_in_one_of_several_ways(told, known):
    assert licence_of(metadata(**told)) == known


def test_what_is_unknown_or_copyleft_fails_unless_it_was_judged():
    found = [
        ("good", "MIT"),
        ("unknown", ""),
        ("copyleft", "GPL-3.0-or-later"),
        ("weak", "MPL-2.0"),
        ("turned", "GPL-3.0-only"),
    ]
    judged = {"weak": "MPL-2.0: of each file", "turned": "MPL-2.0: it was", "gone": "MPL-2.0: it was needed"}
    assert complaints(found, ALLOWED, judged) == [
        "unknown: its licence is unknown",
        "copyleft: GPL-3.0-or-later",
        "turned: GPL-3.0-only",
        "gone: judged, but not needed any more",
    ]


def test_what_users_get_is_allowed_or_judged(capsys):
    """Krippendorff's package was under the GPL."""
    assert licences.main() == 0, capsys.readouterr().err
    names = {name for name, _ in licences.of_python()}
    assert {"numpy", "psycopg", "openai", "torch"} <= names
    assert "krippendorff" not in names
    assert "preact" in {name for name, _ in licences.of_bundles()}


def test_a_package_that_fails_is_named(monkeypatch, capsys):
    monkeypatch.setattr(licences, "of_python", lambda: iter([("krippendorff", "GPL-3.0-or-later")]))
    assert licences.main() == 1
    assert "krippendorff: GPL-3.0-or-later" in capsys.readouterr().err
