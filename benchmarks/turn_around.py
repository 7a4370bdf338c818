"""From a round's 25th answer to the next card, in a corpus of 450,000 sentences: median and slowest, in seconds.

The carousel's own requests are made, in a kernel's process, and the page's pauses between its looks at the training
are waited for; drawing the card is the browser's (a few milliseconds). Words hashed to 384 dimensions stand in
for the encoder: speed does not depend on what a vector means. Two trackers are trained for six rounds each, the
second one on the customer's sentences only. Bound: median at most 1 s. Beside it, of the rounds again without a widget
and without a disk: seconds to select, fit and estimate (median together at most 0.3), and to read the vectors once.

usage: python -m benchmarks.turn_around [SENTENCES]
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import workbench as wb
from workbench.domain.tags import Answer
from workbench.engine.encoders import HashingEncoder
from workbench.engine.recipes import recipe
from workbench.engine.training import TaggedSentence
from workbench.widgets import TaggingCarousel

ROOT = Path(__file__).resolve().parent.parent
SENTENCES, A_CALL, ROUNDS = 450_000, 300, 6
POLL_S = 0.12  # widgets/carousel/index.tsx
MOST_SECONDS, MOST_ENGINE_SECONDS = 1.0, 0.3
CONCEPT = ("price", "expensive", "budget", "cost", "money")


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SENTENCES
    with tempfile.TemporaryDirectory() as folder:
        ws = _stage("import", lambda: _workspace(Path(folder), wanted))
        _stage("encode (stand-in)", ws.encode)
        sentences = ws.counts().sentences
        seconds: list[float] = []
        for name, filters in (("everybody", wb.Filters()), ("customer", wb.Filters(side="customer"))):
            taken = _train(ws, name, filters)
            print(f"{name}: {' '.join(f'{s:.2f}' for s in taken)} s")
            seconds += taken
        together = _engine(ws)
    median = statistics.median(seconds)
    print(
        f"{sentences:,} sentences: median {median:.2f} s, slowest {max(seconds):.2f} s (at most {MOST_SECONDS} wanted)"
    )
    return 0 if median <= MOST_SECONDS and together <= MOST_ENGINE_SECONDS else 1


def _workspace(folder: Path, sentences: int) -> wb.Workspace:
    ws = wb.open(folder / "w", encoder=HashingEncoder(384))
    ws.ingest(_calls(sentences), unit="turn")
    return ws


def _calls(sentences: int) -> Iterator[dict[str, Any]]:
    """Yield calls of 300 turns each of the sample corpus's; three in four are made distinct by a number."""
    said = [t["text"] for file in sorted((ROOT / "sample_corpus").glob("calls*.jsonl")) for t in _turns(file)]
    rng = random.Random(0)
    parties = [{"id": "c", "side": "customer", "name": "Cy"}, {"id": "r", "side": "company", "name": "Ro"}]
    for number in range(sentences // A_CALL):
        turns = []
        for place in range(A_CALL):
            text = rng.choice(said) + (f" {rng.randrange(10**6)}" if rng.random() < 0.75 else "")
            turns.append({"party": "cr"[place % 2], "text": text, "start_s": place * 6.0})
        yield {"id": f"c{number}", "parties": parties, "turns": turns, "scope": "external"}


def _turns(file: Path) -> list[dict[str, Any]]:
    return [turn for line in file.read_text(encoding="utf-8").splitlines() for turn in json.loads(line)["turns"]]


def _train(ws: wb.Workspace, name: str, filters: wb.Filters) -> list[float]:
    """Seconds from the 25th answer to the next card, of each round."""
    examples = [f"the {word} is too much for us" for word in CONCEPT]
    carousel = TaggingCarousel(ws, ws.trackers.create(name, filters=filters, examples=examples, seed=1))
    _stage(f"open {name}'s first round", carousel.on_open)
    return [_round(carousel) for _ in range(ROUNDS)]


def _round(carousel: TaggingCarousel) -> float:
    began = 0.0
    for card in carousel.cards:
        began = time.perf_counter()
        yes = any(word in card["text"].lower() for word in CONCEPT)
        carousel.on_tag(card["sentence_id"], "yes" if yes else "no")
    while carousel.state["phase"] == "training":
        carousel.on_progress()
        if carousel.state["phase"] == "training":
            time.sleep(POLL_S)
    return time.perf_counter() - began


def _engine(ws: wb.Workspace) -> float:
    """Play the first tracker's rounds with the engine alone; returns the median seconds of a round's three steps."""
    tracker = ws.trackers.list()[0]
    trainer, named = ws.resources.trainer(tracker.filters, tracker.examples, recipe("default"), seed=1)
    said = {item["sentence_id"]: item["answer"] for one in tracker.log()["rounds"] for item in one["asked"]}
    tags: list[TaggedSentence] = []
    fitted, steps = None, []
    for number in range(1, ROUNDS + 1):
        began = time.perf_counter()
        draw = trainer.draw(number, tags, fitted)
        selected = time.perf_counter()
        tags += [
            TaggedSentence(at=at, answer=Answer(said.get(named.id_at(at)) or "no"), round=number, probability=p)
            for at, p in zip(draw.at, draw.probabilities, strict=True)
        ]
        fit_began = time.perf_counter()
        fitted = trainer.fit(tags)
        learnt = time.perf_counter()
        trainer.estimate(number, fitted)
        steps.append((selected - began, learnt - fit_began, time.perf_counter() - learnt))
    together = statistics.median(sum(one) for one in steps)
    select, fit, estimate = (statistics.median(step) for step in zip(*steps, strict=True))
    reading = min(_seconds(lambda: trainer.pool.linear(*np.eye(2, 384, dtype=np.float32))) for _ in range(3))
    print(
        f"select {select:.3f} s, fit {fit:.3f} s, estimate {estimate:.3f} s; together {together:.3f} s, "
        f"of which reading the vectors once is {reading:.3f} s ({reading / together:.0%})"
    )
    return together


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _stage(what: str, work: Any) -> Any:
    began = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
