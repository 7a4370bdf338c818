"""Speakers' names in the text, as in ``Ann Lee: Hello``.

Distinguishes names from other words before a colon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from workbench.corpus.formats.roles import SIDES, known_speaker

MAX_NAME_WORDS = 6
MAX_NAME_LENGTH = 40

_NAMED = re.compile(r"(?P<name>[^\n:：]{1,60}?)[ \t\xa0]*(?:：|:(?=\s|$|[^\s/\d]))[ \t\xa0]*(?P<text>.*)", re.DOTALL)
_LABELLED = re.compile(r"(?P<name>[^\n:：]{1,130}?)[ \t\xa0]*(?:：|:(?=\s))[ \t\xa0]*(?P<text>\S.*)", re.DOTALL)
_PHONE = re.compile(r"\+?[\d*(][\d*() .-]{5,24}")
_SENTENCE_MARK = re.compile(r"[!?;…\"“”<>{}=/\\|*#]|\.(?=\s+[a-z])|\.{2}")
_ABBREVIATED = re.compile(
    r"(?:\b[^\W\d_]|\b(?:Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|Hr|Fr|Dra|Sra|Mme|Ing|Dipl|Herr|Frau))\.", re.I
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERED = re.compile(
    r"(?:speaker|sprecher(?:in)?|spk|spkr|person|participant|teilnehmer|guest|voice|channel|locuteur|hablante)"
    r"[ _-]?(?:\d{1,3}|[a-z])",
    re.IGNORECASE,
)
_MORE_ROLES = (
    "speaker", "interviewer", "interviewee", "moderator", "narrator", "announcer", "host", "presenter", "facilitator",
    "participant", "respondent", "man", "woman", "male", "female", "unknown", "q", "a", "question", "answer", "clerk",
    "court", "witness", "counsel", "judge", "translator", "interpreter", "interviewpartner", "sprecher", "sprecherin",
    "befragter", "befragte", "moderatorin", "entrevistador", "entrevistadora", "entrevistado", "entrevistada",
    "enquêteur", "enquêtrice", "intervieweur", "интервьюер", "респондент",
    "司会", "質問者", "回答者", "主持人", "受访者",
)  # fmt: skip
_ROLES = frozenset((*SIDES, *_MORE_ROLES))
_WORDS = frozenset((
    "name", "type", "status", "id", "email", "e-mail", "phone", "address", "city", "country", "amount", "quantity",
    "location", "duration", "length", "attendees", "participants", "teilnehmer", "invited", "language", "topic",
    "agenda", "description", "from", "to", "cc", "bcc", "sent", "usage", "install", "installation", "license",
    "version", "requirements", "author", "authors", "keywords", "tags", "source", "see", "default", "required",
    "recording", "von", "an", "gesendet", "betreff", "datum", "dauer", "error", "info", "debug", "todo", "fixme",
    "and", "but", "so", "or", "because", "then", "note", "notes", "example", "remember", "warning", "important",
    "update", "problem", "reason", "ps", "re", "fw", "fwd", "subject", "yes", "no", "ok", "okay", "well", "listen",
    "look", "maybe", "also", "first", "second", "third", "finally", "today", "tomorrow", "result", "summary",
    "conclusion", "tip", "hint", "attention", "caution", "http", "https", "www", "mailto", "ftp", "tel", "url",
    "link", "title", "date", "time", "total", "price", "step", "which", "that", "this", "it", "i", "we", "you",
    "they", "he", "she", "there", "here", "what", "who", "why", "how", "when", "where", "is", "are", "was", "were",
    "it's", "that's", "here's", "there's", "und", "aber", "dann", "weil", "hinweis", "beispiel", "achtung", "et",
    "mais", "donc", "y", "pero", "entonces", "nota",

))  # fmt: skip
_PARTICLES = frozenset((
    "von", "van", "der", "den", "de", "di", "da", "del", "della", "la", "le", "du", "dos", "das", "bin", "ibn", "al",
    "el", "and", "und", "y", "&", "of", "zu", "zur", "dr",
))  # fmt: skip
_LEAST_LABELLED = 0.8  # share of the pieces
_JOINED = re.compile(r"[\s,]+")


class NamedText(NamedTuple):
    """A name, and what is said."""

    name: str
    text: str


def split_name(text: str) -> NamedText | None:
    """Split ``Ann Lee: Hello`` at its first colon; None if the part before it cannot be a name."""
    found = _NAMED.match(text.strip().removeprefix("**").lstrip("\u2068"))
    if not found:
        return None
    said = found["text"]
    if text.lstrip().startswith("**"):  # Markdown: **Ann:** or **Ann**:
        said = said.removeprefix("**")
    name = found["name"].removesuffix("**").strip(" \t\xa0\u2069")
    return NamedText(name, said.strip()) if can_be_name(name) else None


def split_label(text: str) -> NamedText | None:
    """Split a text at its first colon, whatever is before it; None if there is none, or nothing after it."""
    found = _LABELLED.match(text.strip())
    return NamedText(found["name"].strip(), found["text"].strip()) if found else None


def can_be_name(name: str) -> bool:
    """Return whether a text has the shape of a name: a few words that begin with a letter, not a sentence."""
    bare = _BRACKETS.sub(" ", name).strip()
    if not bare or len(bare) > MAX_NAME_LENGTH or not (bare[0].isalpha() or bare[0] == "@"):
        return False
    words = _JOINED.split(bare)
    if len(words) > MAX_NAME_WORDS or words[0].lower() in ("http", "https", "mailto", "ftp", "www"):
        return False
    plain = _ABBREVIATED.sub(" ", bare)
    return not _SENTENCE_MARK.search(plain) and not re.search(r"\.\s", plain)


def looks_like_name(name: str) -> bool:
    """Return whether a text is clearly a name: capital letters, a role, or a label from speech recognition."""
    bare = _BRACKETS.sub(" ", name).strip()
    low = bare.lower()
    if low in _ROLES or _NUMBERED.fullmatch(low) or known_speaker(name) is None:
        return True
    words = [one for one in _JOINED.split(bare) if one]
    if not words or low in _WORDS or words[0].lower().rstrip(".") in _WORDS:
        return False
    return all(_capital(one) or one.lower() in _PARTICLES for one in words)


def is_role(name: str) -> bool:
    """Return whether this is a role, or a label from speech recognition: Agent, Interviewer, Speaker 1, Q."""
    low = _BRACKETS.sub(" ", name).strip().lower()
    return low in _ROLES or bool(_NUMBERED.fullmatch(low))


def accepted_names(pieces: Iterable[list[str]], least_share: float = 0.3) -> set[str]:
    """Return the names, folded, that begin the lines of a file's pieces of text.

    Those are the names that recur; or if enough of the pieces begin with a name, everything that looks like one.
    """
    count = many = 0
    found: Counter[str] = Counter()
    likely: set[str] = set()
    for piece in pieces:
        count += 1
        named = [one for one in map(split_name, piece) if one]
        found.update(folded(one.name) for one in named)
        shown = {folded(one.name) for one in named if looks_like_name(one.name)}
        many += bool(shown)
        likely |= shown
    often = many >= least_share * max(count, 1)
    return {
        name
        for name, number in found.items()
        if (name in likely and (often or number > 1))
        or (number > 2 and often and len(name.split()) < 3 and name not in _WORDS)
    }


def accepted_labels(pieces: Iterable[list[str]], names: Collection[str]) -> set[str]:
    """Return labels in place of names, folded, that don't look like names: ``Ann | Acme``, ``+1 415***1234``.

    Only if most pieces begin with one of ``names``, from :func:`accepted_names`, or with a label that recurs; and only
    recurring labels and telephone numbers.
    """
    labels = [one for piece in pieces for one in [split_label(piece[0]) if piece else None]]
    counts = Counter(folded(one.name) for one in labels if one)
    back = {name for name, number in counts.items() if number > 1 or _PHONE.fullmatch(name)}
    known = sum(number for name, number in counts.items() if name in back or name in names)
    odd = {name for name in back if name.split()[0] not in _WORDS} - set(names)
    return odd if known >= _LEAST_LABELLED * max(len(labels), 1) else set()


def folded(name: str) -> str:
    """Return a name folded for comparison, without case and spaces."""
    return " ".join(name.split()).casefold()


def _capital(word: str) -> bool:
    letters = [one for one in word if one.isalpha()]
    if not letters:
        return any(one.isdigit() for one in word) or word in ("-", "–", "&", "+")
    return any(one.isupper() for one in letters) or all(one.lower() == one.upper() for one in letters)
