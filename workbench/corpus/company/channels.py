"""Channels of recordings, by how speech recognition labels their speakers: "channel 0", "ch_1 spk_0", "left"."""

from __future__ import annotations

import re
from collections.abc import Iterable

LEFT, RIGHT = "left", "right"
_CHANNEL = re.compile(r"(?:channel|chan|ch|kanal|canal|audio channel)[\s_#:.-]*(\d{1,3}|[a-h]|left|right)(?![a-z0-9])")
_BARE = re.compile(r"(left|right|links|rechts|[lr])(?:[\s_-]*(?:channel|kanal))?")
_WORDS = {"links": LEFT, "rechts": RIGHT, "l": LEFT, "r": RIGHT}


def channel_of(speaker: str) -> str | None:
    """Return the channel in a speaker's label: "0", "a", "left", "right"; None if it has none."""
    text = speaker.strip().lower()
    found = _CHANNEL.match(text) or _BARE.fullmatch(text)
    return _plain(found[1]) if found else None


def checked_channel(given: object) -> str | None:
    """Return a channel as settings name it; None for an invalid one."""
    text = str(given).strip().lower() if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if re.fullmatch(r"\d{1,3}|[a-h]", text):
        return _plain(text)
    return channel_of(text)


def is_ours(channel: str, own: str, channels: Iterable[str]) -> bool | None:
    """Return whether a channel is the company's, where ``own`` is; None if the call has no such channel.

    Left is the first of two channels, and right the second; the same holds for "0" and "1".
    """
    known = sorted(set(channels), key=_order)
    if own in known:
        return channel == own
    if len(known) > 2 or _order(own) > 1 or (own.isdigit() and any(one.isdigit() for one in known)):
        return None
    return known.index(channel) == _order(own) if len(known) == 2 else None


def _plain(channel: str) -> str:
    return str(int(channel)) if channel.isdigit() else _WORDS.get(channel, channel)


def _order(channel: str) -> int:
    if channel.isdigit():
        return int(channel)
    return {LEFT: 0, RIGHT: 1}.get(channel, ord(channel[0]) - ord("a"))
