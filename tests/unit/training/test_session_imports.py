"""Answers that were given elsewhere: taken, known, conflicting or not found; and exports that give the same rounds."""

from __future__ import annotations

import json

import pytest

import workbench as wb
from tests.unit import training_scene
from tests.unit.small import EXAMPLES, answer
from tests.unit.training_scene import answer_all, calls, play, tracker
from workbench.domain.errors import InvalidArgument, RoundIncomplete
from workbench.domain.tags import Reason

CALLS = 40


def workspace(folder, user=None):
    return training_scene.workspace(folder, CALLS, user)


def learnt(folder, rounds):
    return training_scene.learnt(folder, rounds, CALLS)


@pytest.fixture
def ws(tmp_path):
    return workspace(tmp_path / "w", user="ann")


def sentences(ws, count=60, start=0):
    """Sentences of the corpus with their truth."""
    ids = ws.lake.pool()["id"].to_pylist()[start : start + count]
    return [(name, one.text, answer(one.text)) for name, one in ws.lake.sentences(ids, 0).items()]


def stored(made):
    """All that the rounds of a tracker are: what was asked, in what order, with what chance, what was said of it."""
    log = made.log()
    rounds = [{name: one[name] for name in ("round", "asked", "estimate", "complete")} for one in log["rounds"]]
    said = [(one["sentence_id"], one["round"], one["answer"], one["by"], one["settles"]) for one in log["answers"]]
    return rounds, sorted(said), made.train().rounds(), made.train().detected()


def carried(ws, folder, answers="answers.csv", definitions="all.csv"):
    """The tracker as its definition and answers, exported, make it in another workspace over the same calls."""
    made = ws.trackers.get("Price")
    export = ws.trackers.to_csv if definitions.endswith("csv") else ws.trackers.to_json
    export(folder / definitions)
    made.export_answers(folder / answers)
    other = workspace(folder / "other", user="zoe")
    (other.trackers.from_csv if definitions.endswith("csv") else other.trackers.from_json)(folder / definitions)
    again = other.trackers.get("Price")
    return again, again.import_answers(folder / answers)


@pytest.mark.parametrize(("answers", "definitions"), [("a.csv", "d.csv"), ("a.jsonl", "d.json")])
def test_answers_and_definition_exported_and_imported_give_the_same_rounds(tmp_path, answers, definitions):
    ws = learnt(tmp_path / "w", 3)
    again, report = carried(ws, tmp_path, answers, definitions)
    assert (report.taken, report.again, report.known, report.problems) == (75, 75, 0, ())
    assert stored(again) == stored(ws.trackers.get("Price"))
    assert again.replay().same


def test_audits_reviews_picked_imported_and_open_rounds_of_several_people_come_out_the_same(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    session = made.train()
    answer_all(session, session.audit_round())
    session.tag(session.candidates[0].sentence_id, "not_sure", by="bob")
    session.complete_round()
    answer_all(session, session.review_round(8))
    session.complete_round()
    asked = {one.sentence_id for number in made.log()["rounds"] for one in session.answered([])} | set(
        made.answers().sentence_id
    )
    free = [one for one in sentences(ws, 200) if one[0] not in asked]
    answer_all(session, session.picked_round([free[0][0], free[1][0]]))
    session.complete_round()
    made.import_answers([{"sentence_id": name, "answer": said} for name, _, said in free[2:30]])
    made.import_answers([{"text": "Far more than we can pay", "label": "yes", "before": "Well?"}], teach_only=True)
    session = made.train()
    answer_all(session, session.next_round()[:10])
    again, report = carried(ws, tmp_path)
    assert report.taken == report.again == len(made.answers())
    assert report.problems == ()
    assert stored(again) == stored(made)


def test_nothing_a_file_says_of_chances_is_believed(ws):
    made = tracker(ws)
    rows = [
        {
            "sentence_id": name, "text": text, "answer": said,
            "round": 1, "position": place, "reason": "random", "probability": 0.01,
        }
        for place, (name, text, said) in enumerate(sentences(ws))
    ]  # fmt: skip
    report = made.import_answers(rows)
    assert (report.taken, report.again) == (60, 0)
    found = made.answers()
    assert set(found.reason) == {str(Reason.IMPORTED)}
    assert found.probability.isna().all()


def test_imported_answers_teach_and_enter_no_estimate(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    before = made.train().estimate()
    asked = set(made.answers().sentence_id)
    rows = [{"sentence_id": name, "answer": said} for name, _, said in sentences(ws, 150) if name not in asked]
    report = made.import_answers(rows)
    assert report.taken == len(rows)
    session = made.train()
    after = session.estimate()
    assert after.heldout.tags == before.heldout.tags
    assert after.heldout.yes == before.heldout.yes
    assert after.corpus.drawn == before.corpus.drawn
    assert session.found().sentences > 0
    new = {candidate.sentence_id for candidate in session.next_round()}
    assert not new & (asked | {row["sentence_id"] for row in rows})
    assert made.replay().same


def test_wrong_answers_from_elsewhere_do_not_change_who_is_tested(tmp_path):
    ws = learnt(tmp_path / "w", 2)
    made = ws.trackers.get("Price")
    asked = set(made.answers().sentence_id)
    fitted = made.train().learning.first_stage()[1]
    rows = [
        {"sentence_id": name, "answer": "no" if said == "yes" else "yes"}
        for name, _, said in sentences(ws, 100)
        if name not in asked
    ]
    made.import_answers(rows)
    after = made.train().learning.first_stage()[1]
    assert (after.data.call >= 0).sum() == (fitted.data.call >= 0).sum()
    assert (after.data.call < -1).sum() == len(rows)


def test_sentences_are_found_by_id_by_text_and_by_call_and_time(ws):
    made = tracker(ws)
    (one, *_), (two, *_), (three, said, _) = sentences(ws, 3)
    call, start = two.rsplit(":", 2)[0], ws.lake.sentences([two], 0)[two].start_s
    report = made.import_answers(
        [
            {"sentence_id": one, "answer": "YES"},
            {"Call ID": call, "start_s": start + 1, "Label": "No"},
            {"text": f"  {said.upper()}", "label": 1, "annotator": "bob", "at": "2024-05-01T10:00:00Z"},
        ]
    )
    assert (report.taken, report.problems) == (3, ())
    found = made.answers().set_index("sentence_id")
    assert found.answer.to_dict() == {one: "yes", two: "no", three: "yes"}
    assert found.annotator.to_dict() == {one: "ann", two: "ann", three: "bob"}
    assert str(found["at"][three]) == "2024-05-01 10:00:00+00:00"


def test_a_text_that_several_say_is_reported_or_stands_for_all(tmp_path):
    ws = wb.open(tmp_path / "w", encoder=learnt(tmp_path / "x", 1).encoder, user="ann")
    call = next(iter(calls(0, 1)))
    ws.ingest([call | {"id": f"c{n}", "turns": [{"text": "Too expensive!"}, {"text": f"Fine {n}"}]} for n in range(3)])
    ws.encode()
    made = ws.trackers.create("Price", examples=EXAMPLES, filters=wb.Filters(scope="any"))
    rows = [{"text": "too EXPENSIVE!", "answer": "yes"}, {"text": "Fine 1", "answer": "no"}, {"text": "?", "label": 0}]
    report = made.import_answers(rows)
    assert report.counts == {"ambiguous": 1, "not_found": 1}
    assert report.taken == 1
    assert "3 sentences say" in str(report)
    report = made.import_answers(rows, match="all")
    assert (report.taken, report.known) == (3, 1)


def test_what_stands_here_is_never_changed_by_an_import(tmp_path):
    ws = learnt(tmp_path / "w", 1)
    made = ws.trackers.get("Price")
    before = made.answers()
    turned = {"yes": "no", "no": "yes"}
    rows = [
        {"sentence_id": row.sentence_id, "answer": turned[row.answer] if at % 2 else row.answer, "annotator": "bob"}
        for at, row in enumerate(before.itertuples())
    ]
    report = made.import_answers(rows)
    assert (report.taken, report.known, report.counts) == (0, 13, {"conflicting": 12})
    assert made.answers().equals(before)
    twice = [{"text": sentences(ws, 1, 470)[0][1], "answer": said} for said in ("yes", "no", "yes")]
    report = made.import_answers(twice)
    assert (report.taken, report.known, report.counts) == (1, 1, {"conflicting": 1})


def test_what_only_teaches_leaves_the_corpus_unanswered(ws):
    made = tracker(ws)
    own = sentences(ws, 40)
    rows = [{"text": text, "answer": said} for _, text, said in own]
    rows += [{"sentence_id": own[0][0], "answer": own[0][2]}, {"text": "Never said here, far too dear", "label": "yes"}]
    report = made.import_answers(rows, teach_only=True)
    assert (report.taken, report.problems) == (42, ())
    session = made.train()
    assert session.rounds()[0].picked
    assert session.rounds()[0].gone == 0
    found = made.answers()
    assert sorted(found.text) == sorted([*(text for _, text, _ in own), own[0][1], "Never said here, far too dear"])
    fitted = session.learning.first_stage()[1]
    assert fitted.tagged.sum() == 0
    assert len(fitted.sure) == 42
    play(session, 1)
    assert made.replay().same
    assert made.replay("random").rounds[0].asked == 42


def test_an_import_waits_for_the_open_round(ws):
    made = tracker(ws)
    session = made.train()
    session.tag(session.next_round()[0].sentence_id, "yes")
    with pytest.raises(RoundIncomplete, match="complete it, then import"):
        made.import_answers([{"sentence_id": sentences(ws, 1)[0][0], "answer": "yes"}])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"text": "x"}] * 2, None),
        (["not a row"], "unreadable"),
        ([{"text": "x", "label": "perhaps"}], "unreadable"),
        ([{"label": "yes"}], "unreadable"),
        ([{"text": "x", "label": ["yes", "no"]}], "unreadable"),
        ([{"text": "x", "label": "yes", "annotator": "a\x07b"}], "not_found"),
        ([{"sentence_id": "call-1:999:0", "label": "yes"}], "not_found"),
        ([{"conversation_id": "nowhere", "start_s": 4, "label": "yes"}], "not_found"),
        ([{"conversation_id": "call-1", "start_s": -4, "label": "yes"}], "not_found"),
        ([{"text": {"deep": [1]}, "label": float("nan")}], None),
    ],
)
def test_what_cannot_be_taken_is_told_of(ws, rows, told):
    report = tracker(ws).import_answers(rows)
    assert report.taken == 0
    assert [one.kind for one in report.problems] == ([told] if told else [])


def test_files_that_are_no_labels_are_refused(ws, tmp_path):
    made = tracker(ws)
    for name, content, told in [
        ("a.csv", b"who;what\nx;y\n", "no column for the answer"),
        ("b.csv", b"label\nyes\n", "says which sentence"),
        ("c.json", b"[[[[", "not JSON"),
        ("d.csv", b"", "empty"),
        ("e.json", b"[" * 100_000, "nested too deeply|not JSON"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidArgument, match=told):
            made.import_answers(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        made.import_answers(tmp_path / "nothing.csv")
    with pytest.raises(InvalidArgument, match="give a file, a DataFrame"):
        made.import_answers({"text": "x", "answer": "yes"})
    with pytest.raises(InvalidArgument, match="match: must be only or all"):
        made.import_answers([], match="any")


def test_an_exported_file_read_in_json_says_what_it_says_as_a_table(tmp_path):
    ws = learnt(tmp_path / "w", 1)
    frame = ws.trackers.get("Price").answers()
    other = workspace(tmp_path / "o")
    one = tracker(other).import_answers(frame)
    two = tracker(other, "Two").import_answers(json.loads(frame.to_json(orient="records", date_format="iso")))
    assert one.again == two.again == 25
