"""Workspaces whose texts an earlier version split and keyed otherwise work on; new calls follow the new rules."""

from __future__ import annotations

import hashlib
import re

import pytest

import workbench as wb
from tests.unit.small import PackagedName
from workbench.corpus import sentences, tables
from workbench.domain.conversations import Conversation
from workbench.domain.filters import Filters
from workbench.domain.texts import normalise
from workbench.live.all_calls import unit_of

NFD, NFC = "Das Cafe\u0301 ist zu teuer", "Das Café ist zu teuer"
LONG = "we would have to look at what it costs, " * 12  # more than 60 words
TURNS = [{"text": NFD}, {"text": LONG}, {"text": "\u200b\u3164"}, {"text": "値段が高すぎます" * 20}]
OLDER, NEWER = {"id": "older", "turns": TURNS}, {"id": "newer", "turns": [{"text": NFC}, *TURNS[1:]]}
ANY = Filters(scope="any")


def older_key(text: str) -> int:
    digest = hashlib.blake2b(normalise(text).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def older_cut(text: str, start: int, end: int, words: bool = True):
    """Even parts of at most 60 words, of words that can be seen or not, as up to version 0.9."""
    said = [found.span() for found in re.finditer(r"[^\s\0]+", text[start:end])]
    parts = -(-len(said) // 60)
    for part in range(parts):
        chosen = said[part * len(said) // parts : (part + 1) * len(said) // parts]
        yield start + chosen[0][0], start + chosen[-1][1]


@pytest.fixture(name="folder")
def _folder(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tables, "text_key", older_key)
        patch.setattr(sentences, "cut", older_cut)
        patch.setattr(sentences, "is_blank", lambda text: not normalise(text))
        older = wb.open(tmp_path / "a.workspace", encoder=PackagedName())
        older.ingest([OLDER])
        older.encode()
    return tmp_path / "a.workspace"


def rows(ws: wb.Workspace, call: str) -> list[tuple[str, int]]:
    table = ws.lake.pool(ANY)
    found = zip(*(table[name].to_pylist() for name in ("id", "text_key", "conversation_id")), strict=True)
    return [(name, key) for name, key, own in found if own == call]


def test_stored_sentences_stay_and_new_ones_share_keys(folder):
    ws = wb.open(folder, encoder=PackagedName())
    before = rows(ws, "older")
    assert [name for name, _ in before] == ["older:0:0", "older:1:0", "older:1:1", "older:2:0", "older:3:0"]
    assert ws.encode() == 0
    assert (ws.ingest([OLDER]).unchanged, ws.ingest([NEWER]).added) == (1, 1)
    assert rows(ws, "older") == before
    newer = rows(ws, "newer")
    assert [name for name, _ in newer] == ["newer:0:0", "newer:1:0", "newer:1:1", "newer:3:0", "newer:3:1"]
    assert ws.encode() > 0
    assert ws.encode() == 0
    assert {found.sentence_id for found in ws.search("Café teuer").itertuples()} == {"older:0:0", "newer:0:0"}
    assert {found.sentence_id for found in ws.search("値段").itertuples()} == {"older:3:0", "newer:3:0", "newer:3:1"}
    assert ws.check().is_whole


def test_trackers_find_alike_in_older_and_newer_calls(folder):
    ws = wb.open(folder, encoder=PackagedName())
    ws.ingest([NEWER])
    ws.encode()
    tracker = ws.trackers.create("Café", kind="keyword", words=["cafe\u0301", "costs", "値段"])
    found = {str(one) for one in ws.draft_detections(tracker.name)["sentence_id"]}
    assert {name.split(":", 1)[1] for name in found if name.startswith("older")} == {"0:0", "1:0", "1:1", "3:0"}
    assert {name.split(":", 1)[1] for name in found if name.startswith("newer")} == {"0:0", "1:0", "1:1", "3:0", "3:1"}


def test_a_call_of_an_older_split_is_replayed_by_sentences(folder):
    ws = wb.open(folder, encoder=PackagedName())
    card = ws.lake.card("older")
    assert unit_of(Conversation(id="older", turns=()), ws.lake.turns("older"), card.sentences) == "sentence"
