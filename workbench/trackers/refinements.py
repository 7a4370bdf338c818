"""Suggestions that refine a question (Q2), by rules over its text; they come before anything is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from workbench.domain.texts import normalise
from workbench.trackers.placeholders import placeholders

QuestionFlaw = Literal[
    "vague", "double", "side", "broad", "negation", "names", "placeholder", "open", "near", "endpoint"
]

_VAGUE = re.compile(
    r"\b(?:something|anything|things?|stuff|issues?|matters?|topics?|relevant|important|interesting|appropriate|good|bad|"
    r"well|properly|correctly|related to|and so on|etc|various|some kind of|discuss(?:ed)?|interested)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\b(?:and|as well as)\b (?=(?:did|does|do|is|was|were|are|has|have|also|then|ask|say|mention|want|agree|explain|"
    r"offer|tell|give|confirm|need|complain)\w*\b)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|no one|nobody|nothing|without|fail(?:s|ed)? to|forg[eo]ts?)\b|n['’]t\b", re.I)
_NEGATED_SPEECH = re.compile(r"\b(?:say|says|said|mention\w*|that|because)\b.*(?:\bnot\b|n['’]t\b|\bno\b)", re.I)
_COMPETITOR = re.compile(r"\b(?:competitors?|rivals?|other vendors?|alternatives?)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?“\"] )(?<!^)\b[A-Z][\w&-]+")
_OPEN = re.compile(r"^(?:how|why|what|which|who|when|where)\b", re.IGNORECASE)
_SIDES = {
    "customer": re.compile(r"\b(?:customer|caller|client|buyer|prospect)s?\b", re.IGNORECASE),
    "company": re.compile(r"\b(?:our|the) (?:rep|agent|seller|sales ?\w+|colleague|team)s?\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """What is weak, and what to do; with the ``question``, ``details`` or ``side`` to put in its place, where known.

    ``text`` is something that calls say, of which a person can tell whether it counts.
    """

    flaw: QuestionFlaw
    message: str
    question: str | None = None
    details: str | None = None
    side: str | None = None
    text: str | None = None


def refinements(question: str, details: str = "", side: str = "anyone") -> list[Refinement]:
    """Return what the rules find, the most pressing first."""
    question, details = normalise(question), normalise(details)
    found = [
        _open(question),
        _double(question),
        _negation(question),
        *_placeholders(question, details),
        _names(question, details),
        _side(question, side),
        _vague(question),
        _broad(question, details),
    ]
    return [one for one in found if one is not None]


def _open(question: str) -> Refinement | None:
    if not _OPEN.search(question):
        return None
    message = "Ask a question with a yes-or-no answer: the tracker finds the sentences that say yes."
    return Refinement(flaw="open", message=message)


def _double(question: str) -> Refinement | None:
    parts = [one for one in re.split(r"(?<=\?) ", question) if one]
    if len(parts) > 1:
        return Refinement(
            flaw="double", message="These are several questions. Ask one question per tracker.", question=parts[0]
        )
    if found := _AND.search(question):
        first = question[: found.start()].rstrip(" ,") + "?"
        return Refinement(
            flaw="double", message="This asks two things at once. Ask one question per tracker.", question=first
        )
    return None


def _negation(question: str) -> Refinement | None:
    found = _NOT.search(question)
    if not found or _NEGATED_SPEECH.search(question):
        return None
    message = f"“{found.group()}”: no sentence contains what was left out. Ask about what would be said instead."
    return Refinement(flaw="negation", message=message)


def _placeholders(question: str, details: str) -> list[Refinement]:
    names = placeholders(f"{question} {details}")
    return [Refinement(flaw="placeholder", message=f"Replace [{name}] with the real ones.") for name in names]


def _names(question: str, details: str) -> Refinement | None:
    if not _COMPETITOR.search(question) or _NAME.search(details) or placeholders(details):
        return None
    more = normalise(f"{details} Competitors are [names of competitors].")
    return Refinement(flaw="names", message="Name the competitors in the details.", details=more)


def _side(question: str, side: str) -> Refinement | None:
    subject = " ".join(question.split()[1:4])
    wanted = next((name for name, meant in _SIDES.items() if meant.search(subject)), None)
    if wanted is None or wanted == side:
        return None
    who = "the customer" if wanted == "customer" else "our rep"
    return Refinement(flaw="side", message=f"The question is about {who}. Listen to that side only.", side=wanted)


def _vague(question: str) -> Refinement | None:
    found = _VAGUE.search(question)
    if not found:
        return None
    return Refinement(flaw="vague", message=f"“{found.group()}” can mean many things. Say what would count.")


def _broad(question: str, details: str) -> Refinement | None:
    words = re.findall(r"[^\W_]+", question)
    if len(words) >= 5 or (details and len(words) >= 4):
        return None
    return Refinement(flaw="broad", message="This is very broad. Say who does what about which topic.")
