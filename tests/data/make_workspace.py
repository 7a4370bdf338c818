"""Makes the workspace of this folder: run ``python -m tests.data.make_workspace`` on the version that is to be kept.

Calls and e-mails of the sample corpus, cut short, with what people do in a workspace: trackers of every kind and in
every state, answers of two people, streams, alerts, boards, metrics, a call that was left without an end.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import workbench as wb
from tests.support.old_workspace import ALL, ARCHIVE, EMPTIED, EXPECTED, FOLDER, USER, told, unpacked
from workbench.store import moments
from workbench.store.api_tokens import ApiTokenRepository

SAMPLE = Path(__file__).parents[2] / "sample_corpus"
LABEL = "pricing_objection"
CREATED = datetime(2026, 11, 20, 9, tzinfo=UTC)
_SAYING = ("plain", "deal")
AROUND = 2  # turns kept before and after the one that says it: vectors hardly compress
EXAMPLES = [
    "That's just not in our price range.",
    "Could you go any lower on that cost?",
    "It's more than we expected to pay.",
    "We can't justify that kind of money.",
    "Your competitor is a good deal cheaper.",
]


def chosen() -> Iterator[dict[str, Any]]:
    """Calls in English, German and Spanish, with and without a deal or a recording, and e-mails."""
    wanted = {"plain": 26, "deal": 14, "internal": 2, "de": 2, "es": 2, "email": 8}
    for file in sorted(SAMPLE.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            one = json.loads(line)
            kind = _kind(one)
            if kind == "recorded" or (
                wanted.get(kind, 0) and (kind not in ("plain", "deal") or _says(one) is not None)
            ):
                wanted[kind] = wanted.get(kind, 0) - 1
                yield _cut(one)


def _kind(one: dict[str, Any]) -> str:
    if one.get("media"):
        return "recorded"
    if one["kind"] == "email":
        return "email"
    if one["language"] != "en":
        return str(one["language"])
    if one["scope"] == "internal":
        return "internal"
    return "deal" if one.get("deal") else "plain"


def _says(one: dict[str, Any]) -> int | None:
    return next((at for at, turn in enumerate(one["turns"]) if LABEL in turn.get("labels", ())), None)


def _cut(one: dict[str, Any]) -> dict[str, Any]:
    at = _says(one) or AROUND
    turns = one["turns"][max(0, at - AROUND) : at + AROUND + 1]
    media = one.get("media") and f"/srv/recordings/{Path(one['media']).name}"
    return one | {"turns": turns, "media": media}


class Clock:
    """A second goes by each time somebody looks at it, so that the dates are the same whenever this is run."""

    def __init__(self) -> None:
        self.moment = CREATED

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def install(self) -> None:
        real = moments.now
        for module in [one for name, one in sys.modules.items() if name.startswith("workbench.")]:
            if getattr(module, "now", None) is real:
                module.now = self  # type: ignore[attr-defined]


class Oracle:
    """Answers by the labels of the corpus."""

    def __init__(self, workspace: wb.Workspace):
        ids = workspace.lake.pool(ALL)["id"].to_pylist()
        labels = workspace.lake.labels(ALL)["labels"].to_pylist()
        self._yes = {name for name, found in zip(ids, labels, strict=True) if LABEL in (found or ())}

    def __call__(self, sentence_id: str) -> str:
        return "yes" if sentence_id in self._yes else "no"


def fill(folder: Path) -> None:
    """Everything that the workspace holds."""
    ann = wb.open(folder, user=USER)
    calls = list(chosen())
    ann.ingest(calls[:-2], detect=False)
    ann.encode()
    ben = wb.open(folder, user="ben")
    _trackers(ann, ben)
    _results(ann)
    ann.ingest(calls[-2:])  # upcoming calls, read by those in use
    _change(ann)
    asyncio.run(_live(ann))
    for one in (ann, ben):
        one.database.dispose()  # the last connection to a SQLite file takes its journal in


def _trackers(ann: wb.Workspace, ben: wb.Workspace) -> None:
    oracle = Oracle(ann)
    ann.streams.create("Pricing talk")
    price = ann.trackers.create("Price objections", description="Too expensive", examples=EXAMPLES, seed=1)
    session = price.train()
    for _ in range(4):
        for one in session.next_round():
            session.tag(one.sentence_id, oracle(one.sentence_id))
        session.complete_round()
    price.publish(past="12 months", stream="Pricing talk").wait()
    words = {
        "Names a price": ["price", "euros", "percent", "offer"],
        EMPTIED: ["today", "next", "week"],
        "Paused": ["invoice", "order"],
        "Deactivated": ["back", "customer"],
        "Deleted": ["thanks", "thank you"],
    }
    for name, said in words.items():
        ann.trackers.create(name, kind="keyword", words=said).publish(past="12 months").wait()
    vocabulary = ["It costs too much.", "That is over our budget."]
    phrase = ann.trackers.create("Too dear", kind="phrase", vocabulary=vocabulary, closeness=0.35)
    phrase.publish(past="12 months", stream="Pricing talk").wait()
    ann.credits.top_up(50, "First month")
    ann.credits.set_price("endpoint", 0.5)
    sections = {"who": "customer", "what": "ask_for", "about": "discount"}
    asking = ann.trackers.create("Asks for a discount", kind="question", sections=sections)
    asking.publish(past="12 months").wait()
    draft = ann.trackers.create("Draft", description="Next steps", examples=EXAMPLES, seed=2)
    for at, one in enumerate(draft.train().next_round()[:12]):
        draft.train().tag(one.sentence_id, "not_sure" if at % 5 == 4 else oracle(one.sentence_id))
    theirs = ben.trackers.get("Draft").train()
    for one in theirs.candidates[8:16]:
        theirs.tag(one.sentence_id, "no")
    ben.trackers.get("Price objections").train().correct(_first_asked(ann, "Price objections"), "yes")


def _first_asked(workspace: wb.Workspace, name: str) -> str:
    return str(workspace.trackers.get(name).log()["rounds"][0]["asked"][0]["sentence_id"])


def _results(ann: wb.Workspace) -> None:
    ann.streams.create("Money", trackers=["Names a price", "Too dear"]).notify(email="ann@example.org")
    ann.alerts.create("Many objections", "Price objections", threshold=3, days=365)
    ann.alerts.create("Few prices", "Names a price", threshold=0.9, measure="rate", days=365, direction="below")
    ann.boards.create("Hear objections", ["Price objections", "Deleted"], target=0.3)
    ann.playbooks.create("Qualify", {"Budget": ["Price objections", "Too dear"], "Discount": ["Asks for a discount"]})
    ann.metrics.create("Price raised", source={"type": "trackers", "required": ["Price objections"]})
    ann.metrics.create("Paid")
    ann.metrics.create(
        "Discount asked", source={"type": "question", "question": "Did the customer ask for a discount?"}
    )
    known = ann.conversations(ALL)["id"].tolist()
    ann.metrics.log({one: {"metrics": {"Paid": at % 2 == 0}} for at, one in enumerate(known[:6])})
    ann.call(known[0]).log({"Paid": True}, events=["card refused", {"name": "minutes", "value": 12.5}])
    for alert in ann.alerts.list():
        alert.judge()
    hits = ann.detections("Price objections")["sentence_id"].tolist()
    ann.wrong_hit("Price objections", hits[0], by="cy", note="That was our own price")
    ann.wrong_hit("Price objections", hits[1], by="dora")
    ApiTokenRepository(ann.database).create("nightly job", "write", days=365)


def _change(ann: wb.Workspace) -> None:
    """Make later changes: other versions, states, and unpublished edits."""
    price = ann.trackers.get("Price objections")
    price.update(description="The customer finds it too expensive")
    price.publish(past="12 months").wait()
    price.update(threshold="hit_rate>=0.9", description="Changed since")
    emptied = ann.trackers.get(EMPTIED)
    emptied.update(description="A time is named")
    emptied.publish()
    ann.trackers.get("Paused").pause()
    ann.trackers.get("Deactivated").deactivate()
    ann.trackers.delete("Deleted")
    ann.mark_read(ann.messages()[-1])


async def _live(ann: wb.Workspace) -> None:
    parties = [{"id": "ann", "side": "customer"}, {"id": "ro", "side": "company"}]
    left = ann.live("live-left", parties=parties, language="en")
    await left.turn("Thanks for taking the time.", party="ro", id="1")
    await left.turn("Honestly the price is too high for us.", party="ann", id="2")
    left.leave()
    async with ann.live("live-ended", parties=parties, language="en") as call:
        await call.turn("What does it cost per month?", party="ann", id="1")


def main() -> None:
    Clock().install()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / FOLDER
        fill(folder)
        for one in sorted(folder.rglob("*"), reverse=True):
            if one.suffix == ".lock" or (one.is_dir() and not any(one.iterdir())):
                one.rmdir() if one.is_dir() else one.unlink()
        with tarfile.open(ARCHIVE, "w:xz", preset=9) as archive:
            archive.add(folder, FOLDER, filter=_nobody)
    with tempfile.TemporaryDirectory() as temporary:
        found = told(wb.open(unpacked(Path(temporary)), user=USER))
    EXPECTED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{ARCHIVE.name}: {ARCHIVE.stat().st_size:,} bytes; {EXPECTED.name}: {EXPECTED.stat().st_size:,} bytes")


def _nobody(one: tarfile.TarInfo) -> tarfile.TarInfo:
    one.uid = one.gid = 0
    one.uname = one.gname = ""
    return one


if __name__ == "__main__":
    main()
