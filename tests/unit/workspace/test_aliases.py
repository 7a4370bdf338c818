"""Who speaks, and names that are one: in lists, filters, statistics and wherever they are shown."""

from __future__ import annotations

import json
import threading

import duckdb
import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

import workbench as wb
from tests.support.old_workspace import USER, unpacked
from tests.unit.results.sales import finds
from workbench.cli.app import app
from workbench.corpus.shown_names import ShownNames, by_address
from workbench.corpus.speakers import COLUMNS
from workbench.dashboards.pages import build
from workbench.domain.aliases import NO_ALIASES, AliasNotFound, AliasTable
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace, WorkspaceDamaged
from workbench.engine.encoders import HashingEncoder
from workbench.resources.conventions import ALIASES, change_aliases
from workbench.results.statistics import statistics
from workbench.store.database import STATE
from workbench.store.settings import SettingRepository

ANY = wb.Filters(scope="any", kinds=("call", "email"))


def rep(name, email=None, team=None, id="r"):
    return {"id": id, "name": name, "side": "company", "email": email, "team": team}


def call(name, *parties, **more):
    """Everyone who takes part says one sentence, and so does a customer."""
    people = [*parties, {"id": "cy", "name": f"Cy {name}", "side": "customer"}]
    turns = [{"party": one["id"], "text": f"{one['name'] or one['id']} has a price."} for one in people]
    return {"id": name, "parties": people, "turns": turns, **more}


CALLS = [
    call("c1", rep("Ann Kline", "ann.kline@x.org", "EMEA"), account="Acme Corp"),
    call("c2", rep("A. Kline", None, "Sales EMEA"), account="ACME Corporation"),
    call("c3", rep("Kline", "Ann.Kline@X.org", "EMEA")),
    call("c4", rep("ann  kline", "ann.kline@x.org", "EMEA"), account="acme corp", kind="email"),
    call("c5", rep("Ben", "ben@x.org", "North"), account="Globex"),
    call("c6", rep("SPEAKER_00", None, "North")),
    call("c7", rep("Ben", None, "North")),
]


@pytest.fixture
def ws(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as opened:
        assert not opened.ingest(CALLS).rejected
        yield opened


@pytest.fixture
def merged(ws):
    ws.aliases.add("Ann Kline", ["A. Kline", "ann.kline@x.org"])
    ws.aliases.add("EMEA", ["Sales EMEA"], kind="team")
    ws.aliases.add("Acme", ["Acme Corp", "Acme Corporation"], kind="account")
    return ws


def ids(ws, **filters):
    return set(ws.conversations(wb.Filters(scope="any", kinds=("call", "email"), **filters))["id"])


def company(ws):
    found = ws.people()
    return found[found["side"] == "company"].set_index("name")


# People


def test_who_speaks(ws):
    found = company(ws)
    assert list(ws.people().columns) == list(COLUMNS)
    ann = found.loc["Ann Kline"]
    assert sorted(ann["spellings"]) == ["Ann Kline", "Kline", "ann kline"]
    assert (ann["team"], ann["addresses"], ann["calls"], ann["conversations"]) == ("EMEA", ("ann.kline@x.org",), 2, 3)
    assert found.loc["A. Kline", "calls"] == 1
    assert len(found.loc[["Ben"]]) == 2  # one by the address, one without
    assert not any("SPEAKER" in name for name in ws.people()["name"])
    customers = ws.people().query("side == 'customer'")
    assert len(customers) == len(CALLS)
    assert set(customers["addresses"]) == {()}


def test_a_workspace_without_calls_has_no_people(tmp_path):
    assert wb.Workspace(tmp_path / "w", HashingEncoder()).people().empty


def test_silent_participants_are_not_listed_and_speakers_without_a_party_are(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as ws:
        silent = {"id": "s", "name": "Silent Sam", "side": "company"}
        ws.ingest([{"id": "a", "parties": [silent], "turns": [{"text": "Hello.", "party": "Dana"}, {"text": "Yes."}]}])
        (row,) = ws.people().to_dict("records")
        assert (row["name"], row["side"], row["team"], row["calls"]) == ("Dana", None, None, 1)


def test_aliases_merge_people(merged):
    ann = company(merged).loc["Ann Kline"]
    assert sorted(ann["spellings"]) == ["A. Kline", "Ann Kline", "Kline", "ann kline"]
    assert (ann["team"], ann["calls"], ann["conversations"]) == ("EMEA", 3, 4)


def test_someone_known_by_an_address_keeps_a_name_that_another_has(ws):
    ws.aliases.add("Ben of the North", ["ben@x.org"])
    assert company(ws).loc["Ben of the North", "spellings"] == ("Ben",)
    assert company(ws).loc["Ben", "calls"] == 1


# Deletion


@pytest.mark.parametrize("party", ["Ann Kline", "a. kline", "ANN.KLINE@x.org"])
def test_deleting_someone_deletes_all_of_their_spellings(merged, party):
    assert merged.matching_calls(party=party) == ["c1", "c2", "c3", "c4"]
    receipt = merged.delete(party=party)
    assert (receipt.calls, receipt.aliases) == (4, 2)
    assert "Also deleted under 2 aliases" in str(receipt)
    assert ids(merged) == {"c5", "c6", "c7"}
    assert (
        str(merged.delete(party=party))
        == "0 calls deleted\nAlso deleted under 2 aliases; `workbench aliases` lists them"
    )


def test_deleting_someone_leaves_another_with_the_same_name(ws):
    ws.aliases.add("Ben of the North", ["ben@x.org"])
    ws.aliases.add("Ben Miller", ["Ben"])
    assert ws.matching_calls(party="Ben Miller") == ["c7"]  # c5 is known by an address
    assert ws.matching_calls(party="Ben of the North") == ["c5"]
    assert ws.matching_calls(party="Ben") == ["c5", "c7"]  # whoever is called just that
    assert ws.delete(party="ben@x.org").calls == 1


def test_teams_and_accounts_are_nobody(merged):
    assert merged.matching_calls(party="Acme") == []
    assert str(merged.delete(party="Sales EMEA")) == "0 calls deleted"


# Filters, groups, statistics


def test_filters_by_any_spelling_find_all(merged):
    for name in ("Acme", "acme corp", "ACME CORPORATION"):
        assert ids(merged, accounts=[name]) == {"c1", "c2", "c4"}
    for name in ("EMEA", "sales emea"):
        assert ids(merged, teams=[name]) == {"c1", "c2", "c3", "c4"}
    for name in ("Ann Kline", "a. kl", "kline@x", "ANN"):
        assert ids(merged, participants=[name]) == {"c1", "c2", "c3", "c4"}
    assert ids(merged, participants=["Ben"]) == {"c5", "c7"}
    assert ids(merged, participants=["nobody"]) == set()
    assert ids(merged, accounts=["Globex", "Acme"], participants=["Kline"]) == {"c1", "c2", "c4"}


def test_statistics_by_person_team_and_account(merged):
    tracker = finds(merged.lake, lambda said: "price" in said, filters=ANY)
    by = {one: statistics(merged.lake, tracker, one).rates.set_index(one) for one in ("person", "team", "account")}
    assert by["team"]["calls"].to_dict() == {"EMEA": 4, "North": 3}
    assert by["account"]["calls"].dropna().to_dict() == {"Acme": 3, "Globex": 1, float("nan"): 3} or (
        by["account"].loc["Acme", "calls"] == 3
    )
    assert by["person"].loc["Ann Kline", ["calls", "sentences", "found"]].tolist() == [4, 8, 8]


def test_one_person_under_two_names_in_a_call_hears_the_customer_once(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as ws:
        ws.ingest([call("c", rep("Ann Kline"), rep("A. Kline", id="r2"))])
        tracker = finds(ws.lake, lambda said: "price" in said, filters=ANY)
        ws.aliases.add("Ann Kline", ["A. Kline"])
        assert statistics(ws.lake, tracker, "person").rates["sentences"].tolist() == [3]


def test_removed_spellings_are_names_of_their_own_again(merged):
    merged.aliases.remove("sales EMEA", kind="team")
    assert ids(merged, teams=["EMEA"]) == {"c1", "c3", "c4"}
    merged.aliases.remove("Ann Kline")
    assert company(merged).loc["A. Kline", "calls"] == 1
    merged.aliases.remove("acme", kind="account")
    assert merged.aliases.table().empty
    assert sorted(ids(merged, accounts=["Acme Corp"])) == ["c1", "c4"]
    with pytest.raises(AliasNotFound):
        merged.aliases.remove("Ann Kline")


# What is shown


def test_main_names_are_shown(merged):
    found = merged.search("price", filters=ANY).set_index("conversation_id")
    mine = found[found["side"] == "company"]
    assert mine["speaker"].loc[["c1", "c2", "c3", "c4"]].tolist() == ["Ann Kline"] * 4
    assert mine["account"].loc[["c1", "c2", "c4"]].tolist() == ["Acme"] * 3
    assert mine["team"].loc[["c1", "c2", "c3", "c4"]].tolist() == ["EMEA"] * 4
    outline, card = merged.lake.outline("c3"), merged.lake.card("c2")
    assert outline.parties[0].name == "Ann Kline"
    assert merged.lake.lines(outline, 0, 9)[0].speaker == "Ann Kline"
    assert (card.account, card.teams, card.parties[0].name) == ("Acme", ("EMEA",), "Ann Kline")
    assert merged.lake.headings([1])[1].team == "EMEA"
    assert merged.lake.outline("c4").account == "Acme"
    assert merged.lake.turns("c2")[0].text.startswith("A. Kline")  # what was said stays
    facets = merged.facets()
    assert (facets.teams, facets.accounts) == (("EMEA", "North"), ("Acme", "Globex"))
    assert "A. Kline" not in facets.participants
    table = merged.conversations(ANY).set_index("id")
    assert table["account"].loc[["c1", "c2", "c4"]].tolist() == ["Acme"] * 3


def test_dashboards_take_any_spelling_and_show_the_main_name(merged):
    merged.trackers.create("Price", kind="keyword", words=["price"], filters=ANY).publish(past="all").wait()
    shown = json.dumps(build("search")(merged, {"team": "Sales EMEA"}))
    assert "Ann Kline" in shown
    assert '"A. Kline"' not in shown
    assert "there is no" not in shown


def test_several_teams_in_one_text():
    table = AliasTable({"team": {"EMEA": ("Sales EMEA", "Nord, Sales")}})
    names = ShownNames(table)
    assert names.joined("EMEA, North, Sales EMEA") == "EMEA, North"
    assert names.joined("Nord, Sales") == "EMEA"
    assert names.joined(None) is None
    assert ShownNames().joined("A, B") == "A, B"


# Where they are kept


def test_every_kernel_sees_them_at_once(ws, tmp_path):
    other = wb.Workspace(tmp_path / "w", HashingEncoder())
    assert len(company(other).loc[["A. Kline"]]) == 1
    ws.aliases.add("Ann Kline", ["A. Kline"])
    assert "A. Kline" not in company(other).index
    other.aliases.add("Ann Kline", ["Annie"])
    assert ws.aliases.table().to_dict("records") == [
        {"kind": "person", "name": "Ann Kline", "spelling": "A. Kline"},
        {"kind": "person", "name": "Ann Kline", "spelling": "Annie"},
    ]
    assert wb.Workspace(tmp_path / "w", HashingEncoder()).lake.conventions() == ws.lake.conventions()


def test_those_who_add_at_the_same_time_lose_nothing(ws):
    failed = []

    def add(at):
        try:
            ws.aliases.add("Ann Kline", [f"Ann {at}"])
        except Exception as error:  # noqa: BLE001, told below
            failed.append(error)

    threads = [threading.Thread(target=add, args=(at,)) for at in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not failed
    assert len(ws.aliases.table()) == 8


def test_new_calls_are_merged_too(merged):
    merged.ingest([call("c9", rep("A. KLINE", None, "sales emea"), account="ACME  Corp")])
    assert "c9" in ids(merged, teams=["EMEA"], accounts=["Acme"], participants=["Ann Kline"])
    assert company(merged).loc["Ann Kline", "calls"] == 4


def test_what_cannot_be_added(ws, tmp_path):
    for name, spellings in (("SPEAKER_00", ["Ann"]), ("Ann", ["Speaker 1"])):
        with pytest.raises(InvalidArgument, match="is a label"):
            ws.aliases.add(name, spellings)
    ws.aliases.add("Host", ["Hosts"], kind="team")
    with pytest.raises(InvalidArgument, match="give a list"):
        ws.aliases.add("Ann", "A. Kline")
    with pytest.raises(InvalidArgument, match="kind: must be one of"):
        ws.aliases.add("Ann", ["A."], kind="people")
    reader = wb.Workspace(tmp_path / "w", HashingEncoder(), read_only=True)
    for change in (lambda: reader.aliases.add("Ann", ["A."]), lambda: reader.aliases.remove("Host", kind="team")):
        with pytest.raises(ReadOnlyWorkspace):
            change()
    assert len(reader.aliases.table()) == 1


@pytest.mark.parametrize("value", ['{"person": 5}', "[1]", '{"stage": {}}'])
def test_aliases_that_cannot_be_read_are_told(ws, value):
    with ws.database.begin() as connection:
        row = {"name": ALIASES, "value": value, "version": '"x"'}
        connection.execute(text("INSERT INTO settings VALUES (:name, :value), ('aliases_version', :version)"), row)
    with pytest.raises(WorkspaceDamaged, match="aliases cannot be read"):
        ws.people()
    with pytest.raises(WorkspaceDamaged, match="aliases cannot be read"):
        ws.aliases.add("Ann", ["A."])


def test_an_older_workspace_has_none_and_takes_some(tmp_path, monkeypatch):
    monkeypatch.delenv(STATE, raising=False)
    ws = wb.open(unpacked(tmp_path), user=USER)
    assert ws.aliases.table().empty
    teams = ws.facets().teams
    ws.aliases.add(teams[0], [teams[1]], kind="team")
    assert teams[1] not in ws.facets().teams
    assert len(ws.people())


def test_a_change_that_fails_leaves_all_as_it_was(ws):
    def fail(table):
        raise InvalidArgument("no")

    with pytest.raises(InvalidArgument, match="no"):
        change_aliases(ws.database, fail)
    assert SettingRepository(ws.database).get(ALIASES) is None
    assert ws.aliases.table().empty


def test_without_aliases_nothing_is_looked_up(ws):
    assert by_address(duckdb.connect(), NO_ALIASES) == {}  # which has no tables
    frame = pd.DataFrame({"account": ["a"], "team": ["b"]})
    assert ShownNames().table(frame) is frame
    assert len(ws.lake.speakers()) == len(ws.people())


# The command line


def test_the_command_line(ws, monkeypatch):
    monkeypatch.delenv(STATE, raising=False)

    def run(*words):
        done = CliRunner().invoke(app, [*words, "-w", str(ws.path)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    run("aliases", "add", "Ann Kline", "A. Kline", "ann.kline@x.org")
    run("aliases", "add", "EMEA", "Sales EMEA", "--kind", "team")
    assert "team EMEA: Sales EMEA" in run("aliases", "list")
    assert len(json.loads(run("aliases", "list", "--json"))) == 3
    people = json.loads(run("people", "--json"))
    assert people[0]["name"] == "Ann Kline"
    assert people[0]["calls"] == 3
    assert "Ann Kline (also " in run("people")
    deleted = run("delete", "--party", "A. Kline", "--yes")
    assert "Also searched for these spellings: Ann Kline, ann.kline@x.org" in deleted
    assert "4 calls deleted" in deleted
    assert "Also deleted under 2 aliases" in deleted
    run("aliases", "remove", "Sales EMEA", "--kind", "team")
    assert len(json.loads(run("aliases", "list", "--json"))) == 2
