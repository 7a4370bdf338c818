"""Spellings that are one name: what can be added, what brings others along, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.aliases import (
    KINDS,
    MAX_SPELLING,
    MAX_SPELLINGS,
    NO_ALIASES,
    AliasNotFound,
    AliasTable,
    checked_kind,
    key_of,
)
from workbench.domain.errors import InvalidArgument

ANN = NO_ALIASES.with_added("person", "Ann Kline", ["A. Kline", "ann.kline@x.org"])


def test_spellings_have_a_main_name_whatever_their_case_spaces_width_and_form():
    for written in (
        "A. Kline",
        "a. KLINE",
        "  A.  Kline ",
        "Ａ． Kline",
        "ANN KLINE",
        "Ann.Kline@X.ORG",
        "A.\u200b Kline",
    ):
        assert ANN.main("person", written) == "Ann Kline"
    assert ANN.main("person", "B. Kline") == "B. Kline"
    assert ANN.main("team", "A. Kline") == "A. Kline"
    composed = NO_ALIASES.with_added("account", "Café Ltd", ["Cafe\u0301 GmbH"])
    assert composed.main("account", "CAFÉ GMBH") == "Café Ltd"


def test_all_spellings_of_a_name():
    assert ANN.spellings("person", "a. kline") == ("Ann Kline", "A. Kline", "ann.kline@x.org")
    assert ANN.spellings("person", "Ben") == ("Ben",)


def test_more_can_be_added_and_what_is_there_stays():
    more = ANN.with_added("person", "Ann Kline", ["Annie", "A. Kline"]).with_added("person", "Ben", ["Benny"])
    assert more.spellings("person", "Annie") == ("Ann Kline", "A. Kline", "ann.kline@x.org", "Annie")
    assert more.main("person", "benny") == "Ben"
    assert ANN.main("person", "Annie") == "Annie"


def test_a_main_name_can_be_spelt_anew():
    assert ANN.with_added("person", "ANN KLINE", ["Annie"]).main("person", "a. kline") == "ANN KLINE"


def test_a_main_name_brings_its_spellings_along():
    both = NO_ALIASES.with_added("team", "Sales", ["Vertrieb"]).with_added("team", "Sales EMEA", ["Sales", "EMEA"])
    assert both.groups["team"] == {"Sales EMEA": ("Sales", "Vertrieb", "EMEA")}


def test_a_spelling_is_of_one_name():
    with pytest.raises(InvalidArgument, match=r"'A. Kline' is a spelling of 'Ann Kline'; remove it there first"):
        ANN.with_added("person", "Arthur Kline", ["A. Kline"])
    with pytest.raises(InvalidArgument, match=r"name: 'A. Kline' is a spelling"):
        ANN.with_added("person", "A. Kline", ["Arthur"])
    assert ANN.with_added("account", "Arthur Kline", ["A. Kline"]).main("person", "A. Kline") == "Ann Kline"


@pytest.mark.parametrize("bad", ["", " ", "\u200b", "x" * (MAX_SPELLING + 1), None, 5])
def test_names_that_cannot_be_used(bad):
    for name, spellings in ((bad, ["A"]), ("A", [bad])):
        with pytest.raises(InvalidArgument, match=r"name: |spellings: "):
            NO_ALIASES.with_added("person", name, spellings)


@pytest.mark.parametrize("spellings", [[], ["ann  KLINE"]])
def test_a_name_is_no_spelling_of_itself(spellings):
    with pytest.raises(InvalidArgument, match="give at least one other spelling"):
        NO_ALIASES.with_added("person", "Ann Kline", spellings)


def test_there_is_an_end():
    with pytest.raises(InvalidArgument, match="at most 20,000"):
        NO_ALIASES.with_added("team", "Sales", [f"Sales {at}" for at in range(MAX_SPELLINGS + 1)])


def test_spellings_and_whole_names_are_removed():
    assert ANN.without("person", "a. kline").spellings("person", "Ann Kline") == ("Ann Kline", "ann.kline@x.org")
    for gone in (
        ANN.without("person", "ANN KLINE"),
        ANN.without("person", "A. Kline").without("person", "ann.kline@x.org"),
    ):
        assert gone.to_dict() == {}
        assert gone.main("person", "A. Kline") == "A. Kline"
    with pytest.raises(AliasNotFound, match="'Ben' is not an alias of kind person"):
        ANN.without("person", "Ben")


def test_kinds():
    assert [checked_kind(one) for one in ("person", "team", "account")] == list(KINDS)
    with pytest.raises(InvalidArgument, match="kind: must be one of person, team, account, not 'stage'"):
        checked_kind("stage")


@pytest.mark.parametrize(
    "stored", [{"person": {"Ann": [1]}}, {"stage": {}}, {"person": 5}, [1], 7, {"person": {1: []}}]
)
def test_what_is_no_table_is_not_read(stored):
    with pytest.raises((ValueError, TypeError)):
        AliasTable.from_dict(stored)


names = st.sampled_from(["Ann", "Annie", "A.", "Ben", "Benny", "ann@x.org", "BEN"])


@given(st.lists(st.tuples(st.sampled_from(KINDS), names, st.lists(names, min_size=1, max_size=3)), max_size=6))
def test_every_spelling_has_one_main_name_and_all_is_kept(added):
    table = NO_ALIASES
    for kind, name, spellings in added:
        try:
            table = table.with_added(kind, name, spellings)
        except InvalidArgument:
            continue
        assert {table.main(kind, one) for one in (name, *spellings)} == {name}
    assert AliasTable.from_dict(table.to_dict()) == AliasTable({k: v for k, v in table.groups.items() if v})
    for kind, groups in table.groups.items():
        keys = [key_of(one) for name, own in groups.items() for one in (name, *own)]
        assert len(keys) == len(set(keys))
        for name in list(groups):
            assert name not in table.without(kind, name).groups[kind]
