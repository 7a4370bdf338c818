"""Turns below a line with only the speaker's name, in texts without times: ``Agent`` or ``Agent:``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workbench.corpus.formats.names_in_text import can_be_name, folded, is_role, looks_like_name
from workbench.corpus.formats.plain_text.call_data import is_trailer
from workbench.corpus.formats.plain_text.line_kinds import LineKind, TextLine

_LEAST_HEADS = 3
_MOST_ABOVE = 20  # lines before the first turn
_BEGUN = 0.8  # of the paragraphs begin with a name
_ALL_PARTED = 0.95  # of the lines follow an empty one, which then means nothing
_ENDED = 0.5  # of what is said ends as sentences do
_MOST_LISTED = 0.1
_ROLES_ENDED = 0.3  # likewise, below roles; speech recognition may omit punctuation, but then there are more words
_ROLES_WORDS = 5.0
_SENTENCE_END = re.compile(r"[.?!…。？！]['\"”’»)\]]*$")
_LISTED = re.compile(r"(?:[-*•–+]|\d{1,3}[.)]|\[[ xX]?\])\s")
_SCENE = re.compile(r"(?:INT|EXT)[./ ]|(?:FADE|CUT) (?:IN|OUT|TO)\b|(?:ACT|SCENE|AKT) (?:[IVX]+|\d+)\b")
_QUESTION = ("?", "？")
_HEADINGS = frozenset((
    "added", "changed", "fixed", "removed", "deprecated", "security", "features", "fixes", "ingredients", "method",
    "instructions", "directions", "preparation", "notes", "pros", "cons", "strengths", "weaknesses", "summary", "steps",
    "overview", "background", "introduction", "conclusion", "goals", "risks", "benefits", "requirements", "usage",
    "next steps", "action items", "key takeaways", "zutaten", "zubereitung", "hinweise", "vorteile", "nachteile",
))  # fmt: skip


def with_lone_names(lines: list[TextLine]) -> list[TextLine]:
    """Return the lines, each name joined with the text below it, if a text has this form.

    Headings are on lines of their own, too. So names must recur or be roles, at least two of them, each with sentences
    below; and unless all are roles, someone must ask a question.
    """
    heads = _heads(lines)
    if len(heads) < _LEAST_HEADS or heads[0] >= _MOST_ABOVE or not _are_turns(lines, heads):
        return lines
    out = lines[: heads[0]]
    for at, place in enumerate(heads):
        block = lines[place : heads[at + 1] if at + 1 < len(heads) else len(lines)]
        end = next((at for at, line in enumerate(block) if at and is_trailer(line)), len(block))
        out += [_joined(block[:end]), *block[end:]]
    return out


def _heads(lines: Sequence[TextLine]) -> list[int]:
    """Return the indices of the names: those that recur, and roles."""
    if any(line.start_s is not None for line in lines):
        return []
    named = {place: name for place, line in enumerate(lines[:-1]) if (name := _lone_name(line))}
    counts = Counter(map(folded, named.values()))
    kept = {name for name, number in counts.items() if number > 1 or is_role(name)}
    if len(kept) < _LEAST_HEADS - 1 or max(counts.values()) < _LEAST_HEADS - 1:
        return []
    return [place for place, name in named.items() if folded(name) in kept]


def _lone_name(line: TextLine) -> str:
    if line.kind is LineKind.NAME_TEXT:
        name = "" if line.text else line.name or ""
    else:
        name = line.whole if line.kind is LineKind.TEXT and can_be_name(line.whole) and line.whole[-1] != "," else ""
    return name if name and looks_like_name(name) and folded(name) not in _HEADINGS else ""


def _are_turns(lines: Sequence[TextLine], heads: Sequence[int]) -> bool:
    """Return whether the text between the names is speech: sentences, not a list or a scene."""
    own = set(heads)
    if any(after - place < 2 for place, after in zip(heads, [*heads[1:], len(lines)], strict=True)):
        return False
    begun = [place for place in range(heads[0], len(lines)) if lines[place].after_blank]
    are_parted = len(heads) / 2 < len(begun) < _ALL_PARTED * (len(lines) - heads[0])
    if are_parted and sum(1 for one in begun if one in own) < _BEGUN * len(begun):
        return False
    said = [line.whole for place, line in enumerate(lines) if place > heads[0] and place not in own]
    if sum(1 for one in said if _LISTED.match(one)) > _MOST_LISTED * len(said):
        return False
    if any(_SCENE.match(line.whole) for line in lines):
        return False
    words = sum(len(one.split()) for one in said) / len(said)
    ended = sum(1 for one in said if _SENTENCE_END.search(one)) / len(said)
    if all(is_role(_lone_name(lines[place])) for place in heads):
        return ended >= _ROLES_ENDED or words >= _ROLES_WORDS
    return ended >= _ENDED and any(one.rstrip('"”’» ').endswith(_QUESTION) for one in said)


def _joined(block: Sequence[TextLine]) -> TextLine:
    name, text = _lone_name(block[0]), " ".join(line.whole for line in block[1:])
    head = block[0]
    return TextLine(head.number, LineKind.NAME_TEXT, f"{name}: {text}", text, name, after_blank=head.after_blank)
