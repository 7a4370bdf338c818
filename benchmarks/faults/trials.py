"""Seven kinds of work on a workspace to kill, with the conditions that must hold after any kill of each."""

from __future__ import annotations

import asyncio
from collections import Counter

from benchmarks.faults.killing import READY, Ack
from benchmarks.faults.storage_trials import Backup, Upgrade
from benchmarks.faults.trial import ANY, WORD, Trial
from tests.unit import small
from workbench.domain.live import LiveState
from workbench.live.journal import Journal, key_of
from workbench.publishing import publication
from workbench.store.sessions import SessionRepository
from workbench.workspace.workspace import Workspace

UPDATES = 8  # of a tracker in one run
MAX_ROUNDS = 25  # of 25 sentences each, of the 960 that there are


class Tagging(Trial):
    """Answers, and the training after each round."""

    def prepare(self) -> None:
        workspace = self.open()
        workspace.ingest(small.conversations(80), detect=False)
        workspace.encode()
        workspace.trackers.create("Price", examples=small.EXAMPLES, seed=1)

    def work(self, run: int, ack: Ack) -> None:
        session = self.open().trackers.get("Price").train()
        ack(READY)
        for _ in range(4):
            number = session.round_number
            if number > MAX_ROUNDS:
                return  # in a new workspace there are enough sentences again
            for candidate in session.next_round():
                given = small.answer(candidate.text)
                session.tag(candidate.sentence_id, given)
                ack(f"tag {candidate.sentence_id} {given}")
            session.complete_round()
            ack(f"round {number}")

    def check(self, run: int) -> None:
        workspace = self.open()
        tracker = workspace.trackers.get("Price")
        rows = SessionRepository(workspace.database, tracker.id)
        asked = rows.asked()
        assert max(Counter(one.sentence_id for one in asked).values(), default=1) == 1, "a sentence is asked twice"
        assert all(len(one.given) <= 1 for one in asked), "an answer is doubled"
        answers = {one.sentence_id: str(one.tag.answer) for one in asked if one.tag}
        for line in self.acknowledged:
            kind, *rest = line.split()
            if kind == "tag":
                assert answers.get(rest[0]) == rest[1], f"lost: {line}"
            else:
                assert int(rest[0]) in rows.completed(), f"lost: {line}"
        tracker.train().next_round()


class Importing(Trial):
    """Calls, and the trackers that read them."""

    def prepare(self) -> None:
        self.open().trackers.create("Price", kind="keyword", words=[WORD], filters=ANY).publish()

    def work(self, run: int, ack: Ack) -> None:
        workspace = self.open()
        ack(READY)
        for batch in range(10):
            ids = [f"{run}-{batch}-{n}" for n in range(5)]
            calls = [{"id": one, "turns": [{"text": f"The {WORD} of {one}."}, {"text": "Hello."}]} for one in ids]
            workspace.ingest(calls)
            ack(" ".join(ids))

    def check(self, run: int) -> None:
        workspace = self.open()
        workspace.catch_up()
        ids = workspace.conversations(ANY)["id"].tolist()
        assert len(ids) == len(set(ids)) == workspace.lake.size, "a call is doubled, or its number is"
        lost = {one for line in self.acknowledged for one in line.split()} - set(ids)
        assert not lost, f"lost: {sorted(lost)[:5]}"
        found = workspace.detections("Price")["conversation_id"].tolist()
        assert sorted(found) == sorted(ids), "a call is not read, or read twice"


class Live(Trial):
    """Turns of a live call, and its end."""

    TURNS = 40

    def prepare(self) -> None:
        self.open().trackers.create("Price", kind="keyword", words=[WORD], filters=ANY).publish()

    def work(self, run: int, ack: Ack) -> None:
        async def feed() -> None:
            call = self.open().live(f"live-{run}", language="en")
            await call.begin()
            ack(READY)
            for n in range(self.TURNS):
                await call.turn(_said(n))
                ack(f"turn {run} {n}")
            await call.end()
            ack(f"end {run}")

        asyncio.run(feed())

    def check(self, run: int) -> None:
        workspace = self.open()
        call_id = f"live-{run}"
        heard = sum(line.startswith(f"turn {run} ") for line in self.acknowledged)
        ended = f"end {run}" in self.acknowledged
        journal = Journal(workspace.path / "live", key_of(call_id))
        known = call_id in workspace.conversations(ANY)["id"].tolist()
        assert known or not ended, "a call that ended is not in the corpus"
        if not known:
            assert journal.state is LiveState.LEFT, f"the killed call is {journal.state}"
            asyncio.run(_taken_up(workspace, call_id))
        workspace.catch_up()  # of a call whose end was interrupted after its import
        said = [turn.text for turn in workspace.lake.turns(call_id)]
        assert said == [_said(n) for n in range(len(said))], "turns are lost, doubled or out of order"
        assert len(said) >= heard, f"{heard} turns were acknowledged, {len(said)} are there"
        found = workspace.detections("Price")
        wanted = sum(WORD in one for one in said)
        assert (found["conversation_id"] == call_id).sum() == wanted, "a turn is not read, or read twice"


def _said(n: int) -> str:
    return f"This is the {WORD} of number {n}." if n % 3 == 0 else f"That was number {n}."


async def _taken_up(workspace: Workspace, call_id: str) -> None:
    async with workspace.live(call_id):
        pass


class Publishing(Trial):
    """Changes of a tracker and their publication."""

    def prepare(self) -> None:
        workspace = self.open()
        workspace.ingest(small.conversations(80), detect=False)
        workspace.encode()
        session = workspace.trackers.create("Price", examples=small.EXAMPLES, seed=1).train()
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, small.answer(candidate.text))
        session.complete_round()

    def work(self, run: int, ack: Ack) -> None:
        tracker = self.open().trackers.get("Price")
        ack(READY)
        for n in range(UPDATES):
            rule = f"precision>=0.{50 + (run * UPDATES + n) % 50}"
            tracker.update(description=f"{run} {n}", threshold=rule)
            ack(f"update {run} {n}")
            ack(f"version {tracker.publish().version}")

    def check(self, run: int) -> None:
        workspace = self.open()
        tracker = workspace.trackers.get("Price")
        versions = [one.version for one in tracker.publications()]
        assert versions == list(range(1, len(versions) + 1)), f"versions are lost or doubled: {versions}"
        told = [int(line.split()[1]) for line in self.acknowledged if line.startswith("version")]
        assert max(told, default=0) <= len(versions), "a version is lost"
        updates = [tuple(map(int, line.split()[1:])) for line in self.acknowledged if line.startswith("update")]
        if updates:
            now = tuple(map(int, tracker.description.split()))
            assert now >= max(updates), "a change is lost"
        if versions:
            assert tracker.active_version() is not None
            assert tracker.active_version().version == len(versions), "not the newest version is in use"
            tracker.active_version().reader()


class Backfill(Trial):
    """Reading past calls."""

    def prepare(self) -> None:
        workspace = self.open()
        workspace.ingest(small.conversations(160, seed=4), detect=False)
        workspace.trackers.create("Price", kind="keyword", words=[WORD, "expensive"], filters=ANY)
        self._renew(workspace)

    def _renew(self, workspace: Workspace) -> None:
        """Publish a version that reads differently but finds the same, and has read nothing yet."""
        tracker = workspace.trackers.get("Price")
        tracker.update(exclude=[f"nothing like {len(tracker.publications())}"])
        tracker.publish(past="12 months").cancel()

    def work(self, run: int, ack: Ack) -> None:
        publication.BATCH = 2
        active = self.open().trackers.get("Price").active_version()
        assert active is not None
        ack(READY)
        active.resume().result(120)

    def check(self, run: int) -> None:
        workspace = self.open()
        tracker = workspace.trackers.get("Price")
        active = tracker.active_version()
        assert active is not None
        found = list(active.detections()["sentence_id"])
        assert len(found) == len(set(found)), "a sentence is found twice"
        wanted, _ = tracker.finds()
        assert set(found) <= set(wanted), "something else is found"
        left = active.progress()
        if left.done < left.total and run % 5:
            return
        active.resume().result(120)
        assert active.progress().state == "done"
        assert sorted(active.detections()["sentence_id"]) == sorted(wanted), "finds are lost"
        self._renew(workspace)


TRIALS: dict[str, type[Trial]] = {
    "tagging": Tagging,
    "import": Importing,
    "live": Live,
    "publish": Publishing,
    "backfill": Backfill,
    "upgrade": Upgrade,
    "backup": Backup,
}
