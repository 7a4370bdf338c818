"""What has been said in a live call so far: turns in the order in which they began, and their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.corpus.languages import detected
from workbench.corpus.sentences import SplitUnit, sentences_in
from workbench.domain.conversations import Conversation, Party, Turn
from workbench.domain.live import LiveTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sentence as heard so far, with everything that a tracker's verdict depends on.

    ``before`` is the last sentence of the turn before, empty if there is none. ``id``, ``turn``, ``start``, ``end``
    and ``start_s`` are those that the corpus will give it if nothing is corrected.
    """

    id: str
    turn: int
    start: int
    end: int
    text: str
    before: str
    speaker: str | None
    side: str | None
    start_s: float | None
    language: str | None
    final: bool

    def same_to_trackers(self, other: Heard | None) -> bool:
        """Return whether both are judged alike."""
        return other is not None and self._judged_by == other._judged_by  # noqa: SLF001, of its own class

    @property
    def _judged_by(self) -> tuple[object, ...]:
        return (self.text, self.before, self.side, self.start_s, self.language)


class Transcript:
    """The turns so far. A turn's index is that of its first arrival, and stays the same when it is corrected.

    ``language`` is that by which it is read: the call's own, or what its words tell by now.
    """

    def __init__(self, about: Conversation, unit: SplitUnit = "sentence"):
        self.about = about
        self.language = about.language
        self._unit = unit
        self._turns: list[LiveTurn] = []
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._turns)

    def put(self, turn: LiveTurn) -> int:
        """Add a turn or correct the one with its id; return its place, counted from 0."""
        place = self._places.setdefault(turn.id, len(self._turns))
        self._turns[place : place + 1] = [turn]
        return place

    def has(self, turn_id: str) -> bool:
        """Return whether there is a turn with this id."""
        return turn_id in self._places

    def add_party(self, party: Party) -> None:
        """Add or update a party."""
        others = [one for one in self.about.parties if one.id != party.id]
        self.about = replace(self.about, parties=(*others, party))

    def tell_language(self) -> bool:
        """Detect the language from the words so far if the call does not say it; return whether it changed."""
        if self.about.language:
            return False
        found = detected(" ".join(turn.text for turn in self._turns))
        changed, self.language = found != self.language, found
        return changed

    def conversation(self) -> Conversation:
        """Return the call as it would be imported now."""
        turns = tuple(Turn(text=one.text, party=one.party, start_s=one.start_s, end_s=one.end_s) for one in self._turns)
        return replace(self.about, turns=turns)

    def touched_by(self, place: int) -> list[Heard]:
        """Return the sentences of a turn, and of the next one that has any, since they are heard after it."""
        said = self._of(place, self._before(place))
        before = said[-1].text if said else self._before(place)
        for following in range(place + 1, len(self._turns)):
            if after := self._of(following, before):
                return said + after
        return said

    def all(self) -> list[Heard]:
        """Return every sentence so far."""
        out: list[Heard] = []
        for place in range(len(self._turns)):
            out += self._of(place, out[-1].text if out else "")
        return out

    def _before(self, place: int) -> str:
        for earlier in range(place - 1, -1, -1):
            if said := self._of(earlier, ""):
                return said[-1].text
        return ""

    def _of(self, place: int, before: str) -> list[Heard]:
        turn, party = self._turns[place], self._party(self._turns[place].party)
        plain = Turn(text=turn.text, party=turn.party, start_s=turn.start_s, end_s=turn.end_s)
        return [
            Heard(
                id=one.id,
                turn=place,
                start=one.start,
                end=one.end,
                text=one.text,
                before=before,
                speaker=(party and party.name) or turn.party,
                side=party.side if party else None,
                start_s=one.start_s,
                language=self.language,
                final=turn.final,
            )
            for one in sentences_in(plain, self.about.id, place, self.language, self._unit)
        ]

    def _party(self, party_id: str | None) -> Party | None:
        return next((one for one in self.about.parties if one.id == party_id), None)


def texts_of(heard: Iterable[Heard]) -> Iterator[str]:
    """Yield all texts that a verdict on these sentences depends on."""
    for one in heard:
        yield one.text
        if one.before:
            yield one.before
