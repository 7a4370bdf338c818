"""The question builder (Q1): three sections of set phrases, or an own topic, and the question that they make."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import MentionedBy
from workbench.domain.rules import MAX_DETAILS, MAX_TOPIC
from workbench.domain.texts import normalise

SECTIONS = ("who", "what", "about")
_FILE = Path(__file__).with_name("question_phrases.toml")


class SetPhrase(NamedTuple):
    """A choice of a section: what it says in the question, what it adds to the details, and whom it is about."""

    key: str
    phrase: str
    details: str = ""
    side: MentionedBy | None = None


class Composed(NamedTuple):
    question: str
    details: str


@cache
def set_phrases() -> Mapping[str, tuple[SetPhrase, ...]]:
    """Return the choices of each section, in the order in which they are shown."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {section: tuple(SetPhrase(key, **one) for key, one in table[section].items()) for section in SECTIONS}


def compose(sections: Mapping[str, Any]) -> Composed:
    """Return the question and the extra information of ``who``, ``what``, and ``about`` or an own ``topic``.

    ``details`` among the sections, where a person has edited them, stand in place of those filled in.

    Raises:
        InvalidTracker: names the section and its choices.
    """
    checked = checked_sections(sections)
    chosen = [phrase for name in SECTIONS if (phrase := _chosen(name, checked)) is not None]
    topic = checked.get("topic")
    words = [one.phrase for one in chosen] + ([topic] if topic else [])
    filled = " ".join(one.details for one in reversed(chosen) if one.details)
    return Composed(f"Did {' '.join(words)}?", checked.get("details", filled))


def side_of(sections: Mapping[str, Any]) -> MentionedBy:
    """Return the side that the first section is about."""
    return (_chosen("who", sections) or SetPhrase("", "", side="anyone")).side or "anyone"


def checked_sections(sections: Any) -> dict[str, str]:
    """Return the sections as plain JSON; an own topic is held even where it is not in use.

    Raises:
        InvalidTracker: names the section and its choices.
    """
    if not isinstance(sections, Mapping) or not all(isinstance(one, str) for one in sections.values()):
        raise InvalidTracker("sections: give who, what, and about or topic, each a text")
    unknown = set(sections) - {*SECTIONS, "topic", "details"}
    if unknown:
        raise InvalidTracker(
            f"sections: must be one of who, what, about, topic, details, not {', '.join(sorted(unknown))}"
        )
    out = {name: normalise(text) for name, text in sections.items()}
    out = {name: text for name, text in out.items() if text or name == "details"}
    for name in SECTIONS:
        _chosen(name, out)
    missing = [name for name in ("who", "what") if name not in out]
    if "about" in out and "topic" in out:
        raise InvalidTracker("sections: give either about or topic, not both")
    if missing or not {"about", "topic"} & set(out):
        raise InvalidTracker(f"sections: {' and '.join(missing) or 'about or topic'} is missing")
    for name, most in (("topic", MAX_TOPIC), ("details", MAX_DETAILS)):
        if len(out.get(name, "")) > most:
            raise InvalidTracker(f"sections.{name}: must have at most {most:,} characters, not {len(out[name])}")
    return out


def _chosen(section: str, sections: Mapping[str, str]) -> SetPhrase | None:
    if section not in sections:
        return None
    choices = {one.key: one for one in set_phrases()[section]}
    if sections[section] not in choices:
        raise InvalidTracker(f"sections.{section}: must be one of {', '.join(choices)}, not {sections[section]!r}")
    return choices[sections[section]]
