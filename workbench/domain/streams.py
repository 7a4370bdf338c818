"""Streams of matching calls, alerts, and the messages that tell of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from workbench.domain.errors import InvalidStream
from workbench.domain.names import clean_name
from workbench.domain.plain_json import is_finite
from workbench.domain.plurals import plural

MAX_DAYS = 366
LISTED = 20  # calls in a text; a webhook gets them all
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(\.[a-z\d-]+)*", re.ASCII | re.IGNORECASE)


class ChannelKind(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"


class MessageKind(StrEnum):
    """New calls in a stream, a backfill that is over, an alert, a find in a call that goes on.

    And a run that failed, and a tracker that was paused for want of credits.
    """

    CALLS = "calls"
    SUMMARY = "summary"
    ALERT = "alert"
    LIVE = "live"
    FAILED = "failed"
    PAUSED = "paused"


class Measure(StrEnum):
    """Of an alert: calls in which the tracker finds something, or their share of the calls it has read."""

    COUNT = "count"
    RATE = "rate"


class AlertDirection(StrEnum):
    AT_LEAST = "at_least"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSpec:
    """The calls in which any of these trackers finds something."""

    id: str
    name: str
    tracker_ids: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSpec:
    """Return whether the ``measure`` over the last ``days`` comes to lie where ``direction`` says.

    ``standing`` is whether it has spoken and the condition has held ever since: it speaks once each time.
    A rate and its threshold are in [0, 1].
    """

    id: str
    name: str
    tracker_id: str
    measure: Measure
    days: int
    threshold: float
    direction: AlertDirection
    created: datetime
    standing: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.threshold if self.direction is AlertDirection.AT_LEAST else value < self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChannel:
    """Where messages go. ``key`` signs what a webhook gets; it is there only when the webhook is made.

    ``live`` says whether it is told at once of finds in calls that go on, too.
    """

    id: str
    kind: ChannelKind
    target: str
    key: str | None = field(default=None, repr=False)
    live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCall:
    """A conversation, by number and id, in which this version of a tracker found these sentences."""

    number: int
    conversation_id: str
    title: str | None
    started: datetime | None
    account: str | None
    team: str | None
    tracker: str
    version: int
    sentence_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As messages hold it: plain JSON, without a word of what was said."""
        return {
            "conversation_id": self.conversation_id,
            "title": self.title,
            "started": self.started and self.started.isoformat(),
            "account": self.account,
            "team": self.team,
            "tracker": self.tracker,
            "version": self.version,
            "sentences": len(self.sentence_ids),
            "sentence_ids": list(self.sentence_ids),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What happened, by an id that stays the same however often it is delivered; ``about`` is plain JSON."""

    id: str
    kind: MessageKind
    created: datetime
    about: dict[str, Any]
    unread: bool = True

    @property
    def subject(self) -> str:
        """One line."""
        return clean_name(_SUBJECTS[self.kind](self.about))

    @property
    def text(self) -> str:
        """Plain text, a line or more."""
        return "\n".join(map(clean_name, [self.subject, "", *_lines(self)])).rstrip() + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the body that webhooks get."""
        head = {"id": self.id, "kind": str(self.kind), "created": self.created.isoformat(), "subject": self.subject}
        return head | self.about


def checked_address(address: str) -> str:
    """Return an e-mail address as kept: one, in ASCII, bare; raises ``InvalidStream``."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise InvalidStream(f"email: {address!r} is not an e-mail address; give one such as name@example.org")
    return address


def checked_alert(spec: AlertSpec) -> AlertSpec:
    """Return the alert itself, where its numbers make sense; raises ``InvalidStream``."""
    if not 1 <= spec.days <= MAX_DAYS:
        raise InvalidStream(f"days: {spec.days} must be from 1 to {MAX_DAYS}")
    most = 1.0 if spec.measure is Measure.RATE else math.inf
    if not 0 < spec.threshold <= most or not is_finite(spec.threshold):
        allowed = "above 0 and at most 1" if spec.measure is Measure.RATE else "above 0"
        raise InvalidStream(f"threshold: {spec.threshold} is not {allowed}")
    return spec


def _calls_subject(about: dict[str, Any]) -> str:
    return f"{plural(len(about['calls']), 'new call')} in {about['stream']['name']}"


def _summary_subject(about: dict[str, Any]) -> str:
    where = about["stream"]["name"] if "stream" in about else f"which {about['tracker']} found something"
    return f"Past calls are read: {plural(about['calls'], 'call')} in {where}"


def _failed_subject(about: dict[str, Any]) -> str:
    return f"{about['tracker']} could not read {'past' if about['reading'] == 'past' else 'new'} calls"


def _paused_subject(about: dict[str, Any]) -> str:
    return f"{about['tracker']} is paused: {about['reason']}"


def _alert_subject(about: dict[str, Any]) -> str:
    found, read = about["calls"], about["of"]
    amount = f"{about['value']:.0%} ({found} of {read})" if about["measure"] == "rate" else plural(found, "call")
    return f"{about['alert']['name']}: {amount} in the last {plural(about['days'], 'day')}"


def _live_subject(about: dict[str, Any]) -> str:
    return f"{about['find']['tracker']} in call {about['find']['conversation_id']}, now"


_SUBJECTS = {
    MessageKind.LIVE: _live_subject,
    MessageKind.CALLS: _calls_subject,
    MessageKind.SUMMARY: _summary_subject,
    MessageKind.ALERT: _alert_subject,
    MessageKind.FAILED: _failed_subject,
    MessageKind.PAUSED: _paused_subject,
}


_GO_ON = {
    "past": "Fix the problem, then resume the backfill.",
    "arriving": "The calls wait and are read once the problem is fixed.",
}


def _lines(message: Message) -> Iterator[str]:
    about = message.about
    if message.kind is MessageKind.CALLS:
        yield from map(_call_line, about["calls"][:LISTED])
        if len(about["calls"]) > LISTED:
            yield f"and {len(about['calls']) - LISTED} more"
    elif message.kind is MessageKind.SUMMARY:
        found = plural(about["sentences"], "sentence")
        yield f"{about['tracker']}, version {about['version']}, past {about['past']}: {found} found."
    elif message.kind is MessageKind.FAILED:
        yield f"Version {about['version']}: {about['reason']}"
        yield "Matches found so far are kept. " + _GO_ON[about["reading"]]
    elif message.kind is MessageKind.PAUSED:
        yield "Its matches are kept, and it reads no further calls. Top up or raise the cap, then publish it again."
    elif message.kind is MessageKind.ALERT:
        mark = f"{about['threshold']:.0%}" if about["measure"] == "rate" else f"{about['threshold']:g}"
        bound = "at least" if about["direction"] == "at_least" else "below"
        yield f"{about['tracker']}: you asked to be notified when it is {bound} {mark}."


def _call_line(call: dict[str, Any]) -> str:
    parts = [call["title"] or call["conversation_id"], call["account"], call["team"]]
    parts += [call["started"] and call["started"][:10], f"{call['tracker']}: {plural(call['sentences'], 'sentence')}"]
    return "- " + ", ".join(clean_name(part) for part in parts if part)
