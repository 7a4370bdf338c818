"""A call that has every field of the neutral form."""

from __future__ import annotations

from typing import Any

FULL: dict[str, Any] = {
    "id": "c",
    "kind": "call",
    "title": "Renewal",
    "started": "2026-03-31T09:00:00Z",
    "duration_s": 60.0,
    "direction": "inbound",
    "channel": "telephony",
    "scope": "external",
    "language": "en",
    "account": "Acme",
    "deal": {"id": "d", "stage": "demo", "amount": 5.0, "outcome": "open"},
    "team": "East",
    "thread": "t",
    "media": "a.wav",
    "fields": {"region": "north", "n": 1},
    "parties": [{"id": "p", "name": "Ann", "side": "company", "team": "East", "email": "ann@mail.example"}],
    "turns": [
        {"text": "The fee is too high. Is it?", "party": "p", "start_s": 0.0, "end_s": 9.0, "labels": ["fee"]},
        {"text": "It is.", "spans": [{"label": "yes", "start": 0, "end": 5}]},
    ],
}
