"""Slack's exports: one file per channel and day, with people's messages mixed with notices."""

from __future__ import annotations

import re
from typing import Any

from workbench.corpus.formats.draft import WRITTEN, Draft, DraftTurn
from workbench.corpus.formats.html_text import unescaped
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, first, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.times import between, since_1970

_LINK = re.compile(r"<(?P<sign>[@#!])?(?P<target>[^<>|]{1,2000})(?:\|(?P<label>[^<>]{0,2000}))?>")
_SPOKEN = ("", "bot_message", "thread_broadcast", "file_share", "me_message")


def _slack(document: Any) -> list[Draft] | None:
    held = objs(document)
    if not among(sample(held), "ts", "type", "text") or not {"user", "bot_id"} & sample(held).keys():
        return None
    names = {text(one.get("user")): shown for one in held if (shown := _name(one))}
    draft = Draft([], notes=[WRITTEN])
    for one in held:
        said = _plain(text(one.get("text")), names).strip()
        if text(one.get("subtype")) not in _SPOKEN or not said:
            draft.left_out["notice"] += 1
            continue
        moment = since_1970(one.get("ts"))
        draft.started = draft.started or moment
        speaker = names.get(text(one.get("user"))) or first(one, "user", "username", "bot_id")
        draft.turns.append(DraftTurn(said, known_speaker(speaker), between(draft.started, moment)))
    return [draft]


def _name(message: dict[str, Any]) -> str | None:
    profile = obj(message.get("user_profile"))
    return known_speaker(first(profile, "real_name", "display_name", "name"))


def _plain(said: str, names: dict[str, str]) -> str:
    """Return a message without Slack's markup: links as their label, people as their name."""

    def shown(found: re.Match[str]) -> str:
        if found["label"]:
            return found["label"]
        return names.get(found["target"], found["target"]) if found["sign"] else found["target"]

    return unescaped(_LINK.sub(shown, said))


SLACK = Maker("Slack", _slack, of_turns=True)
