"""The trainer's queue: matches that people report as wrong, outside of rounds until the trainer picks them (R8)."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.corpus.lake import Lake
from workbench.corpus.views import SentenceInContext
from workbench.domain.results import WrongHit
from workbench.domain.tags import Answer
from workbench.store.sessions import SessionRepository
from workbench.store.wrong_hits import WrongHitRepository

CONTEXT = 2  # sentences before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A sentence whose ``hits`` were reported as wrong, oldest first; ``answer`` is the trainer's before them."""

    sentence: SentenceInContext
    hits: tuple[WrongHit, ...]
    answer: Answer | None


def queue(lake: Lake, hits: WrongHitRepository, answers: SessionRepository) -> list[Queued]:
    """Return the sentences that the trainer has not judged since they were reported, the oldest hit first."""
    tags = {item.sentence_id: item.tag for item in answers.asked() if item.tag}
    groups: dict[str, list[WrongHit]] = {}
    for hit in hits.open():
        tag = tags.get(hit.sentence_id)
        if tag is None or tag.at < hit.at:
            groups.setdefault(hit.sentence_id, []).append(hit)
    found = lake.sentences(list(groups), CONTEXT)
    return [
        Queued(sentence=found[name], hits=tuple(group), answer=tags[name].answer if name in tags else None)
        for name, group in groups.items()
        if name in found
    ]
