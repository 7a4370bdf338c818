"""Names found by a spaCy model, if one is installed for the conversation's language. Nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from workbench.corpus.redaction.edits import Replacement
from workbench.corpus.redaction.kinds import PLACEHOLDER

FindPeople = Callable[[str], Iterator[tuple[int, int]]]
_GROUP = "spacy_models"
_PEOPLE = frozenset({"PERSON", "PER"})
_PASSAGE = 20_000  # characters that are processed together
_WALL = re.compile(PLACEHOLDER)
_WITHOUT = ("parser", "lemmatizer", "textcat")  # pipeline components that take time and are not needed


def model_of(language: str | None) -> str | None:
    """Return the installed spaCy model for a language (BCP 47), or a multilingual one; None without one."""
    code = (language or "").replace("_", "-").split("-")[0].lower()
    names = sorted(one.name for one in entry_points(group=_GROUP))
    for prefix in (f"{code}_" if code else "xx_", "xx_"):
        for name in names:
            if name.startswith(prefix):
                return name
    return None


def find_people(language: str | None) -> FindPeople | None:
    """Return a function that finds people in texts of a language; None without an installed model."""
    name = model_of(language)
    return finder(name) if name else None


def people_in(text: str, find: FindPeople) -> Iterator[Replacement]:
    """Yield the names that a model finds between placeholders."""
    last = 0
    for wall in [*_WALL.finditer(text), None]:
        end = wall.start() if wall else len(text)
        for start in range(last, end, _PASSAGE):
            passage = text[start : min(end, start + _PASSAGE)]
            for first, past in find(passage):
                if any(map(str.isalpha, passage[first:past])):
                    yield Replacement(start + first, start + past, "name")
        last = wall.end() if wall else end


@cache
def finder(name: str) -> FindPeople:
    pipeline: Any = import_module("spacy").load(name, exclude=list(_WITHOUT))

    def find(text: str) -> Iterator[tuple[int, int]]:
        for entity in pipeline(text).ents:
            if entity.label_ in _PEOPLE:
                yield entity.start_char, entity.end_char

    return find
