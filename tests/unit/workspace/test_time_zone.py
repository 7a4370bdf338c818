"""A workspace's time zone: whose days count, how times are shown, and how starts are read."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

import workbench as wb
from tests.support.old_workspace import USER, unpacked
from tests.unit.results.sales import call, finds, small_lake
from workbench.cli import main
from workbench.corpus.admission import admissions
from workbench.corpus.formats.given import conversation_from
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.dashboards.pages import build
from workbench.domain.conventions import Conventions
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace, WorkspaceDamaged
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.resources.conventions import TIME_ZONE, KeptConventions
from workbench.resources.opening import STATE_FILE
from workbench.results.boards import Boards
from workbench.results.deals import deal, deals
from workbench.results.statistics import statistics
from workbench.server.models.filters import FilterQuery, FiltersBody
from workbench.server.operations.trackers import view
from workbench.store.database import STATE
from workbench.store.settings import SettingRepository

BERLIN = ZoneInfo("Europe/Berlin")
local = datetime.fromisoformat
ANY = {"scope": "any"}
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "America/Santiago")


def said(name, started, **known):
    return call(0, [("ann", "hello"), ("cy", "the price is too high")], id=name, started=started, **known)


def in_zone(lake, zone):
    """The same corpus as a workspace of another zone sees it."""
    return Lake(lake.root, conventions=lambda: Conventions(zone=ZoneInfo(zone)))


def ids(lake, **filters):
    return set(lake.conversations(Filters(**ANY, **filters))["id"])


@pytest.fixture
def ws(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as opened:
        yield opened


# Setting it


def test_a_new_workspace_is_in_utc_and_what_is_set_is_kept_for_all(ws, tmp_path):
    assert ws.time_zone == "UTC"
    again = wb.Workspace(tmp_path / "w", HashingEncoder())
    ws.time_zone = "Europe/Berlin"
    assert (ws.time_zone, again.time_zone) == ("Europe/Berlin", "Europe/Berlin")
    assert wb.Workspace(tmp_path / "w", HashingEncoder()).time_zone == "Europe/Berlin"
    again.time_zone = None
    assert ws.time_zone == "UTC"
    assert SettingRepository(ws.database).get(TIME_ZONE) is None


def test_what_cannot_be_set(ws, tmp_path):
    with pytest.raises(InvalidArgument, match="did you mean Europe/Berlin"):
        ws.time_zone = "Europe/Berlln"
    with pytest.raises(InvalidArgument, match="time_zone"):
        ws.ingest([said("a", "2026-01-01T00:00:00")], time_zone="Mars/Olympus")
    assert ws.lake.is_empty
    ws.time_zone = "Asia/Tokyo"
    reader = wb.Workspace(tmp_path / "w", HashingEncoder(), read_only=True)
    with pytest.raises(ReadOnlyWorkspace):
        reader.time_zone = "UTC"
    assert reader.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("value", ['"Mars/Olympus"', "7", "[]", "{}"])
def test_a_zone_that_this_computer_does_not_know_is_no_other_zone(ws, value):
    with ws.database.begin() as connection:
        connection.execute(text("INSERT INTO settings VALUES (:name, :value)"), {"name": TIME_ZONE, "value": value})
    with pytest.raises(WorkspaceDamaged, match="is unknown on this computer"):
        ws.conversations()
    ws.time_zone = "UTC"
    assert ws.conversations().empty


def test_asking_again_reads_nothing_anew(ws):
    kept = KeptConventions(ws.database)
    assert kept() is kept()


def test_an_older_workspace_opens_in_utc(tmp_path, monkeypatch):
    monkeypatch.delenv(STATE, raising=False)
    ws = wb.open(unpacked(tmp_path), user=USER)
    assert ws.time_zone == "UTC"
    before = ws.conversations(wb.Filters(scope="any"))
    assert str(before["started"].dt.tz) == "UTC"
    ws.time_zone = "America/New_York"
    after = ws.conversations(wb.Filters(scope="any"))
    assert (after["started"] == before["started"]).all()
    assert str(after["started"].dt.tz) == "America/New_York"


# Dates in filters

AROUND = {
    "before": "2026-03-30T21:59:59Z",
    "midnight": "2026-03-30T22:00:00Z",
    "noon": "2026-03-31T10:00:00Z",
    "last": "2026-03-31T21:59:59Z",
    "after": "2026-03-31T22:00:00Z",
}


@pytest.fixture(scope="module", name="around")
def _around(tmp_path_factory):
    return small_lake(tmp_path_factory.mktemp("w"), [said(name, start) for name, start in AROUND.items()])


def test_dates_are_days_of_the_zone(around):
    berlin = in_zone(around, "Europe/Berlin")
    day = {"started_from": "2026-03-31", "started_before": "2026-04-01"}
    assert ids(berlin, **day) == {"midnight", "noon", "last"}
    assert ids(around, **day) == {"noon", "last", "after"}
    moment = datetime(2026, 3, 31, tzinfo=UTC)
    assert ids(berlin, started_from=moment) == ids(around, started_from=moment) == {"noon", "last", "after"}
    assert berlin.counts(Filters(**ANY, **day)).calls == 3
    assert len(berlin.cards(Filters(**ANY, **day))) == 3


def test_a_call_that_goes_on_is_admitted_by_the_same_days():
    late = conversation_from(said("late", "2026-03-30T22:30:00Z"))
    wanted = [Filters(started_from="2026-03-31")]
    assert [one.admitted for one in admissions(late, wanted)] == [False]
    assert [one.admitted for one in admissions(late, wanted, Conventions(zone=BERLIN))] == [True]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/St_Johns", "2026-03-08", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/Santiago", "2026-09-06", 23),
        ("Asia/Kolkata", "2026-10-25", 24),
    ],
)
def test_days_on_which_clocks_change(zone, day, hours, tmp_path):
    """A call each quarter of an hour: the day holds as many as it has quarters."""
    first = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=1)
    calls = [said(f"c{at}", (first + timedelta(minutes=15 * at)).isoformat()) for at in range(4 * 72)]
    lake = in_zone(small_lake(tmp_path, calls), zone)
    after = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    found = lake.conversations(Filters(**ANY, started_from=day, started_before=after))
    assert len(found) == 4 * hours
    assert {f"{one:%Y-%m-%d}" for one in found["started"]} == {day}


def test_dates_over_rest_are_days_of_the_zone_and_offsets_stay():
    body = FiltersBody.model_validate_json('{"started_from": "2026-03-31", "started_before": "2026-04-01T00:00:00Z"}')
    found = body.to_filters().in_utc(BERLIN)
    assert found.started_from == datetime(2026, 3, 30, 22, tzinfo=UTC)
    assert found.started_before == datetime(2026, 4, 1, tzinfo=UTC)
    asked = FilterQuery(started_from="2026-03-31").to_filters()
    assert asked.started_from == local("2026-03-31")
    with pytest.raises(InvalidArgument, match="must lie within the calendar"):
        Filters(started_from="0001-01-01").in_utc(BERLIN)


def test_rest_shows_dates_of_trackers_in_utc(ws):
    ws.time_zone = "Europe/Berlin"
    made = ws.trackers.create("Price", kind="keyword", words=["price"], filters=Filters(started_from="2026-07-01"))
    shown = view(made, ws.lake.zone).model_dump(mode="json")["filters"]
    assert shown["started_from"] == "2026-06-30T22:00:00Z"
    made.update(filters=Filters(started_from="0001-01-01"))
    assert view(made, ws.lake.zone).model_dump(mode="json")["filters"]["started_from"].startswith("0001-01-01")


# Periods

moments = st.lists(st.datetimes(local("2025-10-01"), local("2027-04-30")), min_size=1, max_size=12)
edges = st.sampled_from(
    [local("2025-10-26"), local("2026-01-01"), local("2026-03-29"), local("2026-04-01"), local("2026-11-01")]
)
near = st.builds(lambda edge, minutes: edge + timedelta(minutes=minutes), edges, st.integers(-16 * 60, 16 * 60))


@given(moments=st.one_of(moments, st.lists(near, min_size=1, max_size=12)), zone=st.sampled_from(ZONES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_periods_are_those_of_pandas(moments, zone, tmp_path_factory):
    calls = [said(f"c{at}", one.isoformat() + "Z") for at, one in enumerate(moments)]
    lake = in_zone(small_lake(tmp_path_factory.mktemp("w"), calls), zone)
    tracker = finds(lake, lambda text: "price" in text)
    clocks = [one.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in moments]
    for period, alias in (("week", "W-SUN"), ("month", "M"), ("quarter", "Q")):
        expected = pd.Series(clocks).dt.to_period(alias).value_counts().sort_index()
        found = statistics(lake, tracker, period).rates
        assert found[period].tolist() == [one.start_time for one in expected.index]
        assert found["calls"].tolist() == expected.tolist()


def test_months_boards_and_deals_are_those_of_the_zone(ws):
    new_year = said("party", "2025-12-31T23:30:00Z", deal={"id": "d1"})
    ws.ingest([new_year, said("later", "2026-01-31T22:59:00Z", deal={"id": "d1"})])
    tracker = finds(ws.lake, lambda text: "price" in text)
    assert statistics(ws.lake, tracker, "month").rates["month"].dt.strftime("%Y-%m").tolist() == ["2025-12", "2026-01"]
    ws.time_zone = "Europe/Berlin"
    assert statistics(ws.lake, tracker, "month").rates["month"].dt.strftime("%Y-%m").tolist() == ["2026-01"]
    made = ws.trackers.create("Price", kind="keyword", words=["price"])
    board = Boards(ws.database, ws.lake, lambda _: tracker).create("Sell", [made.id], 0.5, local("2026-01-01"))
    assert board.adoption((), every=None)["calls"].sum() == 2
    assert deal(ws.lake, "d1", [tracker]).first.isoformat() == "2026-01-01T00:30:00+01:00"
    assert f"{deals(ws.lake)['last'].iloc[0]:%d %H:%M}" == "31 23:59"


# How times are shown


def test_times_are_as_the_clocks_show_them(ws):
    ws.ingest([said("c1", "2026-06-30T22:15:00Z", title="Late")])
    ws.time_zone = "Europe/Berlin"
    shown = "2026-07-01T00:15:00+02:00"
    (row,) = ws.search("price")["started"]
    outline, card, facets = ws.lake.outline("c1"), ws.lake.card("c1"), ws.facets()
    (sentence,) = ws.lake.sentences([ws.search("price")["sentence_id"][0]]).values()
    heading = ws.lake.headings([0])[0]
    assert {one.isoformat() for one in (row, outline.started, card.started, sentence.started, heading.started)} == {
        shown
    }
    assert (facets.first.isoformat(), facets.last.isoformat()) == (shown, shown)
    assert ws.conversations()["started"][0].isoformat() == shown
    assert "2026-07-01 00:15:00+02:00" in wb.to_csv(ws.conversations())


def test_dashboards_show_the_days_of_the_zone(ws):
    ws.ingest([said("c1", "2026-06-30T22:15:00Z", deal={"id": "d"})])
    ws.trackers.create("Price", kind="keyword", words=["price"]).publish(past="all").wait()

    def page(name, **query):
        return json.dumps(build(name)(ws, query))

    assert "30 Jun 2026" in page("search", call="c1")
    ws.time_zone = "Europe/Berlin"
    assert "1 Jul 2026" in page("search", call="c1")
    assert "30 Jun 2026" not in page("search", call="c1")
    assert "2026-07-01T00:15:00+02:00" in page("deal")
    assert "2026-07-01T00:15:00+02:00" in page("search", **{"from": "2026-07-01", "to": "2026-07-01"})
    assert "2026-07-01T00:15" not in page("search", to="2026-06-30")
    assert "2026-07" in page("tracker")


# Starts without an offset


def test_they_are_local_times_and_offsets_stay(ws, tmp_path):
    ws.time_zone = "Europe/Berlin"
    file = tmp_path / "calls.jsonl"
    file.write_text(
        "\n".join(
            json.dumps(one)
            for one in (
                said("summer", "2026-07-01T09:00:00"),
                said("winter", "2026-12-01T09:00:00"),
                said("offset", "2026-07-01T09:00:00-05:00"),
                said("skipped", "2026-03-29T02:30:00"),
                said("twice", "2026-10-25T02:30:00"),
            )
        )
    )
    assert ws.ingest(file).added == 5
    frame = pd.DataFrame({"id": ["frame"], "text": ["so it is"], "started": [pd.Timestamp("2026-07-01 09:00")]})
    assert ws.ingest(frame).added == 1
    found = ws.conversations(wb.Filters(**ANY)).set_index("id")["started"].dt.tz_convert("UTC")
    assert found.dt.strftime("%m-%d %H:%M").to_dict() == {
        "summer": "07-01 07:00",
        "winter": "12-01 08:00",
        "offset": "07-01 14:00",
        "skipped": "03-29 01:30",
        "twice": "10-25 00:30",
        "frame": "07-01 07:00",
    }


def test_one_import_may_name_its_own_zone(ws):
    ws.ingest([said("a", "2026-07-01T09:00:00")], time_zone="America/New_York")
    ws.ingest([said("b", "2026-07-01T09:00:00")])
    assert ws.conversations()["started"].dt.hour.tolist() == [13, 9]


GIVEN = (said("local", "2026-07-01T09:00:00"), said("offset", "2026-07-01T09:00:00+02:00"), said("none", None))


@pytest.mark.parametrize("redact", [False, ["card"]])
@pytest.mark.parametrize("prefix", ["", "x/"])
def test_the_same_content_is_known_again_in_any_zone(ws, redact, prefix):
    given = [{**one, "turns": [{"text": "Card 4111 1111 1111 1111, the price."}]} for one in GIVEN]
    for zone in ("UTC", "Europe/Berlin", "Pacific/Chatham", "UTC"):
        ws.time_zone = zone
        report = ws.ingest(given, redact=redact, prefix=prefix)
        assert not report.rejected, report
        assert report.added + report.unchanged == 3
    assert report.unchanged == 3
    changed = ws.ingest(
        [{**given[0], "started": "2026-07-01T09:00:01"}], redact=redact, prefix=prefix, on_change="reject"
    )
    assert "other content" in str(changed.rejected[0])


def test_the_same_moment_is_known_again_with_its_offset_or_without(ws):
    ws.time_zone = "Europe/Berlin"
    ws.ingest([said("c", "2026-07-01T07:00:00Z")])
    assert ws.ingest([said("c", "2026-07-01T09:00:00")]).unchanged == 1
    assert ws.ingest([said("c", "2026-07-01T09:00:00+02:00")]).unchanged == 1


def test_what_an_earlier_version_took_for_utc_is_known_again(ws):
    """Earlier versions made the start a moment in UTC before they hashed it."""
    ws.ingest([said("c", "2026-07-01T09:00:00Z")])
    ws.time_zone = "Asia/Tokyo"
    assert ws.ingest([said("c", "2026-07-01T09:00:00")]).unchanged == 1


def test_calendars_end(ws):
    ws.time_zone = "Asia/Tokyo"
    for started in ("1900-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59"):
        assert "started: must be between 1900 and 2199" in str(ws.ingest([said("c", started)]).rejected[0])
    assert ws.ingest([said("c", "1900-01-02T00:00:00")]).added == 1


def test_a_live_call_begins_in_the_zone(ws):
    ws.time_zone = "Europe/Berlin"

    async def play():
        async with ws.live("live", started="2026-07-01T09:00:00") as going:
            await going.turn("the price is too high")

    asyncio.run(play())
    assert ws.lake.card("live").started.isoformat() == "2026-07-01T09:00:00+02:00"


def test_a_lake_of_its_own_takes_the_zone_of_an_import(tmp_path):
    lake = Lake(tmp_path / "corpus")
    assert ingest(lake, [said("a", "2026-07-01T09:00:00")], zone=BERLIN).added == 1
    assert lake.card("a").started == datetime(2026, 7, 1, 7, tzinfo=UTC)


# The command line


def run(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["workbench", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    return capsys.readouterr().out


def test_the_command_line_sets_it_and_imports_in_it(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(STATE, raising=False)
    folder, file = tmp_path / "w", tmp_path / "c.jsonl"
    wb.Workspace(folder, HashingEncoder()).close()
    file.write_text(json.dumps(said("c", "2026-07-01T09:00:00")))
    assert "time zone: UTC" in run(monkeypatch, capsys, "settings", "-w", folder)
    told = json.loads(run(monkeypatch, capsys, "settings", "--time-zone", "Asia/Tokyo", "-w", folder, "--json"))
    assert told == {"time_zone": "Asia/Tokyo", "redaction": []}
    run(monkeypatch, capsys, "ingest", file, "-w", folder, "--time-zone", "Europe/Berlin")
    assert wb.Workspace(folder, HashingEncoder()).lake.card("c").started.isoformat() == "2026-07-01T16:00:00+09:00"
    monkeypatch.setattr(sys, "argv", ["workbench", "settings", "--time-zone", "Asia/Tokio", "-w", str(folder)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "did you mean Asia/Tokyo" in capsys.readouterr().err


def test_it_stands_in_the_state_of_the_workspace(ws):
    ws.time_zone = "Europe/Berlin"
    rows = create_engine(f"sqlite:///{ws.path / STATE_FILE}").connect().execute(text("SELECT * FROM settings"))
    assert rows.fetchall() == [("time_zone", '"Europe/Berlin"')]
