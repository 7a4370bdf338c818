"""Transcripts as text without times: names on lines of their own, dashes and numbers; and what only looks like them."""

from __future__ import annotations

import pytest

from tests.unit.corpus.formats.files import call, format_name, said

TALK = (
    ("Agent", "Hello, how can I help?"),
    ("Customer", "My order is late."),
    ("Agent", "Let me check. It left on Monday."),
    ("Customer", "Thanks."),
)
PEOPLE = tuple((name.replace("Agent", "Ann Lee").replace("Customer", "Ben"), text) for name, text in TALK)
JAPANESE = (
    ("担当者", "お電話ありがとうございます。"),
    ("お客様", "荷物が届きません。"),
    ("担当者", "確認いたします。"),
    ("お客様", "お願いします。"),
)


@pytest.mark.parametrize("talk", [TALK, PEOPLE, JAPANESE], ids=["roles", "people", "japanese"])
@pytest.mark.parametrize(
    "form", ["{}\n{}\n\n", "{}\n{}\n", "{}:\n{}\n\n", "{}:\n{}\n", "**{}**\n{}\n\n", "{}: \n\n{}\n\n"]
)
def test_a_name_alone_on_its_line_speaks_what_stands_below(talk, form):
    assert said("a.txt", "".join(form.format(*turn) for turn in talk)) == list(talk)


def test_what_is_said_may_have_several_lines_and_names_in_it():
    text = "Call of 3 May\n\nAgent\nHello.\nNote: we record.\nIs that fine?\n\nCustomer\nYes.\nBen\n\nAgent\nGood.\n"
    assert said("a.txt", text) == [
        ("Agent", "Hello. Note: we record. Is that fine?"),
        ("Customer", "Yes. Ben"),
        ("Agent", "Good."),
    ]
    assert call("a.txt", text).title == "Call of 3 May"


def test_what_follows_a_summary_is_no_speech():
    text = "".join(f"{name}\n{words}\n\n" for name, words in TALK)
    assert said("a.txt", f"{text}Summary\nThe order was late.\n") == list(TALK)


@pytest.mark.parametrize("talk", [TALK, JAPANESE], ids=["roles", "japanese"])
@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_stands_behind_a_role(talk, dash):
    assert said("a.txt", "".join(f"{name} {dash} {words}\n" for name, words in talk)) == list(talk)


@pytest.mark.parametrize("form", ["{}. {}: {}\n", "{}) {}: {}\n", "  {}. {}: {}\n\n"])
def test_lines_may_be_numbered(form):
    for talk in (TALK, PEOPLE):
        assert said("a.txt", "".join(form.format(at, *turn) for at, turn in enumerate(talk, 7))) == list(talk)


def test_numbered_lines_may_have_dashes():
    assert said("a.txt", "".join(f"{at}. {one} - {text}\n" for at, (one, text) in enumerate(TALK, 1))) == list(TALK)


NOT_SPOKEN = {
    "form": "Contact\nAnn Lee\n\nCompany\nAcme Ltd\n\nContact\nBen Ray\n\nCompany\nFoo Inc\n",
    "form with labels": "First Name\nAnn\nLast Name\nLee\nFirst Name\nBen\nLast Name\nRay\n",
    "changelog": "Added\nA new page.\n\nFixed\nA crash on start.\n\nAdded\nAn export.\n\nFixed\nA typo.\n",
    "changelog of components": "Server - Fixed a crash.\nClient - Added a page.\nServer - Added an export.\n",
    "changelog of an agent": "Agent - Fixed a crash.\nServer - Added an export.\nAgent - Fixed a leak.\n",
    "numbered changelog": "1. Server: fixed a crash.\n2. Client: added a page.\n3. Tools: added an export.\n",
    "recipe": "Ingredients\nFlour and water.\n\nMethod\nStir well.\n\nIngredients\nSalt.\n\nMethod\nBake it.\n",
    "numbered recipe": "1. Preheat the oven: 200 degrees.\n2. Mix flour: slowly.\n3. Bake: 20 minutes.\n",
    "recipe with colons": "Ingredients:\nFlour.\n\nMethod:\nStir. Ready?\n\nIngredients:\nSalt.\n\nMethod:\nOk.\n",
    "screenplay": "INT. OFFICE - DAY\n\nJOHN\nHello there.\n\nMARY\nWho are you?\n\nJOHN\nJohn.\n\nMARY\nOh.\n",
    "play": "ACT I\nSCENE 1\n\nHAMLET\nTo be?\n\nOPHELIA\nGood my lord.\n\nHAMLET\nNo.\n\nSCENE 2\n\nOPHELIA\nYes.\n",
    "shell script": "#!/bin/sh\nset -e\n1. echo: hello\nfor one in *; do\n  echo $one - done\ndone\n",
    "glossary": "Agent - a person who sells.\nCustomer - a person who buys.\nCaller - a person who calls.\n",
    "numbered glossary": "1. Agent: a person who sells.\n2. Customer: a person who buys.\n3. Caller: one who calls.\n",
    "opening hours": "Monday - closed\nTuesday - 9 to 5\nWednesday - 9 to 5\nThursday - 9 to 5\n",
    "prices": "Apples - 3 kg\nPears - 2 kg\nApples - 1 kg\nPears - 5 kg\n",
    "numbered list": "1. Go home.\n2. Eat.\n3. Sleep.\n4. Repeat.\n",
    "headings": "Our Company\nWe sell bikes.\n\nOur Team\nTwelve people.\n\nOur Offices\nBerlin and Rome.\n",
    "weekly notes": "Next Steps\nAnn writes.\n\nAction Items\nBen reads.\n\nNext Steps\nDone?\n\nAction Items\nNone.\n",
    "lists below names": "Ann\n- Write it.\n- Send it?\n\nBen\n- Read it.\n\nAnn\n- Again.\n\nBen\n- Again.\n",
    "poem": "Morning\nThe sun is up.\n\nEvening\nThe sun is down.\n\nNight\nWhere is the sun?\n",
    "log": "1. INFO: started\n2. WARN: slow\n3. INFO: stopped\n4. ERROR: failed\n",
    "table of contents": "1. Introduction: why\n2. Method: how\n3. Results: what\n",
    "address list": "Ann Lee\n1 High Street\nLondon\n\nBen Ray\n4 Low Road\nLeeds\n\nAnn Lee\n12 High Street\nLondon\n",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_SPOKEN.values(), ids=NOT_SPOKEN)
def test_what_only_looks_like_it_is_refused(text):
    assert format_name("a.txt", text) is None
