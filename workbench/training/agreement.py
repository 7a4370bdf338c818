"""How a tracker's annotators agree on the same sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from workbench.domain.agreement import LEAST, Agreement, Coefficient, Disagreement, PairAgreement
from workbench.domain.tags import Answer
from workbench.engine.agreement import Bounds, alpha, kappa
from workbench.store.sessions import AskedSentence


def agreement_of(items: Sequence[AskedSentence]) -> Agreement:
    """Compute agreement over everything asked. Answers that settle a sentence, and anonymous ones, don't count."""
    said = {
        item.sentence_id: {one.by: one.answer for one in item.given if one.by and not one.settles} for item in items
    }
    shared = {sentence_id: given for sentence_id, given in said.items() if len(given) > 1}
    people = sorted({who for given in shared.values() for who in given})
    answers = list(shared.values())
    pairs = [found for pair in combinations(people, 2) if (found := _pair(pair, answers))]
    return Agreement(
        people=tuple(people),
        sentences=len(shared),
        agreed=sum(len(set(given.values())) == 1 for given in answers),
        alpha=_told(alpha([[*given.values()] for given in answers])) if len(shared) >= LEAST else None,
        pairs=tuple(pairs),
        disagreements=tuple(_disagreement(item, shared[item.sentence_id]) for item in items if _differs(item, shared)),
    )


def _pair(people: tuple[str, str], answers: Sequence[dict[str, Answer]]) -> PairAgreement | None:
    both = [(given[people[0]], given[people[1]]) for given in answers if {*people} <= {*given}]
    if not both:
        return None
    found = kappa([one for one, _ in both], [other for _, other in both]) if len(both) >= LEAST else None
    agreed = sum(one == other for one, other in both)
    return PairAgreement(people=people, sentences=len(both), agreed=agreed, kappa=_told(found))


def _differs(item: AskedSentence, shared: dict[str, dict[str, Answer]]) -> bool:
    return len(set(shared.get(item.sentence_id, {}).values())) > 1


def _disagreement(item: AskedSentence, given: dict[str, Answer]) -> Disagreement:
    assert item.tag is not None
    settled = any(one.settles for one in item.given)
    return Disagreement(sentence_id=item.sentence_id, answers=given, counts=item.tag.answer, settled=settled)


def _told(bounds: Bounds | None) -> Coefficient | None:
    return None if bounds is None else Coefficient(*bounds)
