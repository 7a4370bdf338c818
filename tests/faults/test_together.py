"""Two people tag and a third publishes again and again while a fourth reads, each in a process of its own.

At least for ``WORKBENCH_TOGETHER_SECONDS``. Nothing is lost, nothing stands twice, and nobody sees an error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

import workbench as wb
from tests.support.patience import PATIENCE_S
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.engine.model_file import sha256
from workbench.store.sessions import SessionRepository

SECONDS = float(os.environ.get("WORKBENCH_TOGETHER_SECONDS", "8"))
PEOPLE = ("Anna", "Ben")
OPENED = """
import json, os, random, sys, time
import workbench as wb
from tests.unit import small
from workbench.domain.errors import NotEnoughTags, RoundIncomplete, UnknownCandidate, WrongState
from workbench.engine.encoders import HashingEncoder

folder, log, user, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
acknowledged = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def note(*what):
    os.write(acknowledged, (json.dumps(what) + "\\n").encode())
tracker = wb.open(folder, encoder=HashingEncoder(), user=user).trackers.get("Price")
until, done = time.monotonic() + seconds, 0
def goes_on(least):  # on a slow machine, too, everybody gets to do something
    return time.monotonic() < until or done < least
"""
TAGGING = (
    OPENED
    + """
session, rng = tracker.train(), random.Random(user)
while goes_on(60):
    for candidate in session.next_round():
        if not goes_on(60):
            break
        said = small.answer(candidate.text)
        try:
            session.tag(candidate.sentence_id, said)
            note("tag", candidate.sentence_id, said)
            done += 1
        except UnknownCandidate:  # of a round that was completed with an answer of one's own in it
            note("again", candidate.sentence_id, said)
        if rng.random() < 0.03 and (undone := session.undo()):
            note("undo", undone.sentence_id, "")
    else:
        try:
            note("round", str(session.complete_round().number), "")
        except RoundIncomplete:  # the other was quicker
            note("retry", "", "")
"""
)
PUBLISHING = (
    OPENED
    + """
while goes_on(2):
    try:
        publication = tracker.publish(past="12 months")
    except NotEnoughTags:
        note("early", "", "")
        time.sleep(0.2)
        continue
    progress = publication.wait()
    assert (progress.state, progress.done) == ("done", progress.total), progress
    done += 1
    note("publication", str(publication.version), str(progress.found))
"""
)


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_stands_twice(tmp_path: Path, state: str | None) -> None:
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder(), user="Cleo")
    workspace.ingest(small.conversations(int(200 + 20 * SECONDS)))
    workspace.encode()
    workspace.trackers.create("Price", examples=small.EXAMPLES, seed=1)
    logs = {user: tmp_path / f"{user}.log" for user in (*PEOPLE, "Dan")}
    begun = [_begin(TAGGING if user in PEOPLE else PUBLISHING, workspace.path, log, user) for user, log in logs.items()]
    views = _read(workspace.path, begun)
    for process in begun:
        errors = process.communicate(timeout=PATIENCE_S)[1]
        assert process.returncode == 0, errors
        assert "locked" not in errors
    lines = {user: [json.loads(line) for line in log.read_text().splitlines()] for user, log in logs.items()}
    kinds = Counter(kind for told in lines.values() for kind, *_ in told)
    print(f"{SECONDS:.0f} s on {workspace.database.dialect.name}: {dict(kinds)}, {views} views")
    assert kinds["tag"] >= 120
    assert kinds["publication"] >= 2
    _check_answers(workspace, lines)
    _check_versions(workspace, kinds["publication"])


def _begin(code: str, folder: Path, log: Path, user: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(folder), str(log), user, str(SECONDS)]
    return subprocess.Popen(command, cwd=small.ROOT, stderr=subprocess.PIPE, text=True)


def _read(folder: Path, others: list[subprocess.Popen[str]]) -> int:
    """Opens views until the others are done; gives how many."""
    views = 0
    while any(process.poll() is None for process in others):
        workspace = wb.open(folder, encoder=HashingEncoder(), user="Eve")
        tracker = workspace.trackers.get("Price")
        tracker.agreement()
        if tracker.publications():
            found = workspace.detections("Price")
            assert not found["sentence_id"].duplicated().any()
            workspace.statistics("Price")
        views += 1
        workspace.database.dispose()
        time.sleep(0.2)
    return views


def _check_answers(workspace: wb.Workspace, lines: dict[str, list[list[str]]]) -> None:
    """Check that what was acknowledged is stored, and nothing else."""
    expected = {}
    for user in PEOPLE:
        for kind, sentence_id, answer in lines[user]:
            if kind == "tag":
                expected[sentence_id, user] = answer
            elif kind == "undo":
                del expected[sentence_id, user]
    query = text('SELECT sentence_id, "by", answer FROM answers WHERE undone IS NULL')
    with workspace.database.connect() as connection:
        rows = connection.execute(query).all()
    assert {(row.sentence_id, row.by): row.answer for row in rows} == expected
    assert len(rows) == len(expected)
    answers = SessionRepository(workspace.database, workspace.trackers.get("Price").id)
    asked = answers.asked()
    assert {row.sentence_id for row in rows} <= {item.sentence_id for item in asked}
    assert Counter(item.round for item in asked) == dict.fromkeys(range(1, answers.newest_round() + 1), 25)
    closed = answers.completed()
    assert all(item.tag for item in asked if item.round in closed)


def _check_versions(workspace: wb.Workspace, count: int) -> None:
    versions = workspace.trackers.get("Price").publications()
    assert [one.version for one in versions] == [*range(1, count + 1)]
    for one in versions:
        assert sha256(one.file) == one.model_hash
    newest = versions[-1]
    undisturbed = newest.reader().read(range(newest.first_upcoming))
    # The newest may read as the one before it, which keeps what it found: so what stands is compared.
    assert sorted(workspace.detections("Price")["sentence_id"]) == sorted(one.sentence_id for one in undisturbed)
