"""Names as earlier versions kept them count as those that are cleaned at import; blanks are no names."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.unit.results.sales import finds
from workbench.corpus import appending
from workbench.corpus.admission import admissions
from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.ingest import ingest
from workbench.corpus.kept_names import UNCLEAN
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Deal, Party, Turn
from workbench.domain.filters import Filters
from workbench.domain.names import clean_name
from workbench.engine.encoders import HashingEncoder
from workbench.results.grouping import OTHERS, entries_by
from workbench.results.statistics import statistics

ANY = Filters(scope="any", kinds=("call", "email"))
# "North, East" is one team, however it looks beside others.
TEAMS = (None, "", " ", "\u3000", "East", " East", "East\u200b", "North \t East", "North East", "東京", " 東京", "A, B")
PLAIN = ("", "East", "North East", "東京", "A, B")


def call(number: int) -> Conversation:
    rng = random.Random(number)
    sides = (None, "company", "company", "customer")
    people = tuple(
        Party(id=f"p{at}", name=rng.choice((None, "", " Ann", "Ann", "Bo\u200b")), side=rng.choice(sides),
              team=rng.choice(TEAMS), email=rng.choice((None, " ", " a@x.example ", "b@x.example")))
        for at in range(rng.randint(0, 4))
    )  # fmt: skip
    turns = tuple(Turn(text=f"One thing {at}.", party=person.id) for at, person in enumerate(people))
    return Conversation(
        id=f"c{number}",
        turns=(*turns, Turn(text="Another thing.", party="stranger")),
        kind=rng.choice(("call", "email")),
        title=rng.choice((None, "", " Talk", "Talk ")),
        account=rng.choice((None, " ", "ACME ", "ACME")),
        language=rng.choice((" ", " en", "en")),
        deal=rng.choice((None, Deal(id="d", stage=rng.choice((None, "", "demo", " demo"))))),
        team=rng.choice(TEAMS),
        parties=people,
    )


CORPUS = [call(number) for number in range(60)]


def teams(one: Conversation) -> set[str]:
    """As the rule says it: its own, and those of whoever takes part for the company."""
    named = [one.team, *(party.team for party in one.parties if party.side == "company")]
    return {clean_name(name) for name in named if name} - {""}


@pytest.fixture(name="lake", scope="module", params=["imported clean", "kept as it was"])
def _lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "imported clean":
            patch.setattr(appending, "with_clean_names", lambda one: one)
        assert ingest(lake, CORPUS).added == len(CORPUS)
    return lake


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([name for name in TEAMS if name is not None] + ["nowhere"]), min_size=1, max_size=3))
def test_a_filter_by_team_finds_what_a_plain_reading_finds(lake: Lake, wanted: list[str]) -> None:
    filters = replace(ANY, teams=tuple(wanted))
    expected = [one.id for one in CORPUS if teams(one) & set(map(clean_name, wanted))]
    assert lake.conversations(filters)["id"].tolist() == expected
    assert [card.id for card in lake.cards(filters)] == expected


@pytest.mark.parametrize("number", range(8))
def test_a_call_that_goes_on_passes_as_it_will_when_it_has_ended(number: int) -> None:
    one, names = CORPUS[number], [name for name in TEAMS if name is not None]
    said = admissions(one, [replace(ANY, teams=(name,)) for name in names])
    assert [admission.admitted for admission in said] == [clean_name(name) in teams(one) for name in names]


def test_facets_list_exactly_what_filters_find(lake: Lake) -> None:
    facets = lake.facets()
    assert facets.teams == tuple(sorted(set().union(*map(teams, CORPUS)))) == tuple(sorted(PLAIN[1:]))
    assert (facets.accounts, facets.stages, facets.languages) == (("ACME",), ("demo",), ("en",))
    assert set(facets.participants) == {"Ann", "Bo", "a@x.example", "b@x.example"}
    for many, names in (("accounts", facets.accounts), ("stages", facets.stages), ("teams", facets.teams)):
        for name in names:
            assert lake.counts(replace(ANY, **{many: (name,)})).conversations
        assert not lake.counts(replace(ANY, **{many: ("", " ")})).conversations
    assert not lake.counts(replace(ANY, participants=(" ",))).conversations
    assert lake.counts(replace(ANY, title="  ")) == lake.counts(ANY)


def test_every_name_is_as_an_import_cleans_it(lake: Lake) -> None:
    for one in map(with_clean_names, CORPUS):
        card, outline = lake.card(one.id), lake.outline(one.id)
        assert (card.title, card.account, card.language, card.team) == (one.title, one.account, card.language, one.team)
        assert card.deal_stage == (one.deal and one.deal.stage)
        assert card.parties == outline.parties == one.parties
        assert card.teams == tuple(sorted(teams(one)))
        heading = lake.headings([card.number])[card.number]
        assert heading.team == (", ".join(sorted(teams(one))) or None)
        assert heading.team in (lake.about()["team"][card.number], None)
        speakers = [line.speaker for line in lake.lines(outline, 0, 10)]
        assert speakers == [*(party.name or party.id for party in one.parties), "stranger"]


def test_groups_are_what_filters_find(lake: Lake) -> None:
    found = finds(lake, lambda text: text.startswith("One"), filters=ANY)
    rates = statistics(lake, found, "team").rates.set_index("team")
    assert set(rates.index.dropna()) == set(PLAIN[1:])
    for name in PLAIN[1:]:
        counts = lake.counts(replace(ANY, teams=(name,)))
        assert (rates["calls"][name], rates["sentences"][name]) == (counts.conversations, counts.sentences)
    assert rates["calls"][rates.index.isna()].sum() == sum(not teams(one) for one in CORPUS)


def test_a_call_of_several_small_groups_counts_once_among_the_others(lake: Lake) -> None:
    counted = lake.counted([ANY], finds(lake, bool, filters=ANY).parts[0].reach, finds(lake, bool).ids).to_pandas()
    for by in ("team", "person"):
        merged = entries_by(lake, counted, [by], least_calls=1_000)
        assert set(merged[by]) == {OTHERS}
        assert merged["number"].is_unique
        whole = counted.groupby("number")["sentences"].sum()
        assert (merged.set_index("number")["sentences"] <= whole[merged["number"]]).all()


def test_a_person_counts_in_their_own_team(tmp_path) -> None:
    lake = Lake(tmp_path)
    ann = Party(id="a", name="Ann", side="company", team="East")
    bo, cy = Party(id="b", name="Bo", side="company"), Party(id="c", name="Cy", side="company", team="West")
    turns = tuple(Turn(text="The fee.", party=one) for one in "abc")
    ingest(lake, [Conversation(id="1", turns=turns, team="North", parties=(ann, bo, cy))])
    rates = statistics(lake, finds(lake, bool), ["team", "person"]).rates
    assert list(zip(rates["team"], rates["person"], strict=True)) == [("East", "Ann"), ("North", "Bo"), ("West", "Cy")]
    assert statistics(lake, finds(lake, bool), "team").rates["sentences"].tolist() == [3, 3, 3]


def test_a_board_counts_a_call_in_each_of_its_teams(tmp_path) -> None:
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    people = [{"id": name, "side": "company", "team": name} for name in ("East", "West")]
    ws.ingest([{"id": "1", "scope": "external", "turns": [{"text": "The fee."}], "parties": people}])
    ws.trackers.create("Fee", kind="keyword", words=["fee"]).publish(past="all").wait()
    board = ws.boards.create("Fees", ["Fee"], target=0.5)
    assert board.adoption("team", None)[["team", "calls"]].to_numpy().tolist() == [["East", 1], ["West", 1]]


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("aÄ東 \t\n\u3000\u00a0\u200b\u200d\u202e\u034f\ufe0f\u2800\U0001f600\u0300"), max_size=5)
)
def test_what_is_not_looked_at_in_python_is_clean(name: str) -> None:
    import duckdb

    ((is_taken_as_clean,),) = duckdb.execute("SELECT NOT regexp_matches($1, $2)", [name, UNCLEAN]).fetchall()
    assert not is_taken_as_clean or clean_name(name) == name
