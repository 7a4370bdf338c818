"""The steps of ``benchmarks.scale``, each for a process of its own: what is done in a workspace of a size, and timed.

What is said is the sample corpus's, dealt out again; three sentences in four end in two words that are drawn, so that
distinct sentences grow with the corpus as they do in calls. HashingEncoder stands in for an encoder: its vectors have
64 dimensions, and cost no model. Whether a sentence bears the label is told by the labelled sentence that it contains.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import workbench as wb
from benchmarks.dashboard_corpus import LABELS, ROOT, conversations
from workbench.dashboards.pages import build
from workbench.engine.encoders import HashingEncoder
from workbench.widgets.dashboard_tables import plain
from workbench.workspace.workspace import Workspace

SENTENCES, ROUNDS = 300, 4  # of a call; that a tracker is trained for
TRACKER, SHARE, VOCABULARY = "Pricing objections", 0.75, 3_000
LABEL, SIDE = LABELS[TRACKER]
PAGES = ("overview", "tracker")

Taken = dict[str, tuple[float, float]]
"""Wall and processor seconds of each part of a step."""


class Clock:
    """Takes the time of the parts of a step."""

    def __init__(self) -> None:
        self.taken: Taken = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add what the block takes to the part of this name."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            before = self.taken.get(name, (0.0, 0.0))
            self.taken[name] = before[0] + time.perf_counter() - wall, before[1] + time.process_time() - cpu

    def less(self, name: str, of: str) -> None:
        """Take one part out of another, in which it lies."""
        wall, cpu = self.taken.pop(of)
        self.taken[name] = self.taken[name][0] - wall, self.taken[name][1] - cpu


def said(calls: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield calls in the neutral format; other seeds give other ids and words."""
    rng = random.Random(seed)
    for one in conversations(calls, SENTENCES, seed):
        for turn in one["turns"]:
            if rng.random() < SHARE:
                turn["text"] += f" term{rng.randrange(VOCABULARY)} and term{rng.randrange(VOCABULARY)}"
        yield {**one, "id": f"{seed}-{one['id']}"}


def imported(folder: Path, size: int, clock: Clock) -> None:
    """Import the corpus; making it up does not count."""
    ws = _opened(folder)

    def given() -> Iterator[dict[str, Any]]:
        made = said(size // SENTENCES, 0)
        while True:
            with clock.part("making it up"):
                one = next(made, None)
            if one is None:
                return
            yield one

    with clock.part("import"):
        report = ws.ingest(given(), unit="turn", detect=False)
    clock.less("import", "making it up")
    assert not report.rejected, report.rejected[:3]


def encoded(folder: Path, _: int, clock: Clock) -> None:
    """Encode it; the stand-in's own time does not count."""
    encoder = HashingEncoder()
    ws = wb.open(folder, encoder=encoder)
    own = encoder.encode

    def timed(texts: Any) -> Any:
        with clock.part("the encoder's own"):
            return own(texts)

    encoder.encode = timed  # type: ignore[method-assign]
    with clock.part("encode"):
        ws.encode()
    clock.less("encode", "the encoder's own")


def trained(folder: Path, _: int, clock: Clock) -> None:
    """Train a tracker for four rounds, and publish it for upcoming calls."""
    ws = _opened(folder)
    with clock.part("create"):
        tracker = ws.trackers.create(TRACKER, description="x", filters=wb.Filters(side=SIDE), examples=_bearing()[:5])  # type: ignore[arg-type]
    with clock.part("open the training"):
        session = tracker.train()
    for number in range(1, ROUNDS + 1):
        with clock.part("first round drawn" if number == 1 else "later rounds drawn"):
            asked = session.next_round()
        for one in asked:
            session.tag(one.sentence_id, "yes" if any(text in one.text for text in _bearing()) else "no")
        with clock.part("rounds completed"):
            session.complete_round()
    print(json.dumps({"found": session.found().sentences, "estimate": str(session.estimate().corpus)}))
    with clock.part("publish"):
        tracker.publish()


def read(folder: Path, size: int, clock: Clock) -> None:
    """Have the tracker read all that was said."""
    ws = _opened(folder)
    with clock.part("backfill"):
        progress = ws.trackers.get(TRACKER).publish(past="all").wait()
    assert progress.done == size // SENTENCES, progress


def asked(folder: Path, size: int, clock: Clock) -> None:
    """Open the workspace in a kernel that counts, searches and shows dashboards."""
    import ipykernel.ipkernel  # noqa: F401  as every kernel does

    with clock.part("open"):
        ws = _opened(folder)
    with clock.part("first count"):
        counts = ws.counts()
    assert counts.sentences >= size // SENTENCES * SENTENCES, counts
    with clock.part("count"):
        ws.counts(wb.Filters(side="customer", languages=("en",)))
    with clock.part("first filter by name"):
        ws.counts(wb.Filters(title="renewal"))
    for name in ("search", "search again"):
        with clock.part(name):
            assert len(ws.search("the budget"))
    for page in PAGES:
        with clock.part(f"{page} page"):
            plain(build(page)(ws, {}))


def arrived(folder: Path, size: int, clock: Clock) -> None:
    """Import one more call in a process that has asked nothing, and one more in one that has."""
    ws = _opened(folder)
    one, another = said(2, size + 1)
    with clock.part("one call imported"):
        ws.ingest([one], unit="turn", detect=False)
    ws.counts()
    with clock.part("one more, and counted"):
        ws.ingest([another], unit="turn", detect=False)
        ws.counts()


STEPS: dict[str, Callable[[Path, int, Clock], None]] = {
    "import": imported,
    "encode": encoded,
    "train": trained,
    "backfill": read,
    "kernel": asked,
    "arrival": arrived,
}


def _opened(folder: Path) -> Workspace:
    return wb.open(folder, encoder=HashingEncoder())


@cache
def _bearing() -> tuple[str, ...]:
    """Return the sample corpus's turns with the label, each once."""
    files = sorted((ROOT / "sample_corpus").glob("calls-*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    turns = [turn for one in lines if one["kind"] == "call" for turn in one["turns"]]
    return tuple(dict.fromkeys(turn["text"] for turn in turns if LABEL in turn.get("labels", [])))
