import pytest

import workbench as wb
from workbench.domain.errors import ConversationNotFound
from workbench.engine.encoders import HashingEncoder

CALL = {
    "id": "a:call",
    "title": "Review",
    "started": "2026-03-02T09:00:00Z",
    "duration_s": 60,
    "media": "https://example.test/a.wav",
    "parties": [{"id": "c", "name": "Cy", "side": "customer"}, {"id": "r", "side": "company"}],
    "turns": [
        {"party": "c", "text": "Good  morning. It costs (too) much.", "start_s": 0, "end_s": 10},
        {"party": "r", "text": "I see."},
        {"party": "nobody", "text": "COSTS\nare costs."},
    ],
}
EMAIL = {"id": "mail", "kind": "email", "turns": [{"text": "Dear Ro,\n\nit is fine. Thank you.\n\nCy"}]}


@pytest.fixture
def lake(tmp_path):
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    workspace.ingest([{"id": "other", "turns": [{"text": "Costs."}]}, CALL, EMAIL])
    return workspace.lake


def test_an_outline_holds_all_but_the_text(lake):
    found = lake.outline("a:call")
    assert (found.kind, found.title, found.media, found.sentences) == ("call", "Review", CALL["media"], 4)
    assert found.starts[0] == 0.0
    assert found.starts[2:] == (None, None)
    assert found.sides == ("customer", "customer", "company", None)
    assert found.turns == (0, 0, 1, 2)
    assert [party.name for party in found.parties] == ["Cy", None]


def test_pages_stay_within_the_conversation(lake):
    outline = lake.outline("a:call")
    first, rest = lake.lines(outline, 0, 3), lake.lines(outline, 3, 3)
    assert [line.at for line in first + rest] == [0, 1, 2, 3]
    assert rest[0].sentence_id == "a:call:2:0"
    assert (rest[0].speaker, rest[0].side, rest[0].start_s) == ("nobody", None, None)
    assert lake.lines(outline, 4, 10) == []


@pytest.mark.parametrize(
    ("words", "places"),
    [("costs", [1, 3]), (" good morning ", [0]), ("(too)", [1]), ("costs are", [3]), (".*", []), (" ", []), ("x", [])],
)
def test_words_are_found_as_they_stand(lake, words, places):
    assert lake.matches(lake.outline("a:call"), words) == places


def test_new_lines_of_an_email_are_known(lake):
    outline = lake.outline("mail")
    texts = [line.text for line in lake.lines(outline, 0, 10)]
    assert [texts[at] for at in lake.breaks(outline)] == ["it is fine.", "Cy"]
    assert lake.breaks(lake.outline("a:call")) == []


def test_an_unknown_conversation_is_named(lake):
    with pytest.raises(ConversationNotFound, match="'nowhere'"):
        lake.outline("nowhere")


def test_a_sentence_is_placed_by_its_id(lake):
    outline = lake.outline("a:call")
    ids = [line.sentence_id for line in lake.lines(outline, 0, 10)]
    assert [outline.place(name) for name in ids] == [0, 1, 2, 3]
    assert {outline.place(name) for name in ("a:call:0:2", "a:call:3:0", "other:0:0", "a:call", "")} == {None}
