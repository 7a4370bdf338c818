"""Recommends what to do next in training (E10), from the tracker's rounds, tags and estimates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from workbench.domain.advice import Advice, AdviceKind
from workbench.domain.agreement import Agreement
from workbench.domain.estimates import Estimate
from workbench.domain.rounds import BASIC_ROUNDS, ROUND_SIZE, Round, fell, trained
from workbench.engine.advice import Halves, gain, halves
from workbench.engine.training import Fitted, Trainer
from workbench.training.scope import Places

LITTLE = 0.01  # of F1
GOOD = 0.8  # F1 from which "it changes little" is not bad news
HARDLY = 3  # YES after two rounds
SHOWN = 3  # sentences of a group
DIFFERENT = 10  # sentences to settle that are shown at once


def one_sided(rounds: Sequence[Round]) -> Iterator[Advice]:
    """Yield what is missing if all answers are alike, or the newest round adds nothing.

    Args:
        rounds: the completed ones, from the first.
    """
    yes, no, count = (sum(getattr(one, name) for one in rounds) for name in ("yes", "no", "answered"))
    last = rounds[-1] if rounds else None
    if count and not yes and not no:
        message = (
            f"All {count} answers are NOT SURE, so there is nothing to learn from yet. Put into the description what "
            "counts and what doesn't, read more of the call before you answer, or choose wider filters."
        )
    elif count and not no:
        message = (
            f"None of the {count} answers is NO, so it can't tell where the concept ends. Answer NO where a sentence "
            "only resembles it; if everything you are shown fits, choose wider filters."
        )
    elif count and not yes and len(rounds) < 2:
        message = (
            f"None of the {count} answers is YES, and your examples don't count as answers: until a sentence from your "
            "calls fits, it can't be published. Tag another round, or give examples closer to what people say."
        )
    elif last is not None and last.answered and last.not_sure == last.answered:
        message = (
            f"All {last.answered} answers of round {last.number} are NOT SURE, so it taught nothing. Put into the "
            "description what counts and what doesn't."
        )
    else:
        return
    yield Advice(kind=AdviceKind.ONE_SIDED, message=message)


def guide(
    trainer: Trainer, places: Places, fitted: Fitted, rounds: Sequence[Round], doubtful: Sequence[str]
) -> tuple[Advice, ...]:
    """Return all advice after the last completed round, the most important first.

    Args:
        trainer: the tracker's.
        places: where the tags' sentences are.
        fitted: after the last round.
        rounds: the completed ones, from the first.
        doubtful: ids of answers that look wrong.
    """
    return (
        tuple(_rare(rounds))
        + tuple(_answers(doubtful))
        + tuple(_concept(trainer, places, fitted, rounds))
        + tuple(_numbers(rounds))
    )


def people(found: Agreement) -> Iterator[Advice]:
    """Yield how far annotators agree, and what to settle; nothing if no sentence has two answers."""
    if not found.pairs:
        return
    open_ones = [one for one in found.disagreements if not one.settled]
    settle = " Where they differ, the majority counts, else NOT SURE. Decide:" if open_ones else ""
    yield Advice(
        kind=AdviceKind.PEOPLE,
        message=" ".join(str(found).splitlines()) + settle,
        groups=(tuple(one.sentence_id for one in open_ones[:DIFFERENT]),) if open_ones else (),
        notes={one.sentence_id: str(one) for one in open_ones},
    )


def _rare(rounds: Sequence[Round]) -> Iterator[Advice]:
    yes = sum(one.yes for one in rounds)
    if len(rounds) >= 2 and yes < HARDLY:
        yield Advice(
            kind=AdviceKind.RARE,
            message=f"Only {yes} of {sum(one.answered for one in rounds)} sentences fit so far. Add examples in other "
            "words, or wider filters; where the concept is this rare, a keyword tracker may serve better."
            + ("" if yes else " Until a sentence from your calls fits, it can't be published."),
        )
    elif len(rounds) >= 2 and _stayed_away(rounds[-1]):
        yield Advice(
            kind=AdviceKind.RARE,
            message=f"None of the {rounds[-1].answered} answers of round {rounds[-1].number} is YES, although it asked "
            "about likely sentences, too. If people say it in other ways as well, add an example of each; if not, "
            "little is left to find.",
        )


def _stayed_away(last: Round) -> bool:
    """Return whether a round of training brought no YES, apart from sentences that a person picked."""
    return not (last.review or last.picked or last.yes) and last.answered >= ROUND_SIZE // 2


def _answers(doubtful: Sequence[str]) -> Iterator[Advice]:
    if doubtful:
        many = len(doubtful) > 1
        yield Advice(
            kind=AdviceKind.DOUBTFUL,
            message=f"{len(doubtful)} {'answers look' if many else 'answer looks'} like a mistake: all the others "
            f"contradict {'them' if many else 'it'}. Check it again.",
            groups=(tuple(doubtful),),
        )


def _concept(trainer: Trainer, places: Places, fitted: Fitted, rounds: Sequence[Round]) -> Iterator[Advice]:
    """Yield whether it is one concept, and whether another round would help."""
    if fitted.unseen is None or trained(rounds) < BASIC_ROUNDS:
        return
    found = _halves(trainer, fitted)
    if found is not None:
        good, poor = ([fitted.tags_of_yes[at] for at in half[:SHOWN]] for half in found.typical)
        yield Advice(
            kind=AdviceKind.SPLIT,
            message=f"The matches fall into two groups: it finds {found.found[0]:.0%} of one and "
            f"{found.found[1]:.0%} of the other. Make the second a tracker of its own, or add examples of it.",
            groups=tuple(tuple(places.id_of(tag) for tag in half) for half in (good, poor)),
        )
    ahead = gain(
        fitted.data.gram(trainer.recipe),
        fitted.data.labels,
        trainer.given,
        trainer.recipe,
        trainer.seed,
        ROUND_SIZE,
        fitted.data.call,
    )
    if ahead is None:
        return
    if ahead >= LITTLE:
        yield Advice(
            kind=AdviceKind.MORE,
            message=f"Another round should help: about {100 * ahead:.0f} "
            f"{'point' if round(100 * ahead) == 1 else 'points'} of F1 on average, though single rounds vary.",
        )
    elif trained(rounds) > BASIC_ROUNDS and _f1(rounds[-1].estimate) < GOOD:
        yield Advice(
            kind=AdviceKind.FLAT,
            message="More rounds of the same would change little. Add examples that say it in other words, or split "
            "the concept into two trackers.",
        )


def _numbers(rounds: Sequence[Round]) -> Iterator[Advice]:
    last = rounds[-1].estimate if rounds else None
    if last is not None and last.corpus.wanted:
        yield Advice(
            kind=AdviceKind.AUDIT,
            message=f"About {last.corpus.wanted} sentences drawn at random would estimate precision and hit rate in "
            "your calls to within 10 points. An audit round draws 25.",
        )
    if rounds and rounds[-1].number in fell(rounds):
        yield Advice(
            kind=AdviceKind.FELL,
            message="A number went down. Each round brings new, often harder sentences, and the test changes with "
            "them, so two rounds are not measured on the same ones. Look at the trend over several rounds.",
        )


def _halves(trainer: Trainer, fitted: Fitted) -> Halves | None:
    assert fitted.unseen is not None
    given = trainer.given
    yes = np.flatnonzero(fitted.data.labels == 1)
    yes = yes[yes >= given]
    return halves(fitted.data.sentence[yes], fitted.unseen[yes] >= fitted.boundary, trainer.seed)


def _f1(estimate: Estimate | None) -> float:
    held = estimate.heldout if estimate else None
    if held is None or not held.precision or not held.hit_rate:
        return 0.0
    return 2 * held.precision * held.hit_rate / (held.precision + held.hit_rate)
