"""One conversation while it is being made: sentences first, then turns with times, labels, spans."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from .bank import Bank
from .grammar import Slot, expand
from .speech import disfluent, recognised

LISTENS = 0.16  # chance that the other side says "mm-hm" between two sentences of a long turn


@dataclass(frozen=True)
class Sentence:
    """Where one sentence stands, which skeleton made it and what is true of it."""

    conversation: str
    turn: int
    start: int
    end: int
    text: str
    template: str
    labels: tuple[str, ...]


@dataclass
class _Turn:
    party: str
    parts: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)


class Talk:
    """Collects turns. `voices` maps a role ("rep", "cust") to the party ids that may speak for it."""

    def __init__(
        self,
        bank: Bank,
        rng: random.Random,
        slots: Mapping[str, Slot],
        voices: Mapping[str, list[str]],
        *,
        language: str = "en",
        spoken: float = 0.3,
        raw: bool = False,
    ) -> None:
        self.bank, self.rng, self.slots, self.voices = bank, rng, slots, voices
        self.language, self.spoken, self.raw = language, spoken, raw
        self.turns: list[_Turn] = []
        self.used: set[str] = set()
        self.asks = True  # whether the company's person leads up to concepts with questions
        self.current = {role: parties[0] for role, parties in voices.items()}

    def pool(self, name: str) -> str:
        """The name of a pool in this talk's language."""
        return name if self.language == "en" else f"{self.language}.{name}"

    def say(self, role: str, *pools: str) -> None:
        """Let a role say one sentence from each pool; a turn goes on if the same party spoke last."""
        party = self.current[role]
        for i, name in enumerate(pools):
            if i and self.rng.random() < LISTENS and self.spoken:
                self._listen(role)
            self._add(party, name)

    def _listen(self, role: str) -> None:
        others = [self.current[r] for r in self.voices if r != role]
        if others:
            self._add(self.rng.choice(others), "bc")

    def _add(self, party: str, name: str) -> None:
        template = self.bank.choose(self.pool(name), self.rng, self.used)
        self.used.add(template.id)
        text = expand(template.text, self.rng, self.slots)
        if self.spoken:
            text = disfluent(text, self.rng, self.spoken, self.language)
        if self.raw:
            text = recognised(text, self.language)
        if not self.turns or self.turns[-1].party != party:
            self.turns.append(_Turn(party))
        self.turns[-1].parts.append((text, template.id, template.labels))

    def change_voice(self, role: str, chance: float) -> None:
        """Perhaps let another party speak for a role from now on."""
        if self.rng.random() < chance:
            self.current[role] = self.rng.choice(self.voices[role])

    def finish(self, conversation: str, *, timed: bool = True) -> tuple[list[dict], list[Sentence]]:
        """The turns as the format wants them, and the sentences with where they came from."""
        turns, sentences, clock = [], [], self.rng.uniform(0.2, 1.5)
        for number, turn in enumerate(self.turns):
            text, spans = "", []
            for part, template, labels in turn.parts:
                start = len(text) + bool(text)
                text = f"{text} {part}" if text else part
                spans += [{"label": label, "start": start, "end": len(text)} for label in labels]
                sentences.append(Sentence(conversation, number, start, len(text), part, template, labels))
            made: dict = {"party": turn.party}
            if timed:
                seconds = len(text.split()) / self.rng.uniform(2.2, 2.9) + 0.2
                made |= {"start_s": round(clock, 2), "end_s": round(clock + seconds, 2)}
                clock += seconds + self.rng.uniform(0.1, 1.1)
            made["text"] = text
            if spans:
                made |= {"labels": sorted({s["label"] for s in spans}), "spans": spans}
            turns.append(made)
        return turns, sentences
