"""The sample corpus keeps what its README promises: size, labels, variety, and no easy keyword wins."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "sample_corpus"
CALL_FILES = ("calls-2025-h2.jsonl", "calls-2026-h1.jsonl", "calls-2026-h2.jsonl")


def _split(text: str) -> set[str]:
    return set(text.split())


KEYS = {
    "id", "kind", "title", "started", "duration_s", "direction", "channel", "scope", "language", "account",
    "deal", "team", "thread", "media", "fields", "parties", "turns",
}  # fmt: skip
STOP = _split("""a about after again all also am an and any are as at be been before being but by can could
        did do does doing don down each even few for from further get go had has have having he
        her here hers him his how i if in into is it its just let like me mean might more most
        much my no nor not now of off on once one only or other our out over own really right same
        say she should so some still such t than that the their them then there these they this
        those through to too under until up us very was we well were what when where which while
        who whom why will with would yeah yes you your ok okay um uh know need want s m ll re ve d""")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The generator, imported from where it lives."""
    sys.path.insert(0, str(FOLDER))
    try:
        import generate
    finally:
        sys.path.remove(str(FOLDER))
    return generate


@pytest.fixture(scope="module")
def corpus(maker: ModuleType):
    """The corpus made anew, with the skeleton of each sentence."""
    return maker.build()


@pytest.fixture(scope="module")
def calls() -> list[dict]:
    """The calls as committed."""
    return [row for name in CALL_FILES for row in _rows(name)]


@pytest.fixture(scope="module")
def emails() -> list[dict]:
    """The e-mails as committed."""
    return _rows("emails.jsonl")


def _rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def test_regenerating_gives_the_same_bytes(maker, corpus, tmp_path) -> None:
    maker.write(corpus, tmp_path)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {
        p.relative_to(FOLDER): p.read_bytes()
        for p in [*FOLDER.glob("*.jsonl"), *(FOLDER / "audio").iterdir()]
        if p.is_file()
    }
    assert made.keys() == kept.keys()
    assert [str(name) for name in made if made[name] != kept[name]] == []


def test_counts(calls, emails) -> None:
    assert len(calls) >= 600
    assert len(emails) >= 150
    assert sum(c["language"] == "en" and c["scope"] == "external" for c in calls) >= 500
    languages = Counter(c["language"] for c in calls)
    assert min(languages["es"], languages["de"]) >= 10
    assert languages["es"] + languages["de"] >= 30
    assert len({c["team"] for c in calls}) >= 4
    assert len({c["account"] for c in calls}) >= 50


def test_every_kind_of_call_is_there(calls) -> None:
    assert {c["direction"] for c in calls} == {"inbound", "outbound", "conference"}
    assert {c["channel"] for c in calls} == {"web_conference", "telephony"}
    assert {c["scope"] for c in calls} == {"internal", "external"}
    assert {c["deal"]["outcome"] for c in calls if c["deal"]} == {"open", "won", "lost"}
    months = {c["started"][:7] for c in calls}
    assert len(months) == 14
    assert (min(months), max(months)) == ("2025-09", "2026-10")


def test_rows_have_the_shape_of_the_format(calls, emails) -> None:
    rows = calls + emails
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row.keys() <= KEYS, row["id"]
        datetime.fromisoformat(row["started"])
        parties = {p["id"] for p in row["parties"]}
        assert all(p["side"] in ("company", "customer") and p["email"] for p in row["parties"])
        assert row["turns"]
        for turn in row["turns"]:
            assert turn["party"] in parties
            assert turn["text"].strip()
        if row["kind"] == "email":
            assert row["thread"]
            assert row["parties"][0]["id"] == row["turns"][0]["party"]


def test_internal_calls_have_company_parties_only(calls) -> None:
    for call in calls:
        sides = {p["side"] for p in call["parties"]}
        assert sides == ({"company"} if call["scope"] == "internal" else {"company", "customer"}), call["id"]


def test_times_run_on(calls) -> None:
    for call in calls:
        clock = 0.0
        for turn in call["turns"]:
            assert clock <= turn["start_s"] < turn["end_s"] <= call["duration_s"], call["id"]
            clock = turn["end_s"]
        words = sum(len(t["text"].split()) for t in call["turns"])
        assert 1.3 < words / call["duration_s"] < 3.2, call["id"]


def test_recordings(calls) -> None:
    recorded = [c for c in calls if "media" in c]
    assert len(recorded) == 3
    for call in recorded:
        assert (FOLDER / call["media"]).stat().st_size < 400_000


def test_labels_have_spans_that_are_sentences(calls, emails) -> None:
    for row in calls + emails:
        for turn in row["turns"]:
            spans = turn.get("spans", [])
            assert {s["label"] for s in spans} == set(turn.get("labels", []))
            for span in spans:
                text = turn["text"][span["start"] : span["end"]]
                assert re.fullmatch(r"\S[^.?!]*[.?!]", text), (row["id"], text)


def test_sentences_are_where_they_are_said_to_be(corpus) -> None:
    rows = {row["id"]: row for row in corpus.calls + corpus.emails}
    for s in corpus.sentences:
        assert rows[s.conversation]["turns"][s.turn]["text"][s.start : s.end] == s.text


def test_variety(corpus) -> None:
    distinct = {s.text for s in corpus.sentences}
    assert len(distinct) > 12_000
    by_template = defaultdict(set)
    for s in corpus.sentences:
        by_template[s.template].add(s.text)
    assert max(map(len, by_template.values())) <= 0.005 * len(distinct)
    occurrences = Counter(s.template for s in corpus.sentences)
    assert max(occurrences.values()) <= 0.005 * len(corpus.sentences)


def test_prevalence(corpus) -> None:
    counts = Counter(label for s in corpus.sentences for label in s.labels)
    shares = {label: n / len(corpus.sentences) for label, n in counts.items()}
    assert len(shares) >= 12
    assert sum(0.003 <= share <= 0.06 for share in shares.values()) >= 10
    assert sum(0.003 <= share <= 0.006 for share in shares.values()) >= 2


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]+", text.lower()) if w not in STOP}


def _keyword_f1(label: str, sentences: list) -> float:
    positive = [s for s in sentences if label in s.labels]
    common = Counter(word for s in positive for word in sorted(_words(s.text))).most_common(5)
    pattern = re.compile(r"\b(?:" + "|".join(word for word, _ in common) + r")\b", re.IGNORECASE)
    found = [s for s in sentences if pattern.search(s.text)]
    return 2 * sum(label in s.labels for s in found) / (len(found) + len(positive))


def test_keywords_do_badly(corpus) -> None:
    labels = {label for s in corpus.sentences for label in s.labels}
    scores = {label: _keyword_f1(label, corpus.sentences) for label in labels}
    assert sum(score < 0.6 for score in scores.values()) >= 8, scores


def test_short_answers_count_only_after_the_right_question(corpus) -> None:
    for label in ("next_step_agreed", "decision_authority"):
        with_label = {s.text for s in corpus.sentences if label in s.labels}
        without = {s.text for s in corpus.sentences if label not in s.labels}
        assert len(with_label & without) >= 5, label
