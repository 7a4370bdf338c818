"""What is weak about the words of a keyword tracker, or the vocabulary of one of phrases. Pure functions over text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from workbench.domain.errors import InvalidTracker
from workbench.domain.plurals import plural
from workbench.domain.words import Phrase
from workbench.trackers.coaching import ALIKE, FieldAdvice, likeness, telling_words
from workbench.trackers.keyword import KeywordSettings
from workbench.trackers.phrase import PhraseSettings
from workbench.trackers.sought import FORMS
from workbench.trackers.words import count_words, phrase_in, words_in

LONG_PHRASE_WORDS = 6
TOO_COMMON = 0.5  # of the conversations
MOST_FROM_EXAMPLES = 8


def coach_words(settings: Mapping[str, Any]) -> list[FieldAdvice]:
    """Advice on a keyword tracker's words and exclusions, one at a time; an index counts words from 0."""
    words, exact = settings["words"], settings["match"] == "exact"
    if not any(one.strip() for one in words):
        return [FieldAdvice("words", None, "error", "Add at least one word or phrase.")]
    try:
        KeywordSettings.checked({name: settings[name] for name in ("words", "exclude", "match")} | {"rules": FORMS})
    except InvalidTracker as error:
        return [_refused(error)]
    out = [found for at, word in enumerate(words) if (found := _coach_word(word, at))]
    phrases = [phrase_in(one, "en", exact) for one in words]
    told: set[int] = set()
    for (first, left), (second, right) in combinations(enumerate(phrases), 2):
        if second not in told and (left == right or _finds(left, right)):
            message = f"“{words[second]}” is found by “{words[first]}” already."
            out.append(FieldAdvice("words", second, "tip", message, "same", first))
            told.add(second)
    excluded = {phrase_in(one, "en", exact) for one in settings["exclude"]}
    for at, phrase in enumerate(phrases):
        if phrase in excluded:
            out.append(FieldAdvice("words", at, "warning", f"“{words[at]}” is also excluded, so it is never found."))
    return out


def coach_vocabulary(settings: Mapping[str, Any]) -> list[FieldAdvice]:
    """Advice on a phrase tracker's vocabulary."""
    vocabulary = settings["vocabulary"]
    if not any(one.strip() for one in vocabulary):
        return [FieldAdvice("vocabulary", None, "error", "Add at least one phrase or sentence.")]
    try:
        PhraseSettings.checked({name: settings[name] for name in ("vocabulary", "closeness")})
    except InvalidTracker as error:
        return [_refused(error)]
    out = [
        FieldAdvice("vocabulary", at, "warning", f"“{one}” fits any topic. Add what it is about.")
        for at, one in enumerate(vocabulary)
        if not telling_words(one)
    ]
    told: set[int] = set()
    for first, second in combinations(range(len(vocabulary)), 2):
        if second not in told and likeness(vocabulary[first], vocabulary[second]) >= ALIKE:
            message = f"“{vocabulary[second]}” says the same as “{vocabulary[first]}”. Different wording finds more."
            out.append(FieldAdvice("vocabulary", second, "tip", message, "alike", first))
            told.add(second)
    return out


def coach_finds(word: str, index: int, sentences: int, calls: int, of_calls: int) -> FieldAdvice | None:
    """Return what the corpus says of a word."""
    if not of_calls:
        return None
    if not sentences:
        return FieldAdvice("words", index, "tip", f"“{word}” was never said in {plural(of_calls, 'call')} looked at.")
    if calls > TOO_COMMON * of_calls:
        share = round(100 * calls / of_calls)
        return FieldAdvice("words", index, "warning", f"“{word}” is said in {share}% of calls, too often to be useful.")
    return None


def words_of_examples(examples: Sequence[str]) -> list[str]:
    """Telling words that several examples share; where none is shared, the longest."""
    by_stem: dict[str, list[str]] = {}
    for text in examples:
        mine = {words_in(word, "en")[0].form: word for word in telling_words(text) if words_in(word, "en")}
        for stem, word in mine.items():
            by_stem.setdefault(stem, []).append(word)
    shared = [said for said in by_stem.values() if len(said) > 1]
    chosen = shared or sorted(by_stem.values(), key=lambda said: -len(said[0]))
    ranked = sorted(chosen, key=len, reverse=True)[:MOST_FROM_EXAMPLES]
    return [min(said, key=len) for said in ranked]


def _coach_word(word: str, at: int) -> FieldAdvice | None:
    count = count_words(word)
    if not telling_words(word):
        return FieldAdvice("words", at, "warning", f"“{word}” is said in nearly every call. Add a more specific word.")
    if count >= LONG_PHRASE_WORDS:
        message = (
            f"“{word}” is {count} words in a row, rarely said exactly like that. A phrase tracker finds "
            "the same meaning."
        )
        return FieldAdvice("words", at, "tip", message)
    return None


def _finds(one: Phrase, other: Phrase) -> bool:
    """Return whether the other says all words of a phrase in a row, which asks for no signs."""
    inner, outer = one.forms, other.forms
    return not one.signs and any(outer[at : at + len(inner)] == inner for at in range(len(outer) - len(inner) + 1))


def _refused(error: InvalidTracker) -> FieldAdvice:
    name, _, message = str(error).partition(": ")
    fields: dict[str, Any] = {one: one for one in ("words", "exclude", "vocabulary")}
    return FieldAdvice(fields.get(name, "words"), None, "error", f"{message[:1].upper()}{message[1:]}.")
