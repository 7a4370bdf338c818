"""What is weak about a tracker's name, description or examples, in words a person can act on (E1, E3).

Pure functions over text. An "error" keeps the tracker from being saved, a "warning" names something that will
cost quality, a "tip" is a way to do better.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from workbench.corpus.sentences import spans
from workbench.domain.advice import Level
from workbench.domain.names import clean_name
from workbench.domain.plurals import plural
from workbench.domain.rules import MAX_EXAMPLES, MAX_NAME, MIN_EXAMPLES

CoachedField = Literal["name", "description", "examples", "words", "exclude", "vocabulary"]
ExampleFlaw = Literal["same", "alike", "several", "long", "general", "vague", "short"]

LONG_NAME_WORDS = 5
LONG_EXAMPLE_WORDS = 25
NO_SENTENCE_WORDS = 60  # one that has no end: where it would be cut says nothing
SHORT_EXAMPLE_WORDS = 4
ALIKE = 0.72  # from here on a second example adds next to nothing

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_LIKE_NAME = re.compile(
    r"^(?:when|if|whether|how|why|find|show|calls?|customers? who|people who|someone|anyone)\b"
    r"|\b(?:who|that) (?:say|says|ask|asks)\b",
    re.IGNORECASE,
)
_BROAD_NAMES = frozenset(
    _WORD.findall(
        """pricing price prices competitors competitor product products support feedback problem problems
        issue issues questions sales calls customers tracker test topic general other misc next budget"""
    )
)
_FILLER = frozenset(
    _WORD.findall(
        """a an and are be been but can could do does for good great have how i i'm in is it it's just know
        like me my no of oh ok okay on one or really right say see so some sounds sure thank thanks
        that that's the then there they thing things think this to us very want was we
        well what when will with would yeah yep yes you your"""
    )
)
_POINTING = frozenset({"it", "it's", "this", "that", "that's", "these", "those", "they", "one"})
_Features = tuple[str, frozenset[str], frozenset[str]]  # the plain words, as a set, and their trigrams


@dataclass(frozen=True, slots=True)
class FieldAdvice:
    """``index`` counts examples from 0; None if the advice is about the whole field.

    ``flaw`` names what is weak about an example; ``other`` is the one that it repeats, ``parts`` are the sentences
    that it holds where it holds several.
    """

    field: CoachedField
    index: int | None
    level: Level
    message: str
    flaw: ExampleFlaw | None = None
    other: int | None = None
    parts: tuple[str, ...] = ()


def coach_name(name: str) -> list[FieldAdvice]:
    """Short and meaningful, because it stands wherever the tracker is seen."""
    text = clean_name(name)
    words = _words(text)
    if not text:
        return _whole("name", "error", "Give the tracker a name.")
    if len(text) > MAX_NAME:
        return _whole("name", "error", f"{len(text)} characters; a name holds at most {MAX_NAME}.")
    if _SENTENCE_LIKE_NAME.search(text) or text.endswith((".", "?", "!")):
        return _whole("name", "tip", "This reads like a sentence. Name the idea, such as “Pricing objections”.")
    if len(words) > LONG_NAME_WORDS:
        return _whole("name", "tip", f"{len(words)} words; two to four are easier to read in lists and charts.")
    if len(words) == 1 and words[0] in _BROAD_NAMES:
        return _whole("name", "tip", f"“{text}” could mean many things. What about it: objections, praise?")
    if len(text) < 3 or not words:
        return _whole("name", "tip", "Spell it out, so that others know what it stands for.")
    return []


def coach_description(description: str, name: str = "") -> list[FieldAdvice]:
    """Coach the description: it is shown when someone points at the name, so it should say more than that."""
    words = _words(description)
    if not words:
        return _whole(
            "description", "tip", "Say what counts and what doesn't. It is shown when people point at the name."
        )
    if set(words) <= set(_words(name)):
        return _whole("description", "tip", "This only repeats the name. Say what counts and what doesn't.")
    if len(words) < 4:
        return _whole("description", "tip", "A few more words help others: who says it, and what would not count?")
    return []


def coach_examples(examples: Sequence[str]) -> list[FieldAdvice]:
    """Advice on each example and then on the set. Blank examples are passed over but keep their place."""
    filled = [(index, text.strip()) for index, text in enumerate(examples) if text.strip()]
    advice = [found for index, text in filled if (found := coach_example(text, index))]
    advice += _repeats(filled)
    return sorted(advice, key=lambda item: item.index or 0) + _as_a_set([text for _, text in filled])


def coach_example(text: str, index: int = 0) -> FieldAdvice | None:
    """Return what is weakest about an example by itself; None if nothing is."""

    def weak(flaw: ExampleFlaw, level: Level, message: str, parts: tuple[str, ...] = ()) -> FieldAdvice:
        return FieldAdvice("examples", index, level, message, flaw, parts=parts)

    words, telling, parts = _words(text), telling_words(text), sentences_in(text)
    if len(parts) > 1 and len(words) <= NO_SENTENCE_WORDS:
        return weak(
            "several", "warning", f"Contains {len(parts)} sentences. Keep the one that carries the idea.", parts
        )
    if len(words) > LONG_EXAMPLE_WORDS:
        return weak("long", "warning", f"{len(words)} words is long. Keep the part that carries the idea.")
    if not telling:
        return weak("general", "warning", "Too general: it fits any topic. Add what it is about.")
    pointing = [word for word in words if word.replace("’", "'") in _POINTING]
    if len(telling) == 1 and pointing:
        return weak("vague", "tip", f"Vague: “{pointing[0]}” could be anything. Name what it is about.")
    if len(words) < SHORT_EXAMPLE_WORDS:
        return weak("short", "tip", "Very short. A full sentence, as it would be said, teaches more.")
    return None


def sentences_in(text: str) -> tuple[str, ...]:
    """Return the sentences that ``text`` holds, split as those of the corpus are."""
    return tuple(text[start:end] for start, end in spans(text))


def telling_words(text: str) -> list[str]:
    """Return its words in lower case, without those that any conversation is full of."""
    return [word for word in _words(text) if word.replace("’", "'") not in _FILLER]


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are, in [0, 1]: the better of shared words and shared trigrams."""
    return _overlap(_features(first), _features(second))


def _whole(field: CoachedField, level: Level, message: str) -> list[FieldAdvice]:
    return [FieldAdvice(field, None, level, message)]


def _repeats(filled: Sequence[tuple[int, str]]) -> list[FieldAdvice]:
    features = [(index, _features(text)) for index, text in filled]
    advice: list[FieldAdvice] = []
    told: set[int] = set()
    for (first, left), (second, right) in combinations(features, 2):
        if second in told or first in told:
            continue
        if left[0] == right[0]:
            message = f"Example {second + 1} is the same as example {first + 1}. Remove one."
            advice.append(FieldAdvice("examples", second, "error", message, "same", first))
        elif _overlap(left, right) >= ALIKE:
            message = f"Example {second + 1} says the same as example {first + 1}. Different wording teaches more."
            advice.append(FieldAdvice("examples", second, "warning", message, "alike", first))
        else:
            continue
        told.add(second)
    return advice


def _as_a_set(texts: Sequence[str]) -> list[FieldAdvice]:
    if len(texts) > MAX_EXAMPLES:
        return _whole("examples", "error", f"{len(texts)} examples; at most {MAX_EXAMPLES} are used. Remove some.")
    if len(texts) < MIN_EXAMPLES:
        left = MIN_EXAMPLES - len(texts)
        return _whole("examples", "error", f"Add {plural(left, 'more example')}.")
    questions = sum(text.rstrip("\"'”’").endswith("?") for text in texts)
    if questions == len(texts):
        return _whole("examples", "tip", "All are questions. Would someone also state it? Add a statement.")
    starts = {tuple(_words(text)[:2]) for text in texts}
    if len(starts) <= len(texts) // 2:
        return _whole("examples", "tip", "Many start with the same words. Vary how they begin.")
    return []


def _words(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text).replace("İ", "i")  # its small letter would be two signs
    return _WORD.findall(composed.lower())


def _features(text: str) -> _Features:
    words = _words(text)
    plain = " ".join(words)
    padded = f" {plain} "
    return plain, frozenset(words), frozenset(padded[at : at + 3] for at in range(max(1, len(padded) - 2)))


def _overlap(left: _Features, right: _Features) -> float:
    return max(_dice(left[1], right[1]), _dice(left[2], right[2]))


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else 0.0
