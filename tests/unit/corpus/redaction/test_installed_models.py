"""Names that an installed model finds; the model here is a stand-in that knows two names."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace

import pytest

from workbench.corpus.redaction import installed_models
from workbench.corpus.redaction.redactor import Redactor
from workbench.domain.conversations import Conversation, Turn


@pytest.fixture
def installed(monkeypatch):
    """Installs models by name, in place of spaCy."""

    def pipeline(text):
        found = re.finditer("Deborah|Kim|London", text)
        if "Deborah" in text and "Kim" in text:
            found = re.finditer("Deborah|London", text)  # what it finds depends on what stands around it
        label = {"London": "GPE"}
        ents = [
            SimpleNamespace(start_char=m.start(), end_char=m.end(), label_=label.get(m[0], "PERSON")) for m in found
        ]
        return SimpleNamespace(ents=ents)

    def install(*names):
        spacy = ModuleType("spacy")
        spacy.load = lambda name, exclude=(): pipeline
        monkeypatch.setitem(sys.modules, "spacy", spacy)
        points = [EntryPoint(name, f"{name}:load", "spacy_models") for name in names]
        monkeypatch.setattr(installed_models, "entry_points", lambda group: points)
        installed_models.finder.cache_clear()

    yield install
    installed_models.finder.cache_clear()


def test_the_model_of_the_language_is_taken_else_one_for_many(installed):
    installed("de_core_news_sm", "en_core_web_sm", "xx_ent_wiki_sm")
    assert installed_models.model_of("en-GB") == "en_core_web_sm"
    assert installed_models.model_of("ja") == installed_models.model_of(None) == "xx_ent_wiki_sm"
    installed("de_core_news_sm")
    assert installed_models.model_of("en") is None


def test_people_are_redacted_until_the_model_finds_no_more(installed):
    installed("en_core_web_sm")
    turn = Turn(text="Deborah met Kim in London, see [NAME]")
    once = Redactor(("name",)).redact(Conversation(id="c", turns=(turn,), language="en"))
    assert once.conversation.turns[0].text == "[NAME] met [NAME] in London, see [NAME]"
    assert Redactor(("name",)).redact(once.conversation).conversation == once.conversation
