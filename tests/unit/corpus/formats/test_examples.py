"""Every example file gives what its ``.expected.json`` says: all turns, and whatever else the file tells.

The files are in ``tests/data/formats``; their content is invented. Those in ``negatives`` are refused with a reason.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from tests.unit.small import ROOT
from workbench.corpus.formats import FormatProblem, FoundConversation, format_of
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.reading import read_all

EXAMPLES = ROOT / "tests/data/formats"
NEGATIVES = sorted((EXAMPLES / "negatives").iterdir())
EXPECTED = sorted(EXAMPLES.rglob("*.expected.json"))
BESIDE = {"gong_joined": None, "ctm_with_rttm": "ctm_with_rttm.ctm"}  # what only several files together give
TOLERANCE_S = 0.0011
TOLD = ("title", "duration_s", "language", "direction", "scope", "thread")


def stem(file: Path) -> str:
    return file.name.removesuffix(".expected.json")


def source_of(expected: Path) -> Path | None:
    """The example that the expectation is of; None where it takes several."""
    if stem(expected) in BESIDE:
        name = BESIDE[stem(expected)]
        return expected.with_name(name) if name else None
    found = [one for one in expected.parent.glob(f"{stem(expected)}.*") if ".expected." not in one.name]
    assert len(found) == 1, found
    return found[0]


SINGLE = [(source, one) for one in EXPECTED if (source := source_of(one))]


@cache
def found_in(file: Path) -> tuple[FoundConversation | FormatProblem, ...]:
    reader = format_of(file)
    assert reader is not None, f"{file.name} is in no known format"
    return tuple(reader.read(file))


def times_are_equal(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) < TOLERANCE_S)


@pytest.mark.parametrize(("file", "expected"), SINGLE, ids=[source.name for source, _ in SINGLE])
def test_an_example_gives_every_turn(file, expected):
    found = found_in(file)
    assert not [one for one in found if isinstance(one, FormatProblem)]
    wanted = json.loads(expected.read_text())["conversations"]
    assert len(found) == len(wanted)
    for one, want in zip(found, wanted, strict=True):
        turns = one.conversation.turns
        assert [(turn.party, turn.text) for turn in turns] == [(t["speaker"], t["text"]) for t in want["turn_list"]]
        for turn, told in zip(turns, want["turn_list"], strict=True):
            assert times_are_equal(turn.start_s, told["start_s"]), (turn, told)
            assert times_are_equal(turn.end_s, told["end_s"]), (turn, told)


@pytest.mark.parametrize(("file", "expected"), SINGLE, ids=[source.name for source, _ in SINGLE])
def test_an_example_gives_what_it_tells_of_the_conversation(file, expected):
    for found, want in zip(found_in(file), json.loads(expected.read_text())["conversations"], strict=True):
        conversation = found.conversation
        assert conversation.id == want["id"] if want.get("id") else conversation.id.startswith(file.stem)
        for key in TOLD:
            if key in want:
                told = getattr(conversation, key)
                assert str(told).lower() == str(want[key]).lower() or times_are_equal(told, want[key]), key
        assert conversation.kind.value == want.get("kind", "call")
        if started := want.get("started") or want.get("started_local"):
            moment = datetime.fromisoformat(started)
            assert conversation.started == moment
        sides = {party.id: party.side.value for party in conversation.parties if party.side}
        assert sides.items() >= want.get("sides", {}).items()
        emails = {party.id: party.email for party in conversation.parties if party.email}
        assert emails.items() >= want.get("emails", {}).items()


@pytest.mark.parametrize("file", NEGATIVES, ids=[one.name for one in NEGATIVES])
def test_what_is_no_transcript_is_refused_by_name_with_a_reason_and_what_to_do(tmp_path, file):
    report = ingest(Lake(tmp_path), file)
    assert (report.added, len(report.rejected)) == (0, 1)
    assert report.rejected[0].name == file.name
    reason = report.rejected[0].reason
    assert ";" in reason, f"{reason} does not say what to do"
    assert len(reason) > 20


def test_all_examples_go_in_at_once_and_again_nothing_changes(tmp_path):
    folder = tmp_path / "all"
    shutil.copytree(EXAMPLES, folder)
    for name in ("second_hand/nice_detailed.json",):
        assert (folder / name).exists()
    files = [one for one in folder.rglob("*") if one.is_file() and ".expected." not in one.name]
    for one in folder.rglob("*.expected.json"):
        one.unlink()
    lake = Lake(tmp_path / "lake")
    report = ingest(lake, folder)
    negatives = {one.name for one in NEGATIVES}
    known = {one.name for one in report.files} | {one.name for one in report.rejected}
    assert {one.name for one in report.rejected} >= negatives
    assert {one.name for one in files} - known <= {"ctm_with_rttm.rttm"}
    again = ingest(lake, folder)
    assert (again.added, again.changed, again.unchanged) == (0, 0, report.added + report.unchanged)
    assert [str(one) for one in again.rejected] == [str(one) for one in report.rejected]


ALONE = [pair for pair in SINGLE if pair[0].suffix != ".ctm" or not pair[0].with_suffix(".rttm").exists()]
"""Those that have nothing beside them which tells their speakers."""


@pytest.mark.parametrize(("file", "expected"), ALONE, ids=[source.name for source, _ in ALONE])
def test_an_example_reads_the_same_compressed_and_under_another_suffix(tmp_path, file, expected):
    import gzip

    other = tmp_path / f"{file.name}.gz"
    other.write_bytes(gzip.compress(file.read_bytes()))
    plain = [one.found for one in read_all(file)]
    packed = [one.found for one in read_all(other)]
    assert len(packed) == len(plain) == len(json.loads(expected.read_text())["conversations"])
    for one, two in zip(plain, packed, strict=True):
        assert [turn.text for turn in one.conversation.turns] == [turn.text for turn in two.conversation.turns]
