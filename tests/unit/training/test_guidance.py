"""What a session advises, from rounds made up for it."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.small import EXAMPLES, answer, conversations
from workbench.domain.advice import AdviceKind
from workbench.domain.estimates import CorpusEstimate, Estimate, HeldOutEstimate
from workbench.domain.rounds import ROUND_SIZE, Round, fell
from workbench.engine.encoders import HashingEncoder


def made(number: int, precision: float | None, hit_rate: float | None) -> Round:
    held = HeldOutEstimate(
        precision=precision, hit_rate=hit_rate, precision_spread=0.1, hit_rate_spread=0.1, repeats=10, tags=25, yes=9
    )
    corpus = CorpusEstimate(precision=None, hit_rate=None, prevalence=None, drawn=0)
    estimate = Estimate(round=number, heldout=held, corpus=corpus, threshold=0.0)
    return Round(number=number, asked=25, yes=9, no=16, not_sure=0, complete=True, estimate=estimate)


def test_rounds_whose_numbers_fell_are_named():
    assert fell([made(1, 0.5, 0.5), made(2, 0.6, 0.4), made(3, 0.7, 0.5), made(4, None, 0.2)]) == (2, 4)
    assert fell([made(1, None, None)]) == fell([]) == ()


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    workspace = wb.open(tmp_path_factory.mktemp("guided") / "w", encoder=HashingEncoder())
    workspace.ingest(conversations(160))
    workspace.encode()
    return workspace


def session_of(ws, name: str, rounds: int, say):
    session = ws.trackers.create(name, examples=EXAMPLES, seed=1).train()
    for _ in range(rounds):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, say(candidate.text))
        session.complete_round()
    return session


def kinds(session) -> list[AdviceKind]:
    return [one.kind for one in session.advice()]


def test_there_is_nothing_to_say_before_a_round(ws):
    assert session_of(ws, "Begun", 0, answer).advice() == ()


def test_hardly_anything_fits(ws):
    never = session_of(ws, "Never", 2, lambda _: "no")
    assert kinds(never)[0] is AdviceKind.RARE
    assert "Only 0 of 50" in never.advice()[0].message


def test_a_round_without_yes_is_told_and_what_to_do(ws):
    """Only of the newest round, and not of sentences that a person picked."""
    told = []

    def away(text: str) -> str:
        told.append(text)
        return answer(text) if len(told) <= 2 * ROUND_SIZE else "no"

    session = session_of(ws, "Away", 3, away)
    first = session.advice()[0]
    assert first.kind is AdviceKind.RARE
    assert first.message.startswith("None of the 25 answers of round 3 is YES")
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, answer(candidate.text))
    session.complete_round()
    assert AdviceKind.RARE not in kinds(session)


def test_a_slip_is_pointed_at(ws):
    slips = []

    def slip(text: str) -> str:
        said = answer(text)
        if said == "no" and len(slips) < 1 and "weather" in text:
            slips.append(text)
            return "yes"
        return said

    session = session_of(ws, "Slipped", 3, slip)
    told = next(one for one in session.advice() if one.kind is AdviceKind.DOUBTFUL)
    shown = ws.lake.sentences(list(told.groups[0]), 0)
    assert [sentence.text for sentence in shown.values()] == slips


def test_a_clear_concept_gets_no_warning(ws):
    clear = set(kinds(session_of(ws, "Clear", 5, answer)))
    assert not clear & {AdviceKind.RARE, AdviceKind.SPLIT, AdviceKind.DOUBTFUL, AdviceKind.FLAT}
