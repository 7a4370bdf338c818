"""Redacts a conversation before anything in it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from workbench.corpus.redaction.cards import cards_in
from workbench.corpus.redaction.edits import Replacement, edited, in_order, moved
from workbench.corpus.redaction.emails import emails_in, spoken_emails_in
from workbench.corpus.redaction.ibans import spoken_iban, written_ibans
from workbench.corpus.redaction.installed_models import FindPeople, find_people, people_in
from workbench.corpus.redaction.introductions import introduced_in
from workbench.corpus.redaction.kinds import PARTICIPANTS
from workbench.corpus.redaction.libraries import check_libraries
from workbench.corpus.redaction.names import NameFinder, people_of
from workbench.corpus.redaction.numbers import Chain, NumberToken, chains
from workbench.corpus.redaction.participants import without_participants
from workbench.corpus.redaction.phones import countries_of, phones_in
from workbench.domain.conversations import Conversation, LabelSpan
from workbench.domain.language_tags import language_tag

FindParts = Callable[[str], Iterable[Replacement]]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted conversation, and how much of each kind was in it."""

    conversation: Conversation
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Text:
    """A text with its spans, as one finder after the other leaves it."""

    text: str
    spans: tuple[LabelSpan, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)

    def apply(self, edits: Sequence[Replacement]) -> bool:
        if not edits:
            return False
        self.spans = moved(self.spans, edits)
        self.text = edited(self.text, edits)
        self.counts.update(one.kind for one in edits)
        return True

    def apply_all(self, finders: Iterable[FindParts]) -> bool:
        """Apply all finders, one after the other; return whether anything was found."""
        found = [self.apply(in_order(find(self.text))) for find in finders]
        return any(found)


class Redactor:
    """Redacts conversations: titles and turns; participants only if they are among the ``kinds``.

    Args:
        kinds: as :func:`~workbench.corpus.redaction.kinds.redaction_kinds` returns them.
        find_names: finds people in texts of a language, in addition to the rules; by default an installed spaCy model.

    Raises:
        RedactionUnavailable: the libraries are not installed.
    """

    def __init__(
        self, kinds: Sequence[str], find_names: Callable[[str | None], FindPeople | None] = find_people
    ) -> None:
        check_libraries()
        self.kinds = tuple(kinds)
        self._find_names = find_names

    def redact(self, conversation: Conversation, introduced: set[str] | None = None) -> Redacted:
        """Return the conversation with placeholders; redacting it again changes nothing.

        ``introduced`` are names that people gave as their own before; those they give now are added.
        """
        texts = [_Text(turn.text, turn.spans) for turn in conversation.turns]
        title = _Text(conversation.title) if conversation.title else None
        everything = [*texts, *([title] if title else [])]
        self._redact_all(conversation, everything, set() if introduced is None else introduced)
        turns = tuple(
            replace(turn, text=one.text, spans=one.spans) if one.counts else turn
            for turn, one in zip(conversation.turns, texts, strict=True)
        )
        counts = sum((one.counts for one in everything), Counter[str]())
        out = replace(conversation, turns=turns, title=title.text if title else conversation.title)
        if PARTICIPANTS in self.kinds:
            out, hidden = without_participants(out)
            counts.update({PARTICIPANTS: hidden} if hidden else {})
        return Redacted(out, dict(counts))

    def _redact_all(self, conversation: Conversation, texts: Sequence[_Text], introduced: set[str]) -> None:
        """Redact until nothing more is found: changed texts are searched again, and this ends as they get shorter."""
        finders = list(self._finders(conversation))
        people = {*people_of(conversation)} if "name" in self.kinds else set()
        own = frozenset(people)
        people |= introduced
        model = self._find_names(language_tag(conversation.language)) if "name" in self.kinds else None
        waiting = list(texts)
        while waiting:
            changed = [one for one in waiting if one.apply_all(finders)]
            if "name" in self.kinds:
                changed += self._take_names(waiting, texts, people, model)
            waiting = list({id(one): one for one in changed}.values())
        introduced |= people - own
        _chains.cache_clear()

    def _finders(self, conversation: Conversation) -> Iterator[FindParts]:
        """Yield the finders for addresses and numbers in order."""
        if "email" in self.kinds:
            yield emails_in
            yield spoken_emails_in
        if "iban" in self.kinds:
            yield written_ibans
            yield _spoken_ibans
        if "card" in self.kinds:
            yield _cards
        if "phone" in self.kinds:
            countries = countries_of(language_tag(conversation.language))
            yield lambda text: _phones(text, countries)

    @staticmethod
    def _take_names(
        waiting: Sequence[_Text], texts: Sequence[_Text], people: set[str], model: FindPeople | None
    ) -> list[_Text]:
        """Redact names in the waiting texts, or in all if someone introduces themselves; return what was changed."""
        changed, before = [], len(people)
        for one in waiting:
            found = list(introduced_in(one.text))
            people.update(one.text[each.edit.start : each.edit.end] for each in found if each.is_sure)
            if one.apply(in_order(each.edit for each in found)):
                changed.append(one)
        finder = NameFinder(sorted(people))
        by_model: list[FindParts] = [] if model is None else [lambda text: people_in(text, model)]
        looked_at = texts if len(people) > before else waiting
        return changed + [one for one in looked_at if one.apply_all([finder.find, *by_model])]


@lru_cache(maxsize=1)  # three finders search each text
def _chains(text: str) -> tuple[Chain, ...]:
    return tuple(chains(text))


def _spoken_ibans(text: str) -> Iterator[Replacement]:
    for chain in _chains(text):
        if found := spoken_iban(text, chain.tokens):
            yield Replacement(found[0], chain.tokens[found[1] - 1].end, "iban")


def _cards(text: str) -> Iterator[Replacement]:
    return _edits((chain.tokens, cards_in(chain.tokens), "card") for chain in _chains(text))


def _phones(text: str, countries: tuple[str, ...]) -> Iterator[Replacement]:
    def found(chain: Chain) -> Iterable[tuple[int, int]]:
        return phones_in(chain.tokens, chain.cue, countries)

    return _edits((chain.tokens, found(chain), "phone") for chain in _chains(text))


def _edits(
    found: Iterable[tuple[Sequence[NumberToken], Iterable[tuple[int, int]], str]],
) -> Iterator[Replacement]:
    for tokens, places, kind in found:
        for first, past in places:
            yield Replacement(tokens[first].start, tokens[past - 1].end, kind)
