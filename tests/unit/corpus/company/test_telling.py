"""What follows from sides, and sides of calls that come again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.company.importing import ImportSides
from workbench.corpus.company.rules import Decided, SideRule
from workbench.corpus.company.settings import company_of
from workbench.corpus.company.telling import carried, everyone, follows, with_sides
from workbench.corpus.reading import read_all
from workbench.corpus.side_tags import folder_in, rules_in, set_by_people, side_tag, team_tag
from workbench.corpus.tables import Item, hash_of
from workbench.domain.conversations import Conversation, Direction, Party, Scope, Side, Turn

SIDES = st.sampled_from([None, Side.COMPANY, Side.CUSTOMER])


@given(st.lists(SIDES, max_size=5), st.sampled_from(["call", "email"]))
def test_scope_and_direction_follow_from_sides(sides, kind):
    parties = [Party(id=str(at), side=side) for at, side in enumerate(sides)]
    found = follows(kind, parties, "0" if parties else None)
    assert (found.scope == Scope.INTERNAL) == (len(sides) > 1 and set(sides) == {Side.COMPANY})
    assert (found.scope == Scope.EXTERNAL) == (Side.CUSTOMER in sides)
    if kind == "call":
        assert found.direction is None
    elif sides and sides[0] == Side.CUSTOMER:
        assert found.direction == Direction.INBOUND
    else:
        outbound = bool(sides) and sides[0] == Side.COMPANY and Side.CUSTOMER in sides
        assert found.direction == (Direction.OUTBOUND if outbound else None)


def item(**about) -> Item:
    call = Conversation(id="c", turns=(Turn(text="Hello.", party="a"), Turn(text="Hi.", party="b")), **about)
    return Item(call, hash_of(call))


def test_the_hash_stays_that_of_the_content_and_what_is_told_stays():
    plain = item(scope=Scope.EXTERNAL)
    both = {"a": (Side.COMPANY, SideRule.NAME), "b": (Side.COMPANY, SideRule.DOMAIN)}
    told = with_sides(plain, Decided(both, {"a": "North"}))
    assert told.content_hash == plain.content_hash
    assert told.conversation.scope == Scope.EXTERNAL
    assert told.conversation.parties == (
        Party(id="a", side=Side.COMPANY, team="North"),
        Party(id="b", side=Side.COMPANY),
    )
    assert told.set == (side_tag("email", "b"), side_tag("name", "a"), team_tag("a"))
    assert with_sides(item(), Decided(both)).conversation.scope == Scope.INTERNAL
    assert set_by_people((*told.set, "deal_stage", side_tag("hand", "b"))) == ("deal_stage", side_tag("hand", "b"))
    assert rules_in(told.set) == {"a": "name", "b": "email"}


def test_what_was_decided_follows_parties_that_are_renamed():
    before = item(parties=(Party(id="a", name="Ann"),)).conversation
    after = Conversation(
        id="c",
        turns=(Turn(text="Hello.", party="Speaker 1"), Turn(text="Hi.", party="Speaker 2")),
        parties=(Party(id="Speaker 1"),),
    )
    told = carried(Decided({"a": (Side.COMPANY, SideRule.NAME), "b": (Side.CUSTOMER, SideRule.LABEL)}), before, after)
    assert told.sides == {
        "Speaker 1": (Side.COMPANY, SideRule.NAME),
        "Speaker 2": (Side.CUSTOMER, SideRule.LABEL),
    }
    assert [one.id for one in everyone(after)] == ["Speaker 1", "Speaker 2"]


def test_an_import_counts_by_rule_and_remembers_the_folder_of_what_is_not_known(tmp_path):
    file = tmp_path / "zoom" / "a.vtt"
    file.parent.mkdir()
    file.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nAnn Lee: Hello.\n\n00:03.000 --> 00:04.000\nBob: Hi.\n")
    sides = ImportSides(company_of(colleagues=["Ann Lee"]))
    (one,) = read_all(file)
    told = sides.told(one, one).found
    assert folder_in(told.set).endswith("/zoom")
    sides.count(told)
    assert str(sides.tally.counts()).startswith("sides: 1 by a colleague's name, 1 unknown in 1 call")
