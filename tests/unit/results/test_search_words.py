"""Search finds a word where an exact keyword tracker does, in any script and spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.filters import Filters
from workbench.domain.words import folded, phrases_of
from workbench.results.search import search
from workbench.trackers.keyword import KeywordMatcher, KeywordSettings

SIGNS = "+#&/.$%'’-,!? \u00ad\u200b"
ALPHABET = st.one_of(
    st.sampled_from("aAbBiIıİsSßẞσςΣéE\u0301\u0307\u0308ﬁKk0½価かがｶﾞกำิขหិ្हिन्"),
    st.sampled_from(SIGNS),
    st.characters(exclude_categories=["Cs", "Cc"]),
)
TEXTS = st.lists(st.text(ALPHABET, min_size=1, max_size=12), min_size=1, max_size=6, unique=True)


def call(number, text):
    return {"id": f"c{number}", "turns": [{"text": text}]}


def never():
    raise AssertionError("nothing but a meaning needs vectors")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS)
def test_search_finds_what_exact_keywords_find(tmp_path_factory, texts):
    lake = Lake(tmp_path_factory.mktemp("w") / "lake")
    ingest(lake, [call(n, text) for n, text in enumerate(texts)])
    said = {row["id"].as_py(): row["text"].as_py() for batch in lake.said_in() for row in _rows(batch)}
    typed = {part for text in said.values() for part in (text, *text.split(), *_words(text))}
    for words in sorted(one for one in typed if len(phrases_of(f'"{one}"')) == 1 and not set(one) & set('"“”„«»')):
        matcher = KeywordMatcher(KeywordSettings(words=(words,), match="exact"))
        wanted = {id_ for id_, text in said.items() if matcher.occurrences(text)}
        assert wanted
        for spelt in {words, words.upper(), unicodedata.normalize("NFD", words)}:
            found = search(lake, f'"{spelt}"', vectors=never)
            assert set(found["sentence_id"]) == wanted, (spelt, said)
    lake.close()


def _rows(batch):
    return ({name: batch[name][at] for name in ("id", "text")} for at in range(len(batch)))


def _words(text):
    plain, words = folded(text)
    return [plain[word.start : word.end] for word in words]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    said = [
        "We use C++ here.",
        "We use C# here.",
        "Plan C is fine.",
        "Our R&D works 24/7.",
        "R and D, 24 of 7",
        "価格は",
    ]
    found = wb.open(tmp_path_factory.mktemp("w") / "w")
    title, people = "İSTANBUL Straße", [{"id": "a", "name": "Zoë Großmann", "email": "zoe@x.example"}]
    calls = [{"title": title, "parties": people} | call(n, text) for n, text in enumerate(said)]
    found.ingest(calls, detect=False)
    return found


@pytest.mark.parametrize(
    ("words", "count"), [("C++", 1), ("C#", 1), ("C", 3), ("c", 3), ("R&D", 1), ("24/7", 1), ("24", 2), ("価格", 1)]
)
def test_signs_that_are_typed_are_looked_for(workspace, words, count):
    anywhere = Filters(scope="any")
    found = workspace.search(words, filters=anywhere)
    assert len(found) == found.attrs["total"] == count
    tracker = workspace.trackers.create(f"find {words}", kind="keyword", words=[words], filters=anywhere)
    assert set(tracker.finds()[0]) == set(found["sentence_id"])


@pytest.mark.parametrize(
    "filters",
    [
        {"title": "istanbul strasse"},
        {"title": "STRASSE"},
        {"participants": ["GROSSMANN"]},
        {"participants": ["zoe\u0308"]},
    ],
)
def test_titles_and_people_are_compared_alike(workspace, filters):
    assert workspace.counts(Filters(scope="any", **filters)).calls == 6
    assert workspace.counts(Filters(scope="any", participants=["zoe großmann"])).calls == 0


@pytest.mark.parametrize(
    ("said", "typed"),
    [("20 % off", "20%"), ("20% off", "20 %"), ("２０％", "20 ％"),
     ("for $ 40", "$40"), ("for US$40", "US$ 40"), ("C++ and #1", "#1 C++"),
     ("AT&T", "at&t"), ("5 €", "5€"), ("値段が高すぎます", "値段"), ("ราคาแพงมาก", "แพง"), ("pri\u200bce", "price")],
)  # fmt: skip
def test_search_trackers_and_find_in_a_call_agree(tmp_path, said, typed):
    lake = Lake(tmp_path / "lake")
    ingest(lake, [call(1, said), call(2, "20 of 40 costs, C and 5 値 ราคา AT T no 1")])
    assert list(search(lake, typed, vectors=never)["conversation_id"]) == ["c1"]
    assert lake.matches(lake.outline("c1"), typed) == [0]
    assert lake.matches(lake.outline("c2"), typed) == []
    for match in ("exact", "inflected"):
        matcher = KeywordMatcher(KeywordSettings(words=tuple(typed.split("#1 ")[-1:]), match=match))
        assert matcher.occurrences(said)
        assert not matcher.occurrences("20 of 40 costs, C and 5 値 ราคา AT T no 1")
    lake.close()
