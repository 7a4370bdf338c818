"""Our English: each rule finds what it is for, all kinds of text are read, and the project's texts follow the rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts.prose import ROOT, STYLES, Exempt, checked, exempted, findings, rules
from scripts.prose_texts import Text, in_markdown, in_notebook, in_python, in_typescript

BAD_AND_BETTER = {
    "IsNot": ("webhook: this is no web address", "webhook: not a valid URL, which is no longer allowed"),
    "NoneOf": ("'x' is none of a, b", "must be one of a, b, not 'x'"),
    "HasNo": ("The workspace holds no conversation 'c1'.", "The workspace has no conversation 'c1'."),
    "MustBe": ("name: has 90 characters", "name: must have at most 80 characters, not 90"),
    "Headlines": ("None speaks now.", "No active alerts."),
    "Unclear": ("The credits do not reach for this.", "Not enough credits."),
    "Percent": ("found in 75 % of the calls", "found in 75% of the calls"),
    "Numbers": ("12000 calls since 31.3.2026", "12,000 calls since 2026-03-31"),
    "Contractions": ("It can’t be read, and needn't.", "It can't be read."),
    "Limits": ("At most `x`, see MOST_KEPT", "see MAX_KEPT"),
    "Words": ("Made anew by somebody.", "Made again by someone."),
    "Terms": ("Send emails by play book.", "Send e-mails by playbook."),
}


def found(text: str, path: str = "a.md") -> list[tuple[int, str]]:
    return [(one.line, one.rule) for one in findings([Text(path, 1, "page", text)], rules())]


def test_every_rule_has_an_example():
    assert {file.stem for file in STYLES.glob("*.yml")} == set(BAD_AND_BETTER)


@pytest.mark.parametrize("rule", BAD_AND_BETTER)
def test_a_rule_finds_what_it_is_for_and_nothing_else(rule):
    bad, better = BAD_AND_BETTER[rule]
    assert {name for _, name in found(bad)} == {rule}
    assert found(better) == []


def test_a_phrase_is_found_across_lines_and_told_with_its_own_line():
    assert found("One line.\nThis is\n  no good idea.") == [(2, "IsNot")]


def test_a_finding_says_what_to_write_instead():
    (one,) = findings([Text("docs/a.md", 7, "page", "made anew")], rules())
    assert str(one) == "docs/a.md:7: Write “again” instead of “anew”. (Words)"


def test_what_a_style_asks_for_in_another_way_is_refused(tmp_path):
    (tmp_path / "Other.yml").write_text("extends: occurrence\nmessage: too many\n")
    with pytest.raises(ValueError, match=r"Other\.yml: extends must be existence or substitution"):
        rules(tmp_path)


def test_python_is_read_by_kind_with_its_lines():
    source = (
        '"""A module."""\n\nLIMIT = 3  # why it is three\n\n\ndef f(name):\n    """Return it, see '
        '``code is no text``."""\n'
        '    raise ValueError(f"{name!r} is no good"\n        " idea")\n'
    )
    read = {(text.kind, text.line): text for text in in_python("a.py", source)}
    assert read["docstring", 7].symbol == "f"
    assert "is no" not in read["docstring", 7].words
    assert read["message", 8].words == "{…} is no good idea"
    assert read["comment", 3].words == "why it is three"


def test_pages_are_read_without_their_code():
    page = "# Title\n\nText with `is no code`.\n\n```\nthis is no text\n```\n\n    neither is no this\n\n- an item\n"
    words = [text.words for text in in_markdown("a.md", page)]
    assert len(words) == 3
    assert not any("is no" in text for text in words)


def test_notebooks_are_read_by_cell():
    cells = [{"cell_type": "markdown", "source": ["is no\n", "title"]}, {"cell_type": "code", "source": "x = 1"}]
    book = json.dumps({"cells": cells})
    assert [(text.line, text.words) for text in in_notebook("a.ipynb", book)] == [(1, "is no\ntitle")]


def test_the_texts_of_widgets_are_read(tmp_path):
    (tmp_path / "a.tsx").write_text(
        'const kind = "is-no-text";\n// Says why.\nexport const view = (n: number) => (\n  <p '
        'class="wb-a">\n    There are {n} calls\n'
        "  </p>\n);\nconst said = `${kind} is no good`;\n"
    )
    read = list(in_typescript([str(tmp_path / "a.tsx")], ROOT))
    assert [(text.line, text.kind, text.words.strip()) for text in read] == [
        (2, "comment", "Says why."),
        (5, "ui", "There are {…} calls"),
        (8, "ui", "{…} is no good"),
    ]


def test_an_exemption_is_for_files_and_words():
    text = [Text("a/b.py", 1, "string", "made anew")]
    assert findings(text, rules(), [Exempt("a/*.py", "a reason")]) == []
    assert findings(text, rules(), [Exempt("a/*.py", "a reason", "Words", "anew")]) == []
    assert findings(text, rules(), [Exempt("c/*.py", "a reason")])
    assert findings(text, rules(), [Exempt("a/*.py", "a reason", "Terms")])


def test_the_project_follows_its_style_and_needs_every_exemption():
    texts, style, exempt = list(checked()), rules(), exempted()
    kinds = {text.kind for text in texts}
    assert kinds == {"docstring", "comment", "message", "string", "ui", "page"}
    bare = findings(texts, style)  # takes long, so that exemptions are looked at here and it is done once
    assert [str(finding) for finding in bare if not any(one.covers(finding) for one in exempt)] == []
    assert [one for one in exempt if not any(one.covers(finding) for finding in bare)] == []
    assert all(one.reason for one in exempt)


def test_vale_is_given_the_same_rules():
    settings = (STYLES.parent / "vale.ini").read_text(encoding="utf-8")
    assert re.search(r"^StylesPath = \.$", settings, re.MULTILINE)
    assert re.search(rf"^BasedOnStyles = {Path(STYLES).name}$", settings, re.MULTILINE)
