"""Every kind of tracker over REST: its settings pass as they are, one by one and many at once, and are changed."""

from __future__ import annotations

import pytest

SETTINGS = {
    "keyword": {"words": ["price", "a|b"], "exclude": ["free"], "match": "exact", "rules": 2},
    "phrase": {"vocabulary": ["it costs too much"], "closeness": 0.61, "rules": 2},
    "question": {
        "question": "Was a discount asked for?",
        "details": "A wish counts.",
        "sections": {},
        "free": True,
        "judge": "local",
        "least": 0.7,
    },
}
CHANGES = {"keyword": {"match": "inflected"}, "phrase": {"closeness": 0.3}, "question": {"least": 0.9}}


def body(kind: str, name: str) -> dict[str, object]:
    return {"name": name, "kind": kind, "settings": SETTINGS[kind]}


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_pass_as_they_are(api, kind):
    made = api("POST", "trackers", body(kind, f"One {kind}"))
    assert made.status == 201, made.body
    assert (made.json["kind"], made.json["settings"]) == (kind, SETTINGS[kind])
    changed = api("PATCH", f"trackers/{made.json['id']}", {"settings": CHANGES[kind]})
    assert changed.json["settings"] == SETTINGS[kind] | CHANGES[kind]
    refused = api("PATCH", f"trackers/{made.json['id']}", {"settings": {"colour": "red"}})
    assert refused.status == 422
    assert "colour" in refused.json["detail"]


def test_all_kinds_at_once_and_what_is_exported_can_be_sent(api):
    made = api("POST", "trackers", {"trackers": [body(kind, f"Many {kind}") for kind in SETTINGS]})
    results = [one["result"] for one in made.json["items"]]
    assert [one["settings"] for one in results] == list(SETTINGS.values())
    changes = [
        {"tracker": one["id"], "settings": change} for one, change in zip(results, CHANGES.values(), strict=True)
    ]
    changed = api("PATCH", "trackers", {"trackers": changes})
    expected = [SETTINGS[kind] | CHANGES[kind] for kind in SETTINGS]
    assert [one["result"]["settings"] for one in changed.json["items"]] == expected
    names = [one["id"] for one in results]
    exported = api.workspace.trackers.to_json(only=names)
    api("DELETE", "trackers", tracker=names)
    again = api("POST", "trackers", exported.encode())
    assert [one["result"]["settings"] for one in again.json["items"]] == expected
