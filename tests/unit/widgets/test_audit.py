"""An audit asked for beside the estimates opens in the carousel of the same tracker."""

from __future__ import annotations

import random

import workbench as wb
from tests.support.patience import wait_for
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import QualityPlots, TaggingCarousel

PRICEY, OTHER = ("that is too expensive", "the price is too high"), ("see you on monday", "my dog barks")


def calls():
    rng = random.Random(1)
    parties = [{"id": "c", "side": "customer", "name": "Cy"}]
    for number in range(60):
        said = [rng.choice(PRICEY if rng.random() < 0.2 else OTHER) for _ in range(12)]
        turns = [{"party": "c", "text": f"{text} {rng.randrange(10_000)}"} for text in said]
        yield {"id": f"c{number}", "parties": parties, "turns": turns, "scope": "external"}


def answer_round(carousel) -> None:
    for card in list(carousel.cards):
        carousel.on_tag(card["sentence_id"], "yes" if any(said in card["text"] for said in PRICEY) else "no")

    def trained():
        carousel.on_progress()
        return carousel.state["phase"] != "training"

    wait_for(trained, "the training")


def test_an_audit_shows_in_the_carousel(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(calls())
    ws.encode()
    tracker = ws.trackers.create("Price", examples=[f"{text} {n}" for n, text in enumerate(PRICEY * 3)][:5], seed=1)
    carousel, plots = TaggingCarousel(ws, tracker), QualityPlots(ws, tracker)
    carousel.on_open()
    answer_round(carousel)
    answer_round(carousel)
    plots.on_open()
    assert "wanted" in plots.state["rounds"][-1]
    plots.on_audit()
    assert carousel.state["phase"] == "idle"  # the page asks for the new cards
    carousel.on_open()
    assert {card["reason"] for card in carousel.cards} == {"audit"}
    assert carousel.state["round"] == 3
