"""Keyword trackers (K1): words and phrases, in any inflection or exactly as written, with exclusions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args

from workbench.domain.errors import InvalidTracker
from workbench.domain.rules import MAX_WORDS
from workbench.domain.words import Folded, Phrase, spans_in
from workbench.trackers.phrases import checked_phrases
from workbench.trackers.words import forms_of, language_of, phrase_in, said_in

Match = Literal["inflected", "exact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordSettings:
    """What is looked for.

    Attributes:
        words: words and phrases; a sentence that says one of them is found.
        exclude: where one of these overlaps with what was found, that does not count; one that shares no word with
            any of ``words`` takes the whole sentence away.
        match: ``inflected`` finds "prices" and "priced" for "price", ``exact`` does not. Case never counts; signs at
            a word's edge count where they are given, as in C++: see :mod:`workbench.domain.words`.
    """

    words: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    match: Match = "inflected"

    @classmethod
    def checked(cls, settings: dict[str, Any]) -> KeywordSettings:
        """Return checked settings; raises ``InvalidTracker``, which names the field."""
        unknown = set(settings) - set(cls.__dataclass_fields__)
        if unknown:
            raise InvalidTracker(f"{', '.join(sorted(unknown))}: a keyword tracker takes words, exclude and match")
        match = settings.get("match", "inflected")
        if match not in get_args(Match):
            raise InvalidTracker(f"match: must be one of {', '.join(get_args(Match))}, not {match!r}")
        return cls(
            words=checked_phrases("words", settings.get("words", ()), 1, MAX_WORDS),
            exclude=checked_phrases("exclude", settings.get("exclude", ()), 0, MAX_WORDS),
            match=match,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; :meth:`checked` reads it."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


class Occurrence(NamedTuple):
    """``text[start:end]`` says ``phrase``, one of the tracker's words."""

    start: int
    end: int
    phrase: str


class KeywordMatcher:
    """Finds what a keyword tracker looks for in one sentence at a time."""

    def __init__(self, settings: KeywordSettings):
        self.settings = settings
        self._exact = settings.match == "exact"
        self._in_language = lru_cache(maxsize=None)(self._prepared)

    def __reduce__(self) -> tuple[Any, ...]:
        return KeywordMatcher, (self.settings,)  # what it has prepared is prepared again where it arrives

    def occurrences(self, text: str, language: str | None = None) -> list[Occurrence]:
        """Return where the sentence says one of the words, none of them excluded; in order.

        Args:
            text: a sentence.
            language: a BCP 47 code, by which words are inflected; English where it is unknown.
        """
        known = language_of(language)
        wanted, partly, wholly = self._in_language(known)
        if wanted.keys().isdisjoint(forms_of(text, known, self._exact)):  # nearly always, so this is quick
            return []
        said = said_in(text, known, self._exact)
        found = list(_find(said, wanted))
        if not found or (wholly and any(True for _ in _find(said, wholly))):
            return []
        taken = [(one.start, one.end) for one in _find(said, partly)] if partly else []
        kept = [one for one in found if not any(one.start < end and start < one.end for start, end in taken)]
        spans = spans_in(text, [(one.start, one.end) for one in kept])
        return [Occurrence(*span, one.phrase) for span, one in zip(spans, kept, strict=True)]

    def _prepared(self, language: str) -> tuple[_Index, _Index, _Index]:
        """Return the words, the exclusions that share a word with them, and the others, by their first word."""
        wanted = _index(self.settings.words, language, self._exact)
        known = {form for phrases in wanted.values() for one, _ in phrases for form in one.forms}
        partly: list[str] = []
        wholly: list[str] = []
        for phrase in self.settings.exclude:
            forms = set(phrase_in(phrase, language, self._exact).forms)
            (partly if forms & known else wholly).append(phrase)
        return wanted, _index(partly, language, self._exact), _index(wholly, language, self._exact)


_Index = dict[str, list[tuple[Phrase, str]]]


def _index(phrases: Sequence[str], language: str, exact: bool) -> _Index:
    out: _Index = {}
    for typed in phrases:
        phrase = phrase_in(typed, language, exact)
        if phrase.forms:
            out.setdefault(phrase.forms[0], []).append((phrase, typed))
    return out


def _find(said: Folded, wanted: _Index) -> Iterator[Occurrence]:
    """Places are those in the folded text."""
    words = said.words
    for at, word in enumerate(words):
        for phrase, typed in wanted.get(word.form, ()):
            end = at + len(phrase.forms)
            same = len(phrase.forms) == 1 or tuple(one.form for one in words[at:end]) == phrase.forms
            if same and phrase.at(said, at):
                yield Occurrence(word.start, words[end - 1].end, typed)
