"""Keyword trackers (K1): words and phrases, in any inflection or exactly as written, with exclusions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args

from workbench.domain.errors import InvalidTracker
from workbench.domain.rules import MAX_WORDS
from workbench.domain.words import spans_in
from workbench.trackers.phrases import checked_phrases
from workbench.trackers.sought import FORMS, STEMS, Index, WordComparison
from workbench.trackers.words import language_of

Match = Literal["inflected", "exact"]
_TAKES = "words, exclude, match and rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordSettings:
    """What is looked for.

    Attributes:
        words: words and phrases; a sentence that says one of them is found.
        exclude: where one of these overlaps with what was found, that does not count; one that shares no word with
            any of ``words`` takes the whole sentence away.
        match: ``inflected`` finds "prices" and "priced" for "price", ``exact`` does not. Case never counts; signs at
            a word's edge count where they are given, as in C++: see :mod:`workbench.domain.words`.
        rules: 2 finds irregular forms ("paid" for "pay"; English, Spanish, German), phrases across "uh" and the like,
            ``refund OR money back`` as either, and any letters or any one word for ``*``. With 1, the rules of earlier
            versions, words are the same by their stem alone. New trackers have 2; an older one takes it when its
            words or exclusions are changed, and what was published keeps finding by its own.
    """

    words: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    match: Match = "inflected"
    rules: int = STEMS

    @classmethod
    def checked(cls, settings: dict[str, Any]) -> KeywordSettings:
        """Return checked settings; raises ``InvalidTracker``, which names the field."""
        unknown = set(settings) - set(cls.__dataclass_fields__)
        if unknown:
            raise InvalidTracker(f"{', '.join(sorted(unknown))}: a keyword tracker takes {_TAKES}")
        match = settings.get("match", "inflected")
        if match not in get_args(Match):
            raise InvalidTracker(f"match: must be one of {', '.join(get_args(Match))}, not {match!r}")
        rules = checked_rules(settings.get("rules", STEMS))
        return cls(
            words=checked_phrases("words", settings.get("words", ()), 1, MAX_WORDS, has_stars=rules != STEMS),
            exclude=checked_phrases("exclude", settings.get("exclude", ()), 0, MAX_WORDS, has_stars=rules != STEMS),
            match=match,
            rules=rules,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; :meth:`checked` reads it."""
        plain = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}
        return {name: value for name, value in plain.items() if name != "rules" or value != STEMS}


def checked_rules(rules: Any) -> int:
    """Return the rules; raises ``InvalidTracker`` if they are unknown."""
    if isinstance(rules, bool) or rules not in (STEMS, FORMS):
        raise InvalidTracker(f"rules: must be {STEMS} or {FORMS}, not {rules!r}; leave it out for {FORMS}")
    return int(rules)


class Occurrence(NamedTuple):
    """``text[start:end]`` says ``phrase``, one of the tracker's words."""

    start: int
    end: int
    phrase: str


class KeywordMatcher:
    """Finds what a keyword tracker looks for in one sentence at a time."""

    def __init__(self, settings: KeywordSettings):
        self.settings = settings
        self._in_language = lru_cache(maxsize=None)(self._prepared)

    def __reduce__(self) -> tuple[Any, ...]:
        return KeywordMatcher, (self.settings,)  # what it has prepared is prepared again where it arrives

    def comparison(self, language: str | None) -> WordComparison:
        """Return how it compares words in calls of a language."""
        return WordComparison(self.settings.rules, self.settings.match == "exact", language_of(language))

    def keys(self, language: str | None) -> Collection[str] | None:
        """Return the keys of words that what it finds begins with; None if any word may begin it."""
        wanted = self._in_language(language_of(language)).wanted
        return None if wanted.open else wanted.by_key.keys()

    def occurrences(self, text: str, language: str | None = None) -> list[Occurrence]:
        """Return where the sentence says one of the words, none of them excluded; in order.

        Args:
            text: a sentence.
            language: a BCP 47 code, by which words are inflected; English where it is unknown.
        """
        comparison, wanted, partly, wholly = self._in_language(language_of(language))
        if not wanted.may_be_in(comparison.keys_in(text)):  # nearly always, so this is quick
            return []
        said = comparison.said(text)
        found = list(wanted.found(said))
        if not found or (wholly.sought and any(True for _ in wholly.found(said))):
            return []
        taken = [(start, end) for start, end, _ in partly.found(said)] if partly.sought else []
        kept = [one for one in found if not any(one[0] < end and start < one[1] for start, end in taken)]
        spans = spans_in(text, [(start, end) for start, end, _ in kept])
        return [Occurrence(*span, one[2]) for span, one in zip(spans, kept, strict=True)]

    def _prepared(self, language: str) -> _Prepared:
        """Return the words, the exclusions that share a word with them, and the others."""
        comparison = self.comparison(language)
        wanted = [one for typed in self.settings.words for one in comparison.sought(typed)]
        excluded = [one for typed in self.settings.exclude for one in comparison.sought(typed)]
        partly = [one for one in excluded if any(one.shares(other) for other in wanted)]
        wholly = [one for one in excluded if one not in partly]
        return _Prepared(comparison, Index(wanted), Index(partly), Index(wholly))


class _Prepared(NamedTuple):
    comparison: WordComparison
    wanted: Index
    partly: Index
    wholly: Index
