import pytest

from workbench.corpus.sides import check_sides, sides_in, with_sides
from workbench.domain.conversations import Conversation, Party, Side, Turn
from workbench.domain.errors import InvalidArgument

CALL = Conversation(
    id="c",
    turns=(Turn(text="Hello.", party="a"), Turn(text="Hi.", party="x"), Turn(text="Hm.")),
    parties=(Party(id="a", name="Ann", side=Side.CUSTOMER, email="ann@x.org"),),
)


def test_sides_are_told_by_id_or_by_name_and_can_be_taken_away():
    for key in ("a", "Ann"):
        told = with_sides(CALL, {key: "company"})
        assert told.parties == (Party(id="a", name="Ann", side=Side.COMPANY, email="ann@x.org"),)
    assert with_sides(CALL, {"a": ""}).parties[0].side is None
    assert with_sides(CALL, {}) is CALL
    assert with_sides(CALL, {"nobody": "company"}) == CALL


def test_who_is_not_listed_is_listed_with_the_side():
    assert with_sides(CALL, {"x": "company"}).parties[1:] == (Party(id="x", name="x", side=Side.COMPANY),)


def test_sides_are_checked_and_may_depend_on_the_file(tmp_path):
    assert sides_in(lambda path: {path.name: "company"}, tmp_path / "Ann") == {"Ann": "company"}
    with pytest.raises(InvalidArgument, match="left"):
        check_sides({"Ann": "left"})
    with pytest.raises(InvalidArgument, match="left"):
        sides_in({"Ann": "left"}, tmp_path)
