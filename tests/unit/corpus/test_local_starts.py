"""Starts without an offset are local times of the import's zone, in every format, and known again in any zone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import workbench as wb
from tests.unit.corpus.formats.test_examples import EXAMPLES
from workbench.cli.app import app
from workbench.corpus.file_previews import preview_files
from workbench.corpus.formats import FormatProblem, bounds, mapping_of
from workbench.corpus.formats.neutral_model import NeutralFormError
from workbench.corpus.import_preview import preview_import
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.local_starts import hashes_of, moment_of, with_moment
from workbench.corpus.reading import ReadOptions
from workbench.corpus.tables import Item, hash_of
from workbench.domain.conventions import Conventions
from workbench.domain.conversations import Conversation, Turn
from workbench.engine.encoders import HashingEncoder

ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Africa/Abidjan")
local = datetime.fromisoformat
FILES = {
    "calls.csv": 'call_id,date,transcript\ncsv,2026-07-01 09:00,"Ann: The price.\nCy: Is too high.\nAnn: I see."\n',
    "turns.csv": "conversation,time,speaker,text\nturns,2026-07-01 09:00:00,ann,the price\n"
    "turns,2026-07-01 09:00:05,cy,is too high\n",
    "call.txt": "Date: 2026-07-01 09:00\n\n"
    "[00:00:01] Ann: The price.\n[00:00:03] Cy: Is high.\n[00:00:05] Ann: I see.\n",
    "neutral.jsonl": json.dumps({"id": "n", "started": "2026-07-01T09:00:00", "turns": [{"text": "the price"}]}),
    "unknown.json": json.dumps(
        {"lines": [{"who": w, "said": "the price", "at": f"2026-07-01T09:00:0{n}"} for n, w in enumerate("abab")]}
    ),
}
MAPPING = {"path": "lines", "text": "said", "speaker": "who", "start": "at"}


def said(started):
    return Conversation(id="c", turns=(Turn(text="the price"),), started=started, fields={"n": "1"})


def item(started):
    return Item(said(started), hash_of(said(started)))


def read_in(zone, started):
    found = with_moment(item(started), ZoneInfo(zone))
    assert isinstance(found, Item)
    return found


def lake_of(folder, zone):
    return Lake(folder, conventions=lambda: Conventions(zone=ZoneInfo(zone)))


def knows(stored, again):
    return stored.content_hash in (again.content_hash, *again.former)


naive = st.datetimes(local("1990-01-01"), local("2100-01-01"))


@given(naive, st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_the_same_local_time_is_known_again_in_any_zone(started, one, other):
    stored, again = read_in(one, started), read_in(other, started)
    assert knows(stored, again)
    assert not knows(stored, read_in(other, started + timedelta(minutes=1, seconds=7)))
    assert stored.conversation.started == started.replace(tzinfo=ZoneInfo(one)).astimezone(UTC)
    assert stored.written is not None
    assert stored.written.started == started


@given(naive, st.sampled_from(ZONES), st.booleans())
def test_a_moment_with_an_offset_is_known_where_it_is_the_same_and_corrects_where_it_is_not(started, zone, canonical):
    stored, given_again = read_in(zone, started), item(started.replace(tzinfo=UTC))
    same = stored.conversation.started == given_again.conversation.started
    assert (given_again.content_hash == stored.content_hash) == same
    explicit = item(stored.conversation.started)
    assert knows(explicit, stored)
    if canonical:
        assert read_in(zone, explicit.conversation.started) is not explicit
        assert read_in(zone, explicit.conversation.started) == explicit


@given(naive)
def test_in_utc_content_is_hashed_as_before(started):
    assert read_in("UTC", started).content_hash == hash_of(said(started.replace(tzinfo=UTC)))


def test_hashes_of_what_says_its_offset_or_no_start():
    moment = local("2026-07-01T09:00:00+00:00")
    assert hashes_of(said(moment), moment) == (hash_of(said(moment)),)
    assert hashes_of(said(None), None) == (hash_of(said(None)),)


def test_a_start_at_the_end_of_the_calendar_is_told():
    for started, zone in (
        (datetime(bounds.FIRST_YEAR, 1, 1), "Asia/Tokyo"),  # noqa: DTZ001, a local time
        (datetime(bounds.LAST_YEAR, 12, 31, 23), "America/New_York"),  # noqa: DTZ001, a local time
    ):
        found = with_moment(item(started), ZoneInfo(zone))
        assert isinstance(found, FormatProblem)
        assert "started: must be between" in found.reason
        with pytest.raises(NeutralFormError, match="started: must be between"):
            moment_of(started, ZoneInfo(zone))


# Every format


@pytest.mark.parametrize("name", FILES)
def test_files_of_every_kind_are_read_in_the_zone_and_known_again(name, tmp_path):
    file = tmp_path / name
    file.write_text(FILES[name])
    mapping = MAPPING if name == "unknown.json" else None
    for zone in ("Asia/Kolkata", "UTC", "America/New_York"):
        report = ingest(lake_of(tmp_path / "lake", zone), file, mapping=mapping)
        assert not report.rejected, report
        assert (report.added, report.unchanged, report.changed) == ((1, 0, 0) if zone == "Asia/Kolkata" else (0, 1, 0))
    started = lake_of(tmp_path / "lake", "Asia/Kolkata").conversations()["started"]
    assert [one.isoformat() for one in started] == ["2026-07-01T09:00:00+05:30"]
    tokyo, shown = ZoneInfo("Asia/Tokyo"), "2026-07-01T09:00:00+09:00"
    (one,) = preview_import(file, mapping, tokyo).conversations
    (same,) = preview_files([file], ReadOptions(zone=tokyo, mapping=mapping and mapping_of(mapping)))[0].conversations
    assert (one.started.isoformat(), same.started.isoformat()) == (shown, shown)


def test_all_examples_are_known_again_in_another_zone(tmp_path):
    files = [one for one in sorted(EXAMPLES.iterdir()) if one.is_file() and not one.name.endswith(".expected.json")]
    first = ingest(lake_of(tmp_path, "Asia/Kolkata"), files, prefix="x/")
    again = ingest(lake_of(tmp_path, "America/St_Johns"), files, prefix="x/")
    assert first.added > 50
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added + first.unchanged)


def test_a_corrected_start_is_a_correction_and_the_same_file_after_it_none(tmp_path):
    one = {"id": "c", "started": "2026-07-01T09:00:00", "turns": [{"text": "the price"}]}
    lake = lake_of(tmp_path, "Europe/Berlin")
    assert ingest(lake, [one]).added == 1
    assert ingest(lake, [{**one, "started": "2026-07-01T09:00:00Z"}]).changed == 1
    assert lake.card("c").started == local("2026-07-01T09:00:00+00:00")
    assert ingest(lake, [{**one, "started": "2026-07-01T10:00:00"}]).changed == 1
    assert lake.card("c").started == local("2026-07-01T10:00:00+02:00")


# What is set later, how long it is kept, and what a preview shows


def test_starts_that_are_set_later_and_periods_of_retention_are_those_of_the_zone(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as ws:
        ws.time_zone = "Pacific/Auckland"
        ws.ingest([{"id": "c", "turns": [{"text": "the price"}]}])
        assert ws.conversations.update({"c": {"started": "2026-02-28T23:59:00"}}).changed == 1
        assert ws.conversations.update({"c": {"started": "2026-02-28T10:59:00Z"}}).unchanged == 1
        assert ws.lake.card("c").started == local("2026-02-28T10:59:00+00:00")
        assert ws.conversations.update({"c": {"started": "1900-01-01"}}).rejected
        ws.retention("1 month")
        # A month before the last of March is the last of February, by the clocks of Auckland; in UTC a day earlier.
        assert ws.retention.due(local("2026-03-31T10:58:00+00:00")) == []
        assert ws.retention.due(local("2026-03-31T11:00:00+00:00")) == ["c"]


def test_a_dry_run_goes_by_the_workspace_or_by_what_it_is_told(tmp_path):
    file, folder = tmp_path / "c.jsonl", tmp_path / "w"
    file.write_text(FILES["neutral.jsonl"])

    def started(*more):
        words = ["ingest", str(file), "-w", str(folder), "--dry-run", "--json", *more]
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        return json.loads(done.output)["conversations"][0]["started"]

    assert local(started()) == local("2026-07-01T09:00:00+00:00")
    assert local(started("--time-zone", "Asia/Tokyo")) == local("2026-07-01T09:00:00+09:00")
    assert not folder.exists()
    with wb.Workspace(folder, HashingEncoder()) as ws:
        ws.time_zone = "Asia/Kolkata"
        assert ws.preview_import(file).conversations[0].started == local("2026-07-01T09:00:00+05:30")
        other = ws.preview_import(file, time_zone="UTC").conversations[0]
        assert other == replace(other, started=local("2026-07-01T09:00:00+00:00"))
    assert local(started()) == local("2026-07-01T09:00:00+05:30")


@pytest.mark.parametrize("mapping", [None, {"path": "x", "text": "said", "speaker": "who"}])
@pytest.mark.parametrize("key", ["started", "call_start"])
def test_a_start_without_an_offset_in_json_of_no_known_tool_is_local(tmp_path, mapping, key):
    turns = [{"said": f"Hello {n}, how are you today?", "who": "AB"[n % 2]} for n in range(6)]
    file = tmp_path / "a.json"
    file.write_text(json.dumps({key: "2026-07-01T09:00:00", "x": turns}))
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as ws:
        ws.ingest(file, time_zone="Asia/Tokyo", mapping=mapping)
        (started,) = ws.conversations(wb.Filters(scope="any"))["started"]
        assert started == datetime(2026, 7, 1, tzinfo=UTC)
        assert ws.ingest(file, mapping=mapping).unchanged == 1
