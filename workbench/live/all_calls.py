"""The live calls of a workspace: begins, continues, replays and follows them."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, get_args
from zoneinfo import ZoneInfo

from workbench.corpus.clean_names import with_clean_names
from workbench.corpus.formats.neutral_model import NeutralFormError, dumps, from_json, to_json
from workbench.corpus.sentences import SplitUnit, sentences_of
from workbench.corpus.views import Card
from workbench.domain.conversations import Conversation, Deal
from workbench.domain.errors import ConversationNotFound, InvalidArgument, WrongState
from workbench.domain.live import LiveState
from workbench.domain.plurals import plural
from workbench.domain.time_zones import in_utc
from workbench.live.call import Callback, LiveCall
from workbench.live.hearing import Hearing
from workbench.live.journal import Journal, Journals, journals, key_of
from workbench.live.matching import Watchers
from workbench.live.record import Ingest, LiveRecord, read_again
from workbench.live.redacting import LiveRedactor
from workbench.live.replay import Pace, play
from workbench.live.telling import Teller
from workbench.live.transcript import Transcript
from workbench.resources import Resources
from workbench.store.moments import now


class InvalidCall(InvalidArgument):
    """A field of a live call is invalid; the message names it."""


class LiveCalls:
    """The live calls of a workspace. Call it to begin one: ``async with ws.live("call-9", parties=[…]) as call``.

    Then feed it: ``await call.turn("…")``.
    """

    def __init__(self, resources: Resources, ingest: Ingest):
        self._ingest = ingest
        self._resources = resources
        self._folder = resources.path / "live"

    @cached_property
    def _watchers(self) -> Watchers:
        return Watchers(self._resources)

    def __call__(self, call_id: str, *, unit: SplitUnit = "sentence", **about: Any) -> LiveCall:
        """Begin a live call; if one with this id was left without an end, continue it with all that was heard.

        Args:
            call_id: its id, new to the corpus.
            unit: how its turns are split, as in ``ws.ingest``.
            about: what is known about it, by the names of the neutral format: ``parties``, ``title``, ``account``,
                ``deal``, ``team``, ``language``, ``scope``, ``direction``, ``channel``, ``fields`` and so on. The
                filters of trackers use these. ``started`` is now, unless given.

        Raises:
            InvalidCall: a field cannot be used; says which.
            WrongState: the corpus contains a call with this id, or another process feeds it.
            WorkspaceDamaged: what was heard of it earlier cannot be read, or a link is in its place.
        """
        self._resources.check_writable()
        redactor = LiveRedactor(self._resources)
        conversation = redactor.about(_checked(call_id, about, self._resources.lake.zone))
        if self._card(call_id) is not None:
            raise WrongState(f"call {call_id!r} is already recorded; play it with ws.live.replay, or give another id")
        journal = Journal(self._folder, key_of(call_id))
        if journal.state is LiveState.ENDED:
            journal.drop()  # that of a call whose import was taken back
        journal.begin(_plain(conversation), now())
        try:
            heard = _left(journal) or conversation
        except BaseException:
            journal.leave()
            raise
        hearing = Hearing(self._resources, Transcript(heard, unit), journal, self._watchers)
        damaged = sum(not hearing.restore(line) for line in journal.lines())
        teller = Teller(self._resources.state)
        teller.tell(hearing.finds.standing)  # there may have been a crash between finding and notifying
        call = LiveCall(self._resources, self._ingest, hearing, journal, teller, redactor)
        if damaged:
            call.failures.append(
                f"{journal.file.name}: {plural(damaged, 'line is', 'lines are')} damaged; what they said is left out"
            )
        return call

    async def replay(
        self, call_id: str, speed: float = 1.0, guesses: bool = True, on_event: Callback | None = None
    ) -> LiveRecord:
        """Play a recorded call as if it were live; imports nothing, and notifies no webhook.

        Args:
            call_id: the id of a call in the corpus.
            speed: from 1 to 100 times that of the call.
            guesses: whether turns are guessed before they are final, as recognisers do.
            on_event: called with each event.

        Raises:
            ConversationNotFound: no call has this id.
            InvalidSpeed: the speed is not from 1 to 100.
        """
        call = self._replayed(call_id, Pace(speed))
        if on_event is not None:
            call.on_event(on_event)
        return await call.play(guesses)

    def play(self, call_id: str, speed: float = 1.0, guesses: bool = True) -> Playing:
        """Play a recorded call like :meth:`replay`, in its own thread, for people who only watch."""
        return Playing(self._replayed(call_id, Pace(speed)), guesses)

    def journals(self) -> Journals:
        """Return calls in progress, abandoned ones, and those that ended within a day; most recently changed first.

        Entries that cannot be read are left out and listed in its ``unreadable``.
        """
        return journals(self._folder, forget=not self._resources.read_only)

    def _replayed(self, call_id: str, pace: Pace) -> ReplayedCall:
        self._resources.check_writable()
        card = self._card(call_id)
        if card is None:
            raise ConversationNotFound(f"The workspace has no conversation {call_id!r}.")
        about, turns = _recorded(card), self._resources.lake.turns(call_id)
        unit = unit_of(about, turns, card.sentences)
        journal = Journal(self._folder, f"{key_of(call_id)}-{secrets.token_hex(4)}")
        journal.begin(_plain(about), now(), pace.speed)
        hearing = Hearing(self._resources, Transcript(about, unit), journal, self._watchers)
        return ReplayedCall(self._resources, self._ingest, hearing, journal, turns, pace)

    def _card(self, call_id: str) -> Card | None:
        try:
            return self._resources.lake.card(call_id)
        except ConversationNotFound:
            return None


class ReplayedCall(LiveCall):
    """A recorded call being played."""

    def __init__(
        self,
        resources: Resources,
        ingest: Ingest,
        hearing: Hearing,
        journal: Journal,
        turns: Sequence[Any],
        pace: Pace,
    ) -> None:
        super().__init__(resources, ingest, hearing, journal, None)
        self.pace = pace
        self._turns = turns

    async def play(self, guesses: bool = True) -> LiveRecord:
        """Play from the first turn to the last and create the record; if stopped, of what was heard."""
        try:
            await self.begin()
            await play(self, self._turns, self.pace, guesses)
            return await self._ended(self._settle)
        except BaseException:
            await self._leave_and_wait()
            raise

    def _settle(self) -> Any:
        if self.pace.stopped.is_set():
            return [], False
        return self._hearing.settle(read_again(self._resources, self.id)), False


class Playing:
    """A replay in a thread of its own. ``error`` says in words what ended it; empty without an error."""

    def __init__(self, call: ReplayedCall, guesses: bool):
        self.key = call.key
        self.error = ""
        self.record: LiveRecord | None = None
        self._pace = call.pace
        self._thread = threading.Thread(target=self._run, args=(call, guesses), name="replay", daemon=True)
        self._thread.start()

    @property
    def speed(self) -> float:
        """From 1 to 100; can be set while it plays."""
        return self._pace.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._pace.speed = speed

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Stop the replay."""
        self._pace.stopped.set()

    def wait(self, timeout: float | None = None) -> None:
        self._thread.join(timeout)

    def _run(self, call: ReplayedCall, guesses: bool) -> None:
        try:
            self.record = asyncio.run(call.play(guesses))
        except Exception as error:  # noqa: BLE001, stored for the waiting thread
            self.error = str(error) or type(error).__name__


def unit_of(about: Conversation, turns: Sequence[Any], sentences: int) -> SplitUnit:
    """Return how it was split when it was imported."""
    call = replace(about, turns=tuple(turns))
    split, whole = (sum(1 for _ in sentences_of(call, unit)) for unit in get_args(SplitUnit))
    return "turn" if sentences == whole != split else "sentence"  # earlier versions may have split otherwise


def _checked(call_id: str, about: dict[str, Any], zone: ZoneInfo) -> Conversation:
    if "turns" in about or "kind" in about:
        raise InvalidCall(
            "turns, kind: leave them out; a live call gets its turns from call.turn(…) and its kind is always call"
        )
    try:
        given = {**about, "id": call_id, "turns": []}
        found = from_json(dumps({"started": now(), **given}).encode("utf-8", "surrogatepass"))
    except (NeutralFormError, TypeError, ValueError) as error:
        raise InvalidCall(str(error)) from None
    started = found.started and in_utc(found.started, zone)
    return with_clean_names(replace(found, started=started))


def _plain(conversation: Conversation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(conversation))
    found.pop("turns", None)
    return found


def _left(journal: Journal) -> Conversation | None:
    """Return what an earlier process knew about a call when it began."""
    heading = journal.heading
    return None if heading is None else from_json(dumps({**heading.call, "turns": []}).encode())


def _recorded(card: Card) -> Conversation:
    deal = None
    if card.deal_id is not None:
        deal = Deal(id=card.deal_id, stage=card.deal_stage, amount=card.deal_amount, outcome=card.deal_outcome)  # type: ignore[arg-type]  # the card has it from a Deal
    same = "id kind title started duration_s direction channel scope language account team thread fields parties"
    return Conversation(**{name: getattr(card, name) for name in same.split()}, deal=deal, turns=())
