import base64
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import workbench as wb
from tests.support.patience import wait_for
from tests.unit.small import ROOT
from workbench.domain.errors import NotFound, WorkbenchError
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import CallImporter, import_files, import_stores
from workbench.widgets.import_download import fetch, is_address
from workbench.widgets.import_files import CHUNK, MAX_BYTES, MAX_FILE, MAX_WAITING_FILES, ImportFiles
from workbench.widgets.import_reports import MAX_KEPT, ImportReports, report_of, words_of
from workbench.widgets.import_stores import fetch_stored
from workbench.widgets.protocol import ImportReportView

DATA = ROOT / "tests/data/formats"
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def ws(tmp_path):
    with wb.open(tmp_path / "w.workspace", encoder=HashingEncoder()) as opened:
        yield opened


@pytest.fixture
def importer(ws):
    made = CallImporter(ws)
    yield made
    made.close()


@pytest.fixture
def browser(importer, page):
    return page(importer)


def settle(browser):
    """Wait for the work in the background, as a page does that hears of its end."""

    def is_over():
        browser.result("progress")
        return browser.widget.state["phase"] not in ("looking", "importing")

    wait_for(is_over, "the importer's work")


def send(browser, path, content):
    """Send one file as a page does; return its id."""
    (taken,) = browser.result("offer", files=[{"path": path, "size": len(content)}])
    assert taken["id"] is not None, taken
    for at in range(0, len(content), CHUNK):
        data = base64.b64encode(content[at : at + CHUNK]).decode()
        browser.result("put", file=taken["id"], at=at, data=data)
    return taken["id"]


def drop(browser, *names):
    ids = [send(browser, f"calls/{Path(name).name}", (DATA / name).read_bytes()) for name in names]
    browser.result("look")
    settle(browser)
    return ids


def bring(browser, on_change="replace", redact=()):
    browser.result("bring", on_change=on_change, redact=list(redact))
    settle(browser)
    assert browser.widget.error == ""
    return browser.widget.state["report"]


def row(importer, name):
    return next(one for one in importer.files if one["name"].endswith(name))


def talk(*turns):
    lines = [{"speaker": who, "text": said, "start": at} for who, said, at in turns]
    return json.dumps({"lines": lines}).encode()


CALL = talk(("Ann", "Good morning, how can I help you today?", 1), ("Bob", "It is about the price.", 4))


def test_dropped_files_are_looked_at_and_nothing_is_imported_before_import_is_pressed(browser, importer, ws):
    drop(browser, "zoom_vtt.vtt", "whisper.json", "negatives/package.json")
    zoom, whisper, refused = importer.files
    assert (zoom["state"], zoom["format"], zoom["conversations"], zoom["times"]) == ("ready", "WebVTT", 1, "up to 0:16")
    assert zoom["language"] == "en"
    assert 1 < zoom["pace"] < 4
    assert whisper["format"] == "Whisper (JSON)"
    assert refused["state"] == "refused"
    assert "not a known transcript" in refused["problems"][0]
    assert ws.counts().conversations == 0
    told = browser.result("details", file=zoom["id"])
    assert told["calls"][0]["first"][0]["text"] == "Thanks for making time, Pavel."
    assert told["mapping"] is None

    report = bring(browser)
    assert (report["added"], report["rejected"], report["files"]) == (2, 1, 3)
    assert ws.counts().conversations == 2
    assert importer.files == []
    assert importer.state["phase"] == "idle"


def test_a_file_that_comes_in_pieces_is_whole_and_is_removed_after_the_import(browser, importer, ws):
    line = json.dumps({"id": "long", "turns": [{"text": "A sentence that is said again. " * 5_000}] * 10}).encode()
    file_id = send(browser, "long.jsonl", line)
    held = importer.held.get(file_id)
    assert held.path.read_bytes() == line
    assert held.path.stat().st_mode & 0o077 == 0
    folder = importer.held.folder
    assert folder.stat().st_mode & 0o077 == 0
    browser.result("look")
    settle(browser)
    assert bring(browser)["added"] == 1
    assert not folder.exists()
    assert list(ws.conversations()["id"]) == ["long"]


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a/../../b",
        "..\\..\\b",
        "a//./b",
        "\0/x\n",
        "x" * 5_000,
        "",
        "é" * 300 + ".json",
    ],
)
def test_no_name_leads_out_of_the_folder(importer, path):
    held = importer.held.offer(path, 3)
    root = importer.held.folder
    assert held.path.resolve().is_relative_to(root.resolve())
    assert held.path.is_file()
    assert held.name.isprintable()


def test_files_of_one_name_are_kept_apart_and_those_of_one_folder_stay_together():
    files = ImportFiles()
    one, other, again = (files.offer(path, 1) for path in ("a/x.json", "a/y.json", "a/x.json"))
    assert one.path.parent == other.path.parent
    assert again.path != one.path
    below = files.offer("a/x.json/z.json", 1)
    assert below.path.is_file()
    files.clear()
    assert not one.path.exists()


def test_what_is_sent_is_bounded(browser, importer, monkeypatch):
    def reason(path, size):
        return browser.result("offer", files=[{"path": path, "size": size}])[0]["reason"]

    assert "Larger than 100 MB" in reason("big.json", MAX_FILE + 1)
    assert "in a cell" in reason("negative.json", -1)
    assert reason("call.mp3", 5).startswith("Recordings")
    assert reason("calls/call.mp3", 5) == ""
    assert importer.state["passed_over"] == 1
    file_id = browser.result("offer", files=[{"path": "a.json", "size": 4}])[0]["id"]
    put = {"file": file_id, "at": 0}
    for wrong in (
        {"at": 1, "data": "QUJD"},
        {"data": "QUJDREU="},
        {"data": "no base64!"},
        {"data": "A" * (CHUNK * 2)},
        {"file": 99, "data": "QUJD"},
    ):
        assert browser.ask("put", **{**put, **wrong})["error"]["kind"] == "WorkbenchError"
    assert browser.result("put", **put, data="QUJD") == 3
    assert row(importer, "a.json") if importer.files else True
    monkeypatch.setattr(import_files, "MAX_BYTES", 10)
    assert "in all" in reason("b.json", 7)
    monkeypatch.setattr(import_files, "MAX_WAITING_FILES", 1)
    assert "More than 1 files" in reason("b.json", 1)
    assert MAX_WAITING_FILES * CHUNK > 0 < MAX_BYTES


def test_a_file_that_did_not_come_as_a_whole_is_not_looked_at(browser, importer):
    (taken,) = browser.result("offer", files=[{"path": "half.json", "size": 10}])
    browser.result("put", file=taken["id"], at=0, data="QUJD")
    browser.result("look")
    settle(browser)
    assert [one["state"] for one in importer.files] == ["coming"]
    assert "nothing to import" in browser.ask("bring", on_change="replace", redact=[])["error"]["message"]
    browser.result("remove", file=taken["id"])
    assert importer.files == []


def test_a_side_is_said_for_one_file_or_for_all(browser, importer, ws):
    first = send(browser, "one.json", CALL)
    send(browser, "two.json", CALL)
    browser.result("look")
    settle(browser)
    browser.result("side", speaker="Ann", side="company", file=first)
    assert [one["speakers"][0]["side"] for one in importer.files] == ["company", ""]
    browser.result("side", speaker="Bob", side="customer")
    assert [one["speakers"][1]["side"] for one in importer.files] == ["customer", "customer"]
    assert browser.ask("side", speaker="Bob", side="left")["error"]["kind"] == "WorkbenchError"
    bring(browser)
    parties = ws.conversations().set_index("id")["parties"]
    sides = {name: {one["name"]: one["side"] for one in parties[name]} for name in ("one", "two")}
    assert sides["one"] == {"Ann": "company", "Bob": "customer"}
    assert sides["two"]["Ann"] is None
    assert sides["two"]["Bob"] == "customer"


def test_what_is_known_of_the_company_and_its_zone_shows_before_the_import(browser, importer, ws):
    ws.company.update(domains=["us.example"], colleagues=["Ann"])
    ws.time_zone = "Asia/Tokyo"
    said = "Ann: Hello.\nBob: Hi, Ann.\nAnn: So.\nBob: It is too expensive.\n"
    call = {"title": "A call", "date": "2026-03-02T09:30:00", "transcript": said}
    send(browser, "one.json", json.dumps(call).encode())
    browser.result("look")
    settle(browser)
    (shown,) = importer.files
    assert {who["name"]: who["side"] for who in shown["speakers"]}["Ann"] == "company"
    bring(browser)
    (call,) = ws.conversations().to_dict("records")
    assert {one["name"]: one["side"] for one in call["parties"]}["Ann"] == "company"
    assert str(call["started"]).startswith(("2026-03-02 00:30", "2026-03-02 09:30:00+09"))


def started(browser, file):
    (call,) = browser.result("details", file=file)["calls"]
    return call["started"]


def test_a_time_zone_chosen_here_counts_for_this_import_alone(browser, importer, ws):
    said = "Ann: Hello.\nBob: Hi, Ann.\nAnn: So.\nBob: It is too expensive.\n"
    call = {"title": "A call", "date": "2026-03-02T09:30:00", "transcript": said}
    file = send(browser, "one.json", json.dumps(call).encode())
    browser.result("look")
    settle(browser)
    before = started(browser, file)
    browser.result("zone", zone=" Asia/Tokyo ")
    settle(browser)
    assert (importer.state["zone"], importer.state["workspace_zone"]) == ("Asia/Tokyo", "UTC")
    assert started(browser, file) != before
    bring(browser)
    assert str(ws.conversations()["started"].item()).startswith("2026-03-02 00:30")
    assert ws.time_zone == "UTC"
    browser.result("zone", zone="")
    assert importer.state["zone"] == "UTC"


@pytest.mark.parametrize("name", ["Mars", "+02:00", "../etc", "Europe/Berln", "A" * 5_000, "a\0b"])
def test_what_is_no_time_zone_is_refused_and_changes_nothing(browser, importer, name):
    assert browser.ask("zone", zone=name)["error"]["kind"] == "InvalidArgument"
    assert importer.state["zone"] == "UTC"


def test_the_time_zone_follows_the_workspace_as_long_as_none_is_chosen(browser, importer, ws):
    ws.time_zone = "Europe/Berlin"
    browser.result("open")
    assert importer.state["zone"] == "Europe/Berlin"


def test_all_whose_side_is_not_known_are_put_on_one(browser, importer, ws):
    first = send(browser, "one.json", CALL)
    send(browser, "two.json", CALL)
    browser.result("look")
    settle(browser)
    browser.result("side", speaker="Ann", side="company")
    browser.result("side", speaker="Bob", side="company", file=first)
    browser.result("others", side="customer")
    sides = [{who["name"]: who["side"] for who in one["speakers"]} for one in importer.files]
    assert sides == [{"Ann": "company", "Bob": "company"}, {"Ann": "company", "Bob": "customer"}]
    assert browser.ask("others", side="left")["error"]["kind"] == "WorkbenchError"


def test_who_was_on_no_side_can_be_said_to_be_on_none(browser, importer, ws):
    drop(browser, "aircall.json")
    known = importer.files[0]["speakers"][0]
    assert known["side"]
    browser.result("side", speaker=known["id"], side="")
    bring(browser)
    (parties,) = ws.conversations()["parties"]
    assert {one["id"]: one["side"] for one in parties}[known["id"]] is None


def test_unknown_json_shows_what_was_taken_for_what_and_can_be_changed(browser, importer, ws):
    lines = [{"a": "Ann", "b": "How can I help?", "t": 1000}, {"a": "Bob", "b": "The price is too high.", "t": 4000}]
    file_id = send(browser, "odd.json", json.dumps({"x": {"y": lines}}).encode())
    browser.result("look")
    settle(browser)
    assert importer.files[0]["state"] == "refused"
    told = browser.result("details", file=file_id)
    assert [one["path"] for one in told["lists"]] == [["x", "y"]]
    assert [one["key"] for one in told["lists"][0]["keys"]] == ["a", "b", "t"]
    mapping = {
        "path": ["x", "y"],
        "text": "b",
        "speaker": "a",
        "start": "t",
        "end": "",
        "unit": "ms",
        "conversation": "",
    }
    browser.result("map", file=file_id, mapping=mapping)
    settle(browser)
    assert (importer.files[0]["state"], importer.files[0]["turns"], importer.files[0]["times"]) == (
        "ready",
        2,
        "up to 0:04",
    )
    assert browser.result("details", file=file_id)["mapping"] == mapping
    browser.result("side", speaker="Bob", side="customer", file=file_id)
    bring(browser)
    (parties,) = ws.conversations()["parties"]
    assert {one["name"]: one["side"] for one in parties} == {"Ann": None, "Bob": "customer"}


def test_a_table_with_columns_of_its_own_is_read_as_a_person_says(browser, importer, ws):
    file_id = send(browser, "t.csv", b"wer;was\nAnn;Good morning\nBob;It is about the price\n")
    browser.result("look")
    settle(browser)
    assert importer.files[0]["state"] == "refused"
    told = browser.result("details", file=file_id)
    assert told["table"]
    browser.result("map", file=file_id, mapping={**told["mapping"], "text": "was", "speaker": "wer"})
    settle(browser)
    assert (importer.files[0]["conversations"], importer.files[0]["turns"]) == (1, 2)
    browser.result("map", file=file_id)
    settle(browser)
    assert importer.files[0]["state"] == "refused"
    wrong = {**told["mapping"], "unit": "hours"}
    assert browser.ask("map", file=file_id, mapping=wrong)["error"]["kind"] == "InvalidArgument"


def test_files_that_belong_together_are_read_as_one(browser, importer, ws):
    drop(browser, "ctm_with_rttm.ctm", "ctm_with_rttm.rttm")
    assert [one["state"] for one in importer.files] == ["ready", "part"]
    assert importer.files[0]["speakers_found"] == 2
    assert bring(browser)["added"] == 1


def test_a_path_is_read_where_it_lies_and_stays_there(browser, importer, ws, tmp_path, monkeypatch):
    folder = tmp_path / "calls" / "deep"
    folder.mkdir(parents=True)
    (folder / "one.json").write_bytes(CALL)
    (folder / "one.mp3").write_bytes(b"ID3")
    (folder / ".hidden").write_bytes(b"")
    browser.result("add", place=str(tmp_path / "calls"))
    settle(browser)
    assert [one["name"] for one in importer.files] == [os.path.join("calls", "deep", "one.json")]
    assert importer.state["passed_over"] == 2
    browser.result("add", place=str(folder / "one.json"))
    assert len(importer.files) == 1
    assert bring(browser)["added"] == 1
    assert (folder / "one.json").exists()
    assert "There is no file or folder" in browser.ask("add", place=str(tmp_path / "none"))["error"]["message"]
    assert browser.ask("add", place="  ")["error"]["kind"] == "WorkbenchError"
    monkeypatch.setattr(import_files, "MAX_WAITING_FILES", 0)
    assert "ws.ingest" in browser.ask("add", place=str(folder))["error"]["message"]


@pytest.fixture
def site():
    """A server of the web with one file, and addresses that lead elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/elsewhere"):
                self.send_response(302)
                self.send_header("Location", "ftp://example.org/x" if "ftp" in self.path else "file:///etc/passwd")
                self.end_headers()
            elif self.path.startswith("/large"):
                self.send_response(200)
                self.send_header("Content-Length", str(MAX_FILE + 1))
                self.end_headers()
                self.wfile.write(b"x")
            elif self.path.startswith("/one"):
                self.send_response(200)
                self.send_header("Content-Length", str(len(CALL)))
                self.end_headers()
                self.wfile.write(CALL)
            else:
                self.send_error(403)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_fetched_within_bounds(browser, importer, ws, site):
    browser.result("add", place=f"{site}/one.json?x=1")
    settle(browser)
    assert importer.error == ""
    assert importer.files[0]["conversations"] == 1
    for path, told in (
        ("/elsewhere-ftp", "not on the web"),
        ("/elsewhere", "not on the web"),
        ("/large", "100 MB"),
        ("/none", "403"),
    ):
        browser.result("add", place=site + path)
        settle(browser)
        assert told in importer.error, path
    browser.result("add", place="file:///etc/passwd")
    settle(browser)
    assert "https://" in importer.error
    assert len(importer.files) == 1
    assert bring(browser)["added"] == 1


@pytest.fixture
def store():
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    for name, content in (("a/one.json", CALL), ("a/b/two.json", CALL), ("a/one.mp3", b"ID3")):
        files.pipe(f"/bucket/{name}", content)
    yield "memory://bucket"
    files.rm("/bucket", recursive=True)


def test_a_folder_of_a_store_is_fetched_and_imported(browser, importer, ws, store):
    browser.result("add", place=f"{store}/a")
    settle(browser)
    assert importer.error == ""
    assert [one["name"] for one in importer.files] == ["memory://bucket/a/one.json", "memory://bucket/a/b/two.json"]
    assert importer.state["passed_over"] == 1
    assert bring(browser)["added"] == 2
    browser.result("add", place=f"{store}/a/one.json")
    settle(browser)
    assert bring(browser)["unchanged"] == 1


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("memory://bucket/none", "no files"),
        ("memory://bucket::file:///etc/passwd", "Give a path"),
        ("local:///etc/passwd", "https://"),
        ("simplecache::memory://bucket/a", "Give"),
        ("github://nobody", "cannot be read"),
        ("smb://user:secret@[", "cannot be read"),
    ],
)
def test_what_cannot_be_fetched_from_a_store_says_why(browser, importer, store, address, told):
    browser.result("add", place=address)
    settle(browser)
    assert told in importer.error
    assert "secret" not in importer.error
    assert importer.files == []


def test_a_store_gives_no_more_than_is_taken_and_nothing_of_it_stays(store, tmp_path, monkeypatch):
    def fetched(go_on=lambda _: True):
        return fetch_stored(f"{store}/a", lambda name: tmp_path / name.replace("/", "-"), go_on)

    for bound in ("MAX_WAITING_FILES", "MAX_FILE", "MAX_BYTES"):
        with monkeypatch.context() as patched:
            patched.setattr(import_stores, bound, 1)
            with pytest.raises(WorkbenchError, match=r"more than|larger than"):
                fetched()
    with pytest.raises(WorkbenchError, match="Stopped"):
        fetched(lambda share: share < 1)
    assert list(tmp_path.iterdir()) == []
    assert len(fetched()[0]) == 2


def test_fetching_can_be_stopped(site, tmp_path):
    assert is_address(site)
    assert not is_address("C:/calls")
    with pytest.raises(WorkbenchError, match="Stopped"):
        fetch(f"{site}/one.json", lambda name: tmp_path / name, lambda _: False)
    assert list(tmp_path.iterdir()) == []


def test_calls_that_are_known_with_other_content_are_replaced_kept_or_rejected(browser, importer, ws):
    def call(text):
        return json.dumps({"id": "c", "turns": [{"text": text}]}).encode()

    def brought(text, on_change):
        send(browser, "c.jsonl", call(text))
        browser.result("look")
        settle(browser)
        report = bring(browser, on_change)
        return {name: report[name] for name in ("added", "changed", "unchanged", "kept", "rejected") if report[name]}

    assert brought("One.", "replace") == {"added": 1}
    assert brought("One.", "replace") == {"unchanged": 1}
    assert brought("Two.", "keep") == {"kept": 1}
    assert brought("Two.", "reject") == {"rejected": 1}
    assert brought("Two.", "replace") == {"changed": 1}
    assert browser.ask("bring", on_change="burn", redact=[])["error"]


def test_an_import_can_be_stopped_and_goes_on_later(browser, importer, ws):
    lines = b"\n".join(
        json.dumps({"id": f"c{n}", "turns": [{"text": f"Call number {n}."}]}).encode() for n in range(300)
    )
    send(browser, "many.jsonl", lines)
    browser.result("look")
    settle(browser)
    assert importer.files[0]["conversations"] == 300
    waits, stopped = threading.Event(), threading.Event()
    real = importer.workspace.ingest

    def slow(source, *, progress, **options):
        def told(count, name):
            if count == 100:
                waits.set()
                stopped.wait(60)
            return progress(count, name)

        return real(source, progress=told, **options)

    importer.workspace.ingest = slow
    browser.result("bring", on_change="replace", redact=[])
    waits.wait(60)
    assert "Wait until this is done" in browser.ask("clear")["error"]["message"]
    browser.result("progress")
    assert importer.state["phase"] == "importing"
    browser.result("stop")
    stopped.set()
    settle(browser)
    report = importer.state["report"]
    assert report["stopped"]
    assert report["added"] == 100
    assert len(importer.files) == 1
    importer.workspace.ingest = real
    assert bring(browser)["added"] == 200


def test_pages_hear_how_far_the_work_is(browser, importer):
    drop(browser, "zoom_vtt.vtt")
    assert [one["news"] for one in browser.news][-1] == "import"
    assert browser.news[-1]["done"]


def test_an_error_is_shown_and_the_files_stay(browser, importer, monkeypatch):
    drop(browser, "zoom_vtt.vtt")

    def fails(*_, **__):
        raise WorkbenchError("The disk is full.")

    monkeypatch.setattr(importer.workspace, "ingest", fails)
    browser.result("bring", on_change="replace", redact=[])
    settle(browser)
    assert importer.error == "The disk is full."
    assert len(importer.files) == 1
    assert importer.state["phase"] == "idle"


def test_trackers_that_cannot_read_what_came_are_told_of_in_the_report(browser, importer, ws, monkeypatch):
    drop(browser, "zoom_vtt.vtt")

    def fails():
        raise WorkbenchError("No encoder.")

    monkeypatch.setattr(ws, "catch_up", fails)
    report = bring(browser)
    assert report["added"] == 1
    assert "No encoder." in report["failed"]


def test_a_report_is_kept_and_can_be_read_again(browser, importer, ws, page):
    drop(browser, "zoom_vtt.vtt")
    first = bring(browser)
    drop(browser, "srt.srt")
    bring(browser)
    again = CallImporter(ws)
    other = page(again)
    other.result("open")
    assert len(again.state["reports"]) == 2
    assert again.state["report"]["id"] != first["id"]
    other.result("report", report=first["id"])
    assert again.state["report"] == first
    for wrong in ("../state", "", "20261129T211518000000-e807eddb", HOSTILE):
        assert other.ask("report", report=wrong)["error"]["kind"] == "NotFound"


def test_old_and_damaged_reports_do_no_harm(tmp_path):
    reports = ImportReports(tmp_path)
    assert reports.heads() == []
    for _ in range(MAX_KEPT + 3):
        reports.keep(report_of([], 1, 0.5))
    files = sorted((tmp_path / "imports").glob("*.json"))
    assert len(files) == MAX_KEPT
    files[0].write_text("{}")
    files[1].write_text("[" * 100_000)
    (tmp_path / "imports" / "notes.json").write_text("{}")
    assert len(reports.heads()) == MAX_KEPT - 2
    with pytest.raises(NotFound):
        reports.read(files[0].stem)
    assert words_of(report_of([], 1, 0.5)) == "nothing new"


def test_redaction_is_what_the_workspace_says_unless_another_is_chosen(browser, importer, ws):
    ws.redaction = ["phone"]
    browser.result("open")
    assert importer.state["redact"] == ["phone"]
    drop(browser, "zoom_vtt.vtt")
    assert browser.ask("bring", on_change="replace", redact=["eyes"])["error"]["kind"] == "InvalidArgument"


def test_people_who_only_read_are_told_why_they_cannot_import(ws, page, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ROLE", "reader")
    importer = CallImporter(ws)
    browser = page(importer)
    browser.result("open")
    assert importer.state["phase"] == "blocked"
    assert "only shows results" in importer.state["blocked"]
    requests = {"offer": {"files": []}, "put": {"file": 1, "at": 0, "data": ""}, "add": {"place": "/etc"}, "look": {}}
    requests |= {
        "side": {"speaker": "a", "side": ""},
        "others": {"side": ""},
        "map": {"file": 1},
        "remove": {"file": 1},
        "clear": {},
    }
    requests |= {"bring": {"on_change": "replace", "redact": []}, "details": {"file": 1}, "report": {"report": "x"}}
    for kind, values in requests.items():
        assert browser.ask(kind, **values)["error"] is not None, kind
    assert importer.held.folder is None


def test_a_workspace_that_is_opened_for_reading_only_says_so(ws, page):
    with wb.open(ws.path, encoder=HashingEncoder(), read_only=True) as opened:
        importer = CallImporter(opened)
        assert importer.state["phase"] == "blocked"
        assert "read_only=True" in importer.state["blocked"]
        assert page(importer).ask("add", place="/")["error"]["message"] == importer.state["blocked"]


def test_hostile_names_and_texts_travel_as_text(browser, importer, ws):
    content = talk((HOSTILE, HOSTILE, 1), ("Bob", "\u202eesrever", 2))
    send(browser, f"{HOSTILE}.json", content)
    browser.result("look")
    settle(browser)
    assert importer.files[0]["speakers"][0]["name"] == HOSTILE
    json.dumps(importer.files)
    assert bring(browser)["added"] == 1


def test_what_killed_kernels_left_is_removed_a_day_later(tmp_path, monkeypatch):
    monkeypatch.setattr(import_files.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(import_files.tempfile, "tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("workbench-import-old", "workbench-import-new", "kept"))
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "a.json").write_text("{}")
    past = time.time() - 3 * 24 * 3600
    for path in (old, old / "a.json", other):
        os.utime(path, (past, past))
    link = tmp_path / "workbench-import-link"
    link.symlink_to(other)
    files = ImportFiles()
    files.offer("a.json", 1)
    assert not old.exists()
    assert new.exists()
    assert other.exists()
    assert link.is_symlink()
    del files


def test_the_report_view_is_what_the_protocol_says():
    assert report_of([], 1, 0.5).keys() == ImportReportView.__annotations__.keys()
