"""Recordings as readers hear them: by a call's id, as a whole or in ranges, and no other file of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import workbench as wb
from tests.browser.servers import Server, dashboards
from tests.support.kernel_forks import FORKED
from tests.unit.serving.readers import Reply, notebooks, send
from tests.unit.small import conversations
from workbench.domain.recording_files import file_below
from workbench.engine.encoders import HashingEncoder

SOUND = bytes(range(48, 58)) * 100
AWKWARD = "a/../b c?#é"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings, and around it what nobody may hear."""
    home = tmp_path_factory.mktemp("heard")
    folder = home / "recordings"
    (folder / "2026" / ".hidden").mkdir(parents=True)
    for name in ("2026/a b.wav", "2026/.hidden/a.wav", ".secret.wav", "notes.txt", "other.mp3", "gone.wav"):
        (folder / name).write_bytes(SOUND)
    (home / "outside.wav").write_bytes(b"private")
    (folder / "link.wav").symlink_to(home / "outside.wav")
    (folder / "text.wav").symlink_to(folder / "notes.txt")
    (folder / "folder.wav").mkdir()
    os.mkfifo(folder / "pipe.wav")
    return home


MEDIA = {
    "call-0": "recordings/2026/a b.wav",
    AWKWARD: "recordings/other.mp3",
    "outside": "outside.wav",
    "up": "recordings/../outside.wav",
    "link": "recordings/link.wav",
    "text": "recordings/text.wav",
    "notes": "recordings/notes.txt",
    "folder": "recordings/folder.wav",
    "pipe": "recordings/pipe.wav",
    "hidden": "recordings/2026/.hidden/a.wav",
    "secret": "recordings/.secret.wav",
    "missing": "recordings/missing.wav",
    "state": "calls.workspace/state.db",
    "none": None,
    "elsewhere": "https://media.example.org/a.wav",
    "deleted": "recordings/gone.wav",
}
REFUSED = [name for name in MEDIA if name not in ("call-0", AWKWARD)]


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Server]:
    workspace = wb.open(home / "calls.workspace", encoder=HashingEncoder())
    calls = []
    for name, media in MEDIA.items():
        there = media if media is None or "://" in media else str(home / media)
        calls.append(conversations(1)[0] | {"id": name, "title": name} | ({"media": there} if there else {}))
    assert workspace.ingest(calls).added == len(MEDIA)
    workspace.delete(["deleted"])
    workspace.close()
    more = ("--warm", "0", "--recordings", str(home / "recordings"))
    with dashboards(notebooks(home), workspace.path, home, *more, before=FORKED) as running:
        yield running


def heard(server: Server, name: str, headers: dict[str, str] | None = None, method: str = "GET") -> Reply:
    return send(server, f"/workbench/recordings/{quote(name, safe='')}", headers, method=method)


def test_a_recording_is_sent_as_a_whole(served: Server) -> None:
    reply = heard(served, "call-0")
    assert (reply.status, reply.body.encode()) == (200, SOUND)
    assert reply.header("Content-Type") == "audio/wav"
    assert reply.header("Accept-Ranges") == "bytes"
    assert reply.header("X-Content-Type-Options") == "nosniff"
    assert reply.header("Cache-Control") == "private, no-cache"
    assert "default-src 'self'" in reply.header("Content-Security-Policy")
    assert heard(served, AWKWARD).header("Content-Type") == "audio/mpeg"


def test_only_the_headers_are_sent_if_no_more_is_asked_for(served: Server) -> None:
    reply = heard(served, "call-0", method="HEAD")
    assert (reply.status, reply.header("Content-Length"), reply.body) == (200, str(len(SOUND)), "")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=990-", 990, 999), ("bytes=-5", 995, 999)],
)
def test_a_range_is_sent_alone(served: Server, asked: str, first: int, last: int) -> None:
    reply = heard(served, "call-0", {"Range": asked})
    assert (reply.status, reply.body.encode()) == (206, SOUND[first : last + 1])
    assert reply.header("Content-Range") == f"bytes {first}-{last}/{len(SOUND)}"
    assert reply.header("Content-Length") == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(served: Server, asked: str) -> None:
    reply = heard(served, "call-0", {"Range": asked})
    assert (reply.status, reply.header("Content-Range")) == (416, f"bytes */{len(SOUND)}")


@pytest.mark.parametrize("asked", ["bytes=a-b", "bytes=0-1,5-6", "lines=1-2", "bytes=9-2"])
def test_a_range_that_cannot_be_understood_is_ignored(served: Server, asked: str) -> None:
    reply = heard(served, "call-0", {"Range": asked})
    assert reply.status in (200, 416)
    assert reply.status == 416 or reply.body.encode() == SOUND


def test_a_part_of_an_earlier_recording_is_not_mixed_with_this_one(served: Server) -> None:
    mark = heard(served, "call-0").header("ETag")
    assert heard(served, "call-0", {"Range": "bytes=0-4", "If-Range": mark}).status == 206
    assert heard(served, "call-0", {"Range": "bytes=0-4", "If-Range": '"older"'}).status == 200
    assert heard(served, "call-0", {"If-None-Match": mark}).status == 304


@pytest.mark.parametrize("name", [*REFUSED, "nowhere", "../call-0", "2026/a b.wav", "other.mp3", "/etc/passwd", "\0"])
def test_no_other_file_is_reached(served: Server, name: str) -> None:
    reply = heard(served, name)
    assert reply.status == 404
    assert "private" not in reply.body


@pytest.mark.parametrize("path", ["", "/", "/../../../outside.wav", "/..%2f..%2foutside.wav", "/%2e%2e/outside.wav"])
def test_no_path_leads_out(served: Server, path: str) -> None:
    assert send(served, f"/workbench/recordings{path}").status in (400, 404)


def test_those_without_the_token_hear_nothing(served: Server) -> None:
    for name in ("call-0", "nowhere"):
        for headers in (None, {"Range": "bytes=0-4"}):
            reply = send(served, f"/workbench/recordings/{name}", headers, known=False)
            assert (reply.status, reply.body) == (302, "")  # to the form for the token, as from pages
            assert reply.header("Location").startswith("/login?")
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "audio"}
    assert heard(served, "call-0", foreign).status == 403
    assert heard(served, "call-0", method="POST").status in (403, 405)


def test_without_a_folder_there_is_nothing_to_hear(server: Server) -> None:
    assert send(server, "/workbench/recordings/call-0").status == 404


def test_what_an_import_names_is_only_compared_with_the_folder(home: Path) -> None:
    folder = home / "recordings"
    assert file_below(folder, str(folder / "2026" / "a b.wav")) == (folder / "2026" / "a b.wav").resolve()
    assert file_below(folder, "2026/a b.wav") is not None
    assert file_below("", str(folder / "other.mp3")) is None
    assert file_below(folder / "missing", "other.mp3") is None
    for name, media in MEDIA.items():
        if media and name not in ("call-0", AWKWARD, "deleted"):
            assert file_below(folder, str(home / media)) is None, name
    assert file_below(folder, "other.mp3\0") is None
