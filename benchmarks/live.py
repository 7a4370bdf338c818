"""Live calls with 200 trackers in use: the time from a turn's arrival until all of them have judged its sentences.

The trackers: 80 of keywords (ten words each), 60 of phrases (ten entries), 40 of examples (the sample corpus's
concepts, trained for four rounds, and copies), 20 with a question and the local judge. Calls of the sample corpus,
whose sentences are made new by a number in each so that all must be encoded, are fed turn by turn: first each turn at
once, then with guesses that are corrected. Beside it, in the same run: encoding one new sentence alone.

Bound: the median is at most 100 ms a sentence. And the record of each call equals what a batch finds, to the last
match.

usage: python -m benchmarks.live [CALLS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import workbench as wb
from workbench.domain.conversations import Turn
from workbench.live.replay import steps_of

CORPUS = Path(__file__).parent.parent / "sample_corpus"
KINDS = {"keyword": 80, "phrase": 60, "example": 40, "question": 20}
CALLS, ROUNDS, MOST_MS = 6, 4, 100.0
LABELS = {
    "pricing_objection": "customer", "pain_point": "customer", "next_step_agreed": "anyone", "praise": "customer",
    "recording_notice": "company", "discount_request": "customer", "decision_authority": "customer",
    "identity_check": "company", "dissatisfaction": "customer", "competitor_alternative": "customer",
}  # fmt: skip


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with tempfile.TemporaryDirectory() as folder:
        workspace = wb.open(Path(folder) / "live.workspace")
        workspace.ingest(CORPUS, detect=False)
        workspace.encode()
        _publish(workspace)
        encoding = [_encoded_alone(workspace, nth) for nth in range(60)]
        bad = 0
        for guesses in (False, True):
            seen = asyncio.run(_fed(workspace, wanted, guesses))
            bad += seen.wrong + (seen.median > MOST_MS)
            print(f"{'with guesses' if guesses else 'each turn at once'}: {seen}")
        alone = statistics.median(encoding)
        print(f"encoding one new sentence alone: median {alone:.1f} ms; at most {MOST_MS:.0f} ms a sentence wanted")
    return 1 if bad else 0


class Seen:
    """Milliseconds a sentence, and how many finds differed from the batch's."""

    def __init__(self, milliseconds: Sequence[float], finds: int, wrong: int):
        self.all, self.finds, self.wrong = np.array(milliseconds), finds, wrong

    @property
    def median(self) -> float:
        return float(np.median(self.all))

    def __str__(self) -> str:
        at = {f"{share}%": float(np.percentile(self.all, share)) for share in (95, 99, 100)}
        more = ", ".join(f"{name} within {value:.1f}" for name, value in at.items())
        return (
            f"{len(self.all):,} sentences, {sum(KINDS.values())} trackers: median {self.median:.1f} ms, {more} ms; "
            f"{self.finds:,} finds, {self.wrong} of them not as the batch has it"
        )


async def _fed(workspace: wb.Workspace, wanted: int, guesses: bool) -> Seen:
    cards = workspace.lake.cards(wb.Filters(languages=("en",)), limit=wanted)
    milliseconds: list[float] = []
    finds = wrong = 0
    for nth, card in enumerate(cards):
        turns = _new(workspace.lake.turns(card.id), nth, guesses)
        about = {"parties": [{"id": p.id, "name": p.name, "side": p.side} for p in card.parties], "language": "en"}
        call = workspace.live(f"live-{guesses}-{nth}", scope="external", **about)
        async with call:
            for step in steps_of(turns, guesses):
                await call.hear(step.turn)
            milliseconds += [1_000 * one for one in call.latencies_s]
            record = await call.end()
        batch = {(one.name, found) for one in workspace.trackers.list() for found in _in(workspace, one.name, call.id)}
        own = {(one.tracker, one.sentence_id) for one in record.finds}
        finds, wrong = finds + len(batch), wrong + len(batch ^ own) + len(record.settled)
    return Seen(milliseconds, finds, wrong)


def _in(workspace: wb.Workspace, tracker: str, call_id: str) -> Iterator[str]:
    active = workspace.trackers.get(tracker).active_version()
    if active is not None:
        found = active.detections()
        yield from found["sentence_id"][found["conversation_id"] == call_id]


def _new(turns: Sequence[Turn], nth: int, guesses: bool) -> list[Turn]:
    """Add a number to each turn, so that its sentences were never encoded before."""
    return [replace(turn, text=f"{turn.text} {nth}{int(guesses)}{at}") for at, turn in enumerate(turns)]


def _publish(workspace: wb.Workspace) -> None:
    rng = np.random.default_rng(0)
    texts = [text for batch in workspace.lake.distinct_texts() for text in batch["text"].to_pylist()]
    words = sorted({word.strip(".,?!'\"").lower() for text in texts[:3_000] for word in text.split()})
    words = [word for word in words if word.isalpha()]
    create = workspace.trackers.create_many
    made = create(
        [{"name": f"words {n}", "kind": "keyword", "words": _some(rng, words)} for n in range(KINDS["keyword"])]
        + [{"name": f"phrases {n}", "kind": "phrase", "vocabulary": _some(rng, texts)} for n in range(KINDS["phrase"])]
        + [
            {
                "name": f"question {n}",
                "kind": "question",
                "question": f"Did the customer ask for a {rng.choice(words)}?",
            }
            for n in range(KINDS["question"])
        ]
    )
    for tracker in [*made, *_trained(workspace)]:
        tracker.publish()


def _some(rng: np.random.Generator, choices: Sequence[str]) -> list[str]:
    return [str(one) for one in rng.choice(choices, 10, replace=False)]


def _trained(workspace: wb.Workspace) -> Iterator[wb.Tracker]:
    """Return trackers for the corpus's concepts, and copies of them."""
    labels = workspace.lake.labels(wb.Filters(scope="any", kinds=("call", "email")))
    said = dict(zip(labels["row"].to_pylist(), labels["labels"].to_pylist(), strict=True))
    files = []
    for label, side in LABELS.items():
        bearing = [row for row, carried in said.items() if label in (carried or ())][:400:40]
        filters = wb.Filters(side=side)  # type: ignore[arg-type]
        examples = [text for _, text in workspace.lake.pairs(bearing)]
        tracker = workspace.trackers.create(label, filters=filters, examples=examples, seed=1)
        session = tracker.train()
        for _ in range(ROUNDS):
            asked = session.next_round()
            found = workspace.lake.sentences([one.sentence_id for one in asked], 0)
            for one in asked:
                carried = said[found[one.sentence_id].row] or ()
                session.tag(one.sentence_id, "yes" if label in carried else "no")
            session.complete_round()
        tracker.publish()
        files.append(tracker.export(workspace.path / f"{label}.tracker"))
        yield tracker
    for nth in range(KINDS["example"] - len(files)):
        yield workspace.trackers.import_file(files[nth % len(files)], name=f"copy {nth}")


def _encoded_alone(workspace: wb.Workspace, nth: int) -> float:
    began = time.perf_counter()
    workspace.encoder.encode([f"this sentence was never said before, not even number {nth}"])
    return 1_000 * (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
