"""On the page of live calls readers follow, and nothing else; a call's key leads nowhere but to its journal."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit import small
from workbench.dashboards.opening import live
from workbench.domain.errors import NotFound, WorkbenchError
from workbench.engine.encoders import HashingEncoder

KEYS = [
    *("../live/good", "../../live/good", "..%2fgood", "./good", "good.jsonl", "good\0", "/etc/passwd", "live/good"),
    *("\\..\\good", "~/good", "good/../good", ".", "..", "*", "g?od", "[g]ood"),
]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    made = wb.open(tmp_path_factory.mktemp("w") / "w", encoder=HashingEncoder())
    made.ingest(small.conversations(2))
    (made.path / "live").mkdir(exist_ok=True)
    first = '{"call": {"id": "good"}, "began": "2026-01-01T00:00:00+00:00", "speed": null}\n'
    (made.path / "live" / "good.jsonl").write_text(first)
    (made.path / "good.jsonl").write_text(first)
    return made


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("recorded", ("call",)),
        ("replay", ("call-0", 10.0)),
        ("speed", ("good", 10.0)),
        ("stop", ("good",)),
        *((kind, (key, *more)) for key in KEYS for kind, more in (("speed", (10.0,)), ("stop", ()))),
    ],
)
def test_readers_replay_nothing_and_stop_nobody(ws, kind, values):
    monitor = live(ws, "reader")
    monitor.can_replay = True  # a page may believe it
    with pytest.raises(WorkbenchError, match="only shows live calls"):
        getattr(monitor, f"on_{kind}")(*values)
    assert [one["key"] for one in monitor.on_calls()] == ["good"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_leads_nowhere_else(ws, key):
    monitor = live(ws, "reader")
    for ask in (lambda: monitor.on_follow(key, 0), lambda: monitor.on_whole(key, 0)):
        with pytest.raises(NotFound, match="can no longer be followed"):
            ask()
    assert monitor.on_follow("good", 0)["call"]["conversation_id"] == "good"
