"""The second stage in a session: in the background, kept, used where it wins, and never in the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.support.prepared import prepared
from tests.unit.small import EXAMPLES, ROOT, answer, conversations
from workbench.domain.errors import Cancelled, WorkbenchError
from workbench.engine import fine_tuning_process
from workbench.engine.encoders import HashingEncoder
from workbench.engine.fine_tuning_process import FineTuningOutcome, Task, fine_tune
from workbench.training import second_stage


class Named(HashingEncoder):
    """Hashed words, under the name of a model that could be fine-tuned."""

    model = "some/model"


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """A tracker after four rounds, whose second stage knows every answer; what it was asked is kept."""
    asked: list[Task] = []

    def made(task: Task, report) -> FineTuningOutcome:
        asked.append(task)
        assert report(0.5, "Fine-tuning")
        both = [4.0 if answer(said) == "yes" else -4.0 for _, said in task.shortlist]
        unseen = [4.0 if label else -4.0 for label in task.labels]
        return FineTuningOutcome(wins=True, gain=0.2, seconds=1.0, slope=2.0, offset=0.0, unseen=unseen, both=both)

    monkeypatch.setattr(second_stage, "fine_tune", made)
    ws = wb.open(prepared("fourth round", answered, tmp_path / "w"), encoder=Named())
    session = ws.trackers.get("Price").train()
    session.complete_round()
    return ws, session, asked


def answered(folder):
    """The fourth round is answered, and not completed."""
    ws = wb.open(folder, encoder=Named())
    ws.ingest(conversations(100))
    ws.encode()
    session = ws.trackers.create("Price", examples=EXAMPLES, seed=1).train()
    for number in range(4):
        for candidate in session.next_round():
            session.tag(candidate.sentence_id, answer(candidate.text))
        if number < 3:
            session.complete_round()
    return ws


def test_it_begins_by_itself_after_the_fourth_round_and_is_used_where_it_wins(trained):
    ws, session, asked = trained
    result = session.fine_tuning.result(timeout=PATIENCE_S)
    assert result.wins
    assert session.second_stage == result
    assert len(asked) == 1
    assert len(asked[0].pairs) == len(asked[0].labels) == 100
    assert {answer(said) for (_, said), label in zip(asked[0].pairs, asked[0].labels, strict=True) if label} == {"yes"}
    ids, _ = session.detected()
    assert {answer(one.text) for one in ws.lake.sentences(ids, 0).values()} == {"yes"}
    assert session.estimate().threshold == pytest.approx(session.rounds()[-1].estimate.threshold)


def test_another_kernel_takes_it_over_and_replay_is_as_it_was(trained):
    ws, session, asked = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    again = ws.trackers.get("Price").train()
    assert again.second_stage.wins
    assert again.detected()[0] == session.detected()[0]
    assert again.fine_tune_later().result(timeout=PATIENCE_S).wins
    assert len(asked) == 1
    assert ws.trackers.get("Price").replay().same


def test_a_review_shows_what_it_finds_and_is_replayed_though_its_model_is_gone(trained):
    ws, session, _ = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    review = session.review_round()
    assert {c.sentence_id for c in review} <= set(session.detected()[0])
    for candidate in review:
        session.tag(candidate.sentence_id, answer(candidate.text))
    session.complete_round()
    session.fine_tuning.result(timeout=PATIENCE_S)  # of other answers: it overwrites what the review was drawn by
    tracker = ws.trackers.get("Price")
    assert tracker.log()["rounds"][4]["drawn_with"]["review"]["second_stage"]
    assert tracker.replay().same


@pytest.mark.parametrize("content", ["", "{}", '{"key": 1, "outcome": {"wins": true}}', "[1]"])
def test_a_damaged_file_is_as_none(trained, content):
    ws, session, _ = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    file = next((ws.path / "models").rglob("second-stage.json"))
    file.write_text(content)
    again = ws.trackers.get("Price").train()
    assert again.second_stage is None
    assert again.detected()[0]


def tampered(ws, **changes):
    file = next((ws.path / "models").rglob("second-stage.json"))
    kept = json.loads(file.read_text())
    kept["outcome"] |= changes
    file.write_text(json.dumps(kept))
    return ws.trackers.get("Price").train()


def test_numbers_that_are_none_are_refused(trained):
    ws, session, _ = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    assert tampered(ws, slope=float("nan")).second_stage is None


@pytest.mark.parametrize("name", ["both", "unseen"])
def test_an_outcome_of_other_sentences_is_not_used_and_made_again(trained, name):
    ws, session, asked = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    again = tampered(ws, **{name: [1.0]})
    assert again.detected()[0]
    assert again.fine_tune_later().result(timeout=PATIENCE_S).wins
    assert len(asked) == 2


def test_a_correction_and_a_new_round_stop_what_is_running(trained, monkeypatch):
    _, session, _ = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    begun = threading.Event()

    def endless(task: Task, report) -> FineTuningOutcome:
        begun.set()
        while report(0.5, "Fine-tuning"):
            time.sleep(0.01)
        raise Cancelled("Fine-tuning was cancelled.")

    monkeypatch.setattr(second_stage, "fine_tune", endless)
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, answer(candidate.text))
    session.complete_round()
    first = session.fine_tuning
    assert begun.wait(PATIENCE_S)
    last = session.candidates or session.next_round()
    session.tag(last[0].sentence_id, "no")
    session.correct(last[0].sentence_id, "yes")
    with pytest.raises(Cancelled):
        first.result(timeout=PATIENCE_S)
    assert session.detected()[0]


def test_one_more_answer_sets_it_aside(trained):
    _, session, _ = trained
    session.fine_tuning.result(timeout=PATIENCE_S)
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, answer(candidate.text))
    session.complete_round()
    session.fine_tuning.result(timeout=PATIENCE_S)
    assert session.second_stage.wins
    assert len(session.rounds()) == 5


def test_an_encoder_without_a_model_cannot_be_fine_tuned(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest(conversations(10))
    ws.encode()
    session = ws.trackers.create("Price", examples=EXAMPLES).train()
    assert session.fine_tuning is None
    assert session.second_stage is None
    with pytest.raises(WorkbenchError, match="cannot be fine-tuned"):
        session.fine_tune_later()


def task(model: str = "no/such-model") -> Task:
    return Task(model=model, pairs=[("", "a")], labels=[1], unseen=[0.0], examples=[], shortlist=[], first=[], seed=1)


def test_a_child_that_breaks_off_says_why():
    with pytest.raises(WorkbenchError, match=r"Fine-tuning no/such-model broke off: .+\. The tracker stays"):
        fine_tune(task(), lambda *_: True)


def test_a_child_that_is_killed_is_told(monkeypatch):
    started = []

    def report(*_) -> bool:
        if started:
            os.kill(started.pop(), signal.SIGKILL)
        return True

    popen = subprocess.Popen

    def noted(*args, **kwargs):
        child = popen(*args, **kwargs)
        started.append(child.pid)
        return child

    monkeypatch.setattr(fine_tuning_process.subprocess, "Popen", noted)
    with pytest.raises(WorkbenchError, match=r"broke off: it ended with -9\. The tracker stays"):
        fine_tune(task(), report)


def test_cancelling_ends_the_child_at_once():
    began = time.monotonic()
    with pytest.raises(Cancelled):
        fine_tune(task(), lambda *_: time.monotonic() - began < 0.5)


def test_the_child_ends_when_its_parent_is_gone():
    child = subprocess.Popen(
        [sys.executable, "-c", _PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    grandchild = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    wait_for(lambda: not _alive(grandchild), "the child to end")


_PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", '''
import sys, time, threading
from workbench.engine import fine_tuning_process as process
process._done = lambda task, say: time.sleep(600)
process.main()
'''], stdin=subprocess.PIPE)
child.stdin.write(b'{"model": "m", "pairs": [], "labels": [], "unseen": [], "examples": [], "shortlist": [],'
    b' "first": [], "seed": 1}\\n')
child.stdin.flush()
print(child.pid, flush=True)
time.sleep(600)
"""


def _alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_a_real_encoder_is_fine_tuned_in_its_own_process(tmp_path):
    """The packaged model, few steps: what comes back is sound, and this process has not loaded torch for it."""
    from workbench.engine.encoders import DEFAULT_MODEL

    yes = [("what do you think?", f"that costs too much {n}") for n in range(9)]
    no = [("what do you think?", f"see you on monday {n}") for n in range(9)]
    said: list[float] = []
    rng = np.random.default_rng(0)
    outcome = fine_tune(
        Task(
            model=DEFAULT_MODEL,
            pairs=yes + no,
            labels=[1] * 9 + [0] * 9,
            unseen=rng.normal(size=18).tolist(),
            examples=[("", "it is over our budget")],
            shortlist=yes[:3] + no[:2],
            first=[1.0, 0.5, 0.0, -0.5, -1.0],
            seed=1,
        ),
        lambda fraction, _: said.append(fraction) or True,
    )
    assert outcome.wins
    assert min(outcome.both[:3]) > max(outcome.both[3:])
    assert said == sorted(said)
    assert fine_tuning_process.__name__ in sys.modules
