"""Rules that tell sides, one by one and in their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.company.rules import SideRule, SideRules
from workbench.corpus.company.settings import company_of
from workbench.corpus.company.sources import SourcePlace
from workbench.domain.conversations import Party, Side

COMPANY, CUSTOMER = Side.COMPANY, Side.CUSTOMER
PLACE = SourcePlace("c", "c.vtt", "zoom")
RULES = SideRules(
    company_of(
        ["example.com"],
        [{"name": "Ann Lee", "email": "ann@gmail.com", "team": "North"}, {"name": "山田 太郎", "team": "East"}],
        {"zoom/": "left"},
        {"zoom/": {"Speaker 1": "company", "Speaker 2": "customer"}, "*": {"Speaker 2": "company"}},
    )
)


def decided(*parties, place=PLACE, hand=None, rules=RULES):
    found = rules.decide(parties, place, hand)
    return {one: (side, rule) for one, (side, rule) in found.sides.items()}


def test_each_rule_tells_what_it_knows():
    assert decided(Party(id="x", side=CUSTOMER)) == {"x": (CUSTOMER, SideRule.FORMAT)}
    assert decided(Party(id="x", email="Bo@EU.Example.com")) == {"x": (COMPANY, SideRule.DOMAIN)}
    assert decided(Party(id="x", email="bo@other.org")) == {"x": (CUSTOMER, SideRule.DOMAIN)}
    assert decided(Party(id="bo@example.com")) == {"bo@example.com": (COMPANY, SideRule.DOMAIN)}
    assert decided(Party(id="x", email="ann@GMAIL.com")) == {"x": (COMPANY, SideRule.DOMAIN)}
    assert decided(Party(id="x", name="LEE, Ann")) == {"x": (COMPANY, SideRule.NAME)}
    assert decided(Party(id="山田太郎")) == {"山田太郎": (COMPANY, SideRule.NAME)}
    assert decided(Party(id="channel 0"), Party(id="channel 1")) == {
        "channel 0": (COMPANY, SideRule.CHANNEL),
        "channel 1": (CUSTOMER, SideRule.CHANNEL),
    }
    assert decided(Party(id="SPEAKER 1")) == {"SPEAKER 1": (COMPANY, SideRule.LABEL)}
    assert decided(Party(id="x", email="bo@gmail.com")) == {"x": (CUSTOMER, SideRule.ELSEWHERE)}
    assert decided(Party(id="x"), Party(id="Speaker 9")) == {}


def test_a_free_address_is_a_colleagues_where_the_name_says_so():
    assert decided(Party(id="x", name="Ann Lee", email="other@gmail.com")) == {"x": (COMPANY, SideRule.NAME)}
    assert decided(Party(id="x", name="Ann Lee", email="ann@other.org")) == {"x": (CUSTOMER, SideRule.DOMAIN)}


def test_of_two_sources_the_most_exact_counts_and_others_stay_out():
    assert decided(Party(id="Speaker 2")) == {"Speaker 2": (CUSTOMER, SideRule.LABEL)}
    elsewhere = SourcePlace("c", "c.vtt", "teams")
    assert decided(Party(id="Speaker 2"), place=elsewhere) == {"Speaker 2": (COMPANY, SideRule.LABEL)}
    assert decided(Party(id="Speaker 1"), place=elsewhere) == {}
    assert decided(Party(id="channel 0"), Party(id="channel 1"), place=elsewhere) == {}


def test_everyone_else_of_a_source():
    rules = SideRules(company_of(labels={"*": {"Ann": "company", "*": "customer"}}))
    found = decided(Party(id="Ann"), Party(id="Bo"), Party(id="Cy", side=COMPANY), rules=rules)
    assert [side for side, _ in found.values()] == [COMPANY, CUSTOMER, COMPANY]


def test_teams_are_those_of_colleagues_and_only_where_one_is_meant():
    found = RULES.decide([Party(id="Ann Lee"), Party(id="山田太郎", team="West")], PLACE)
    assert found.teams == {"Ann Lee": "North"}
    twice = SideRules(company_of(colleagues=[{"name": "Jo", "team": "A"}, {"name": "Jo", "team": "B"}]))
    assert twice.decide([Party(id="Jo")], PLACE).teams == {}
    assert twice.decide([Party(id="Jo")], PLACE).sides == {"Jo": (COMPANY, SideRule.NAME)}


def test_conflicts_are_shown():
    (one,) = RULES.decide([Party(id="x", side=CUSTOMER, email="x@example.com")], PLACE).conflicts
    assert str(one) == "x: customer by the file, but company by e-mail domain"
    assert RULES.decide([Party(id="x", side=COMPANY, email="x@example.com")], PLACE).conflicts == ()


def test_nothing_is_told_where_nothing_is_known():
    parties = [Party(id="Ann Lee", email="ann@example.com"), Party(id="channel 0"), Party(id="b", side=CUSTOMER)]
    empty = SideRules(company_of())
    assert empty.decide(parties, PLACE).sides == {"b": (CUSTOMER, SideRule.FORMAT)}


SIDES = st.sampled_from([None, COMPANY, CUSTOMER])


@given(
    hand=st.sampled_from(["nothing", None, COMPANY, CUSTOMER]),
    file=SIDES,
    domain=st.sampled_from([None, "example.com", "eu.example.com", "other.org", "gmail.com"]),
    colleague=st.booleans(),
    channel=st.sampled_from([None, "channel 0", "channel 1"]),
    label=SIDES,
)
def test_the_first_rule_that_knows_tells(hand, file, domain, colleague, channel, label):
    """Whatever the others say, in the order in which they stand."""
    id_ = channel or "somebody"
    rules = SideRules(
        company_of(
            ["example.com"],
            ["Ann Lee"],
            {"zoom/": "0"},
            {"zoom/": {id_: str(label)}} if label else None,
        )
    )
    party = Party(
        id=id_,
        name="Ann Lee" if colleague else None,
        email=f"a@{domain}" if domain else None,
        side=file,
    )
    other = Party(id="channel 1" if channel == "channel 0" else "channel 0", side=CUSTOMER)
    answers = {
        SideRule.FORMAT: file,
        SideRule.DOMAIN: {None: None, "gmail.com": None, "other.org": CUSTOMER}.get(domain, COMPANY),
        SideRule.NAME: COMPANY if colleague else None,
        SideRule.CHANNEL: {None: None, "channel 0": COMPANY, "channel 1": CUSTOMER}[channel],
        SideRule.LABEL: label,
        SideRule.ELSEWHERE: CUSTOMER if domain in ("other.org", "gmail.com") else None,
    }
    known = [(side, rule) for rule, side in answers.items() if side is not None]
    told = rules.decide([party, other], PLACE, None if hand == "nothing" else {id_: hand})
    if hand != "nothing":
        assert told.sides[id_] == (hand, SideRule.HAND)
    else:
        assert told.sides.get(id_) == (known[0] if known else None)
        assert len(told.conflicts) >= sum(side != known[0][0] for side, _ in known[1:])
