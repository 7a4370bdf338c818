"""Encoding reads only the texts that are new, whatever the corpus holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.corpus import distinct_texts
from workbench.corpus.lake import Lake
from workbench.engine.encoders import HashingEncoder
from workbench.engine.word_store import WordStore
from workbench.resources import vectors


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts each reading of them gave."""
    counts: list[int] = []
    real = Lake.distinct_texts

    def counted(*args: Any, **more: Any) -> Any:
        found = list(real(*args, **more))
        counts.append(sum(batch.num_rows for batch in found))
        return iter(found)

    monkeypatch.setattr(Lake, "distinct_texts", counted)
    return counts


def new_call(text: str) -> dict[str, Any]:
    return {"id": text, "turns": [{"text": text}]}


def test_a_call_that_arrives_has_its_own_texts_read_alone(tmp_path: Path, read: list[int]) -> None:
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(conversations(5), detect=False)
    assert ws.encode() == read.pop()
    ws.ingest([new_call("The parcel never came.")], detect=False)
    assert ws.encode() == 1
    assert read == [1]
    assert ws.encode() == 0
    assert read == [1]


def test_many_new_texts_are_read_alone(tmp_path: Path, read: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct_texts, "MOST_KEYS", 1)
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(conversations(5), detect=False)
    ws.encode()
    ws.ingest([new_call("The parcel never came."), new_call("It was broken.")], detect=False)
    assert wb.open(tmp_path, encoder=HashingEncoder()).encode() == 2
    assert read[1] == 2


def test_texts_are_encoded_with_few_of_them_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[list[str]] = []

    class Watched(HashingEncoder):
        def encode(self, texts: Any) -> Any:
            encoded.append(list(texts))
            assert len(ws.resources.vectors.words) <= sum(map(len, encoded)) + vectors.AT_ONCE + distinct_texts.STRETCH
            return super().encode(texts)

    for module, name, least in ((distinct_texts, "MOST_KEYS", 1), (distinct_texts, "STRETCH", 3)):
        monkeypatch.setattr(module, name, least)
    for name, least in (("CHUNK", 4), ("WORDS_CHUNK", 5), ("AT_ONCE", 8)):
        monkeypatch.setattr(vectors, name, least)
    given = conversations(12)
    ws = wb.open(tmp_path, encoder=Watched())
    ws.ingest(given, detect=False)
    reports: list[tuple[int, int]] = []
    made = ws.encode(lambda *told: reports.append(told))
    texts = [text for batch in encoded for text in batch]
    assert len(set(texts)) == len(texts) == made == len(ws.lake.text_keys())
    assert all(batch == sorted(batch, key=len) for batch in encoded)
    assert max(map(len, encoded)) == 4
    assert reports[-1] == (made, made)
    assert (ws.resources.vectors.store.lookup(ws.lake.text_keys()) >= 0).all()
    assert ws.encode() == 0


def test_who_is_interrupted_goes_on_where_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(HashingEncoder):
        left = 3

        def encode(self, texts: Any) -> Any:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt
            return super().encode(texts)

    monkeypatch.setattr(distinct_texts, "MOST_KEYS", 1)
    monkeypatch.setattr(distinct_texts, "STRETCH", 7)
    monkeypatch.setattr(vectors, "CHUNK", 4)
    monkeypatch.setattr(vectors, "AT_ONCE", 8)
    ws = wb.open(tmp_path, encoder=Interrupted())
    ws.ingest(conversations(12), detect=False)
    with pytest.raises(KeyboardInterrupt):
        ws.encode()
    wanted = len(ws.lake.text_keys())
    assert wb.open(tmp_path, encoder=HashingEncoder()).encode() == wanted - 8


def test_a_call_that_is_corrected_while_others_are_encoded_is_encoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distinct_texts, "MOST_KEYS", 1)
    monkeypatch.setattr(distinct_texts, "STRETCH", 2)
    monkeypatch.setattr(vectors, "CHUNK", 1)
    monkeypatch.setattr(vectors, "AT_ONCE", 1)

    class Correcting(HashingEncoder):
        done = False

        def encode(self, texts: Any) -> Any:
            if not self.done:
                self.done = True
                other = wb.open(tmp_path, encoder=HashingEncoder())
                first = given[0]
                turns = [{**first["turns"][0], "text": f"New here. {first['turns'][0]['text']}"}, *first["turns"][1:]]
                other.ingest([{**first, "turns": turns}], detect=False, on_change="replace")
            return super().encode(texts)

    given = conversations(4)
    ws = wb.open(tmp_path, encoder=Correcting())
    ws.ingest(given, detect=False)
    ws.encode()
    ws.encode()
    assert (ws.resources.vectors.store.lookup(ws.lake.text_keys()) >= 0).all()


def test_words_that_are_missing_are_made_though_the_vectors_are_there(tmp_path: Path) -> None:
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(conversations(5), detect=False)
    made = ws.encode()
    words = ws.resources.vectors.words
    words.remove(ws.lake.text_keys()[:3])
    assert ws.encode() == 0
    assert (WordStore(words.folder).lookup(ws.lake.text_keys()) >= 0).all()
    assert len(ws.lake.text_keys()) == made


def test_only_parts_that_came_since_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[Any] = []
    real = Lake.text_keys

    def asked(lake: Lake, of: Any = None) -> Any:
        spans.append(of)
        return real(lake, of)

    monkeypatch.setattr(Lake, "text_keys", asked)
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest(conversations(5), detect=False)
    ws.encode()
    ws.ingest([new_call("The parcel never came.")], detect=False)
    assert ws.encode() == 1
    assert spans == [None, [(5, 6)]]
    ws.ingest([{**new_call("It was broken."), "id": "The parcel never came."}], detect=False)  # a correction
    assert ws.encode() == 1
    assert ws.encode() == 0
    assert spans[3:] == [[]]


def test_vectors_that_are_taken_out_while_someone_still_says_the_text_are_made_again(tmp_path: Path) -> None:
    ws, other = (wb.open(tmp_path, encoder=HashingEncoder()) for _ in range(2))
    ws.ingest(conversations(5), detect=False)
    ws.encode()
    store = other.resources.vectors.store
    gone = ws.lake.text_keys()[:3]
    assert store.remove(gone) == 3
    assert ws.encode() == 3
    assert (ws.resources.vectors.store.lookup(gone) >= 0).all()


def test_deleted_and_imported_again_has_its_vectors_again(tmp_path: Path) -> None:
    ws, other = (wb.open(tmp_path, encoder=HashingEncoder()) for _ in range(2))
    ws.ingest([*conversations(5), new_call("The parcel never came.")], detect=False)
    ws.encode()
    other.delete(calls=["The parcel never came."])
    ws.ingest([new_call("The parcel never came.")], detect=False)
    assert ws.encode() == 1
    assert (ws.resources.vectors.store.lookup(ws.lake.text_keys()) >= 0).all()
