"""A live call, for the code that feeds it."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median
from types import TracebackType
from typing import Any, TypeVar

from workbench.corpus.clean_names import with_clean_party
from workbench.domain.conversations import Party, Side
from workbench.domain.errors import WrongState
from workbench.domain.live import InvalidTurn, LiveEvent, LiveTurn
from workbench.domain.plurals import plural
from workbench.live.hearing import Hearing
from workbench.live.journal import Journal
from workbench.live.record import Ingest, LiveRecord, imported
from workbench.live.redacting import LiveRedactor
from workbench.live.telling import Teller
from workbench.resources import Resources
from workbench.store.moments import now

log = logging.getLogger(__name__)
Callback = Callable[[LiveEvent], Awaitable[object] | object]
T = TypeVar("T")


class LiveCall:
    """A live call: turns go in, events come out. Created by ``ws.live(…)``; use it with ``async with``.

    Turns are matched one after the other in the call's own thread, so the event loop stays free. Everything heard and
    found is on disk before ``turn`` returns. Leaving the block ends the call. If an error leaves the block, or the end
    itself fails, the call is abandoned, and ``ws.live`` with its id continues it.

    Whatever was begun is finished: a cancelled ``turn`` or ``end`` still delivers its events.

    ``failures`` lists errors of callbacks, and of turns that nobody awaits any more. They end neither the call nor
    other callbacks.
    """

    def __init__(
        self,
        resources: Resources,
        ingest: Ingest,
        hearing: Hearing,
        journal: Journal,
        teller: Teller | None,
        redactor: LiveRedactor | None = None,
    ):
        self.failures: list[str] = []
        self._ingest = ingest
        self._resources, self._hearing, self._journal, self._teller = resources, hearing, journal, teller
        self._redactor = redactor
        self._callbacks: list[Callback] = []
        self._tasks: set[asyncio.Future[Any]] = set()  # of callbacks
        self._under_way: set[asyncio.Future[Any]] = set()  # turns and ends
        self._ids: set[str] = set()  # of turns that were given, heard or not
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="live-call")
        self._beginning = asyncio.Lock()
        self._begun = self._ending = self._over = False
        self._left: Future[None] | None = None

    def __repr__(self) -> str:
        return (
            f"LiveCall({self.id!r}, {plural(len(self._hearing.transcript), 'turn')}, {plural(len(self.finds), 'find')})"
        )

    @property
    def id(self) -> str:
        return self._hearing.transcript.about.id

    @property
    def key(self) -> str:
        """Identifies its journal, for a ``LiveMonitor``."""
        return self._journal.key

    @property
    def finds(self) -> list[LiveEvent]:
        """The current matches, in the order of the call."""
        return self._hearing.finds.standing

    @property
    def watching(self) -> list[str]:
        """The trackers that are matched during the call."""
        return [one.name for one in self._hearing.matcher.watching] if self._begun else []

    @property
    def later(self) -> dict[str, str]:
        """The trackers that read the call after it has ended, and why."""
        return {one.name: reason for one, reason in self._hearing.matcher.later} if self._begun else {}

    @property
    def problem(self) -> str:
        """Why only words are matched now; empty if there is no problem. The end of the call repairs it."""
        return self._hearing.problem

    @property
    def latencies_s(self) -> tuple[float, ...]:
        """For each sentence, each time it was heard: seconds from its arrival until all trackers had read it."""
        return tuple(self._hearing.latencies)

    @property
    def latency_s(self) -> float | None:
        """The median latency in seconds; None before the first sentence."""
        return median(self._hearing.latencies) if self._hearing.latencies else None

    def on_event(self, callback: Callback) -> Callback:
        """Call ``callback`` with each :class:`~workbench.domain.live.LiveEvent`, in order; can be used as a decorator.

        A coroutine function runs as a task. A plain function runs in the event loop, so it should be quick.
        """
        self._callbacks.append(callback)
        return callback

    async def turn(
        self,
        text: str,
        party: str | None = None,
        start_s: float | None = None,
        end_s: float | None = None,
        id: str | None = None,
        final: bool = True,
    ) -> list[LiveEvent]:
        """Add what someone says, or correct an earlier turn by its ``id``.

        Args:
            text: what was said.
            end_s: seconds from the start of the call.
            party: the id of one of the call's parties; an unknown one has no side.
            start_s: seconds from the start of the call, as ``end_s``.
            id: the recogniser's id of the turn; needed to correct it. Without one it is a new turn, in the order in
                which ``turn`` was called, however many are under way at once.
            final: False for a guess that will be corrected: matches in it are ``provisional``.

        Returns: the events of this turn, which the callbacks get too.

        Raises:
            InvalidTurn: names the field that cannot be used.
            WrongState: the call has ended.
        """
        name = self._new_id() if id is None else id
        return await self.hear(LiveTurn(id=name, text=text, party=party, start_s=start_s, end_s=end_s, final=final))

    async def hear(self, turn: LiveTurn) -> list[LiveEvent]:
        """Add a ready-made :class:`~workbench.domain.live.LiveTurn`, like :meth:`turn`."""
        self._ids.add(turn.id)
        return await self._finished(self._heard(lambda: self._hearing.hear(self._redacted(turn))))

    def _redacted(self, turn: LiveTurn) -> LiveTurn:
        return turn if self._redactor is None else self._redactor.turn(turn, self._hearing.transcript.about)

    async def follow(self, turns: AsyncIterable[LiveTurn | Mapping[str, Any]]) -> None:
        """Add all turns of a source, which may be plain JSON; bad ones are listed in ``failures`` and left out.

        Ends with the source, without ending the call.
        """
        async for one in turns:
            try:
                await self.hear(one if isinstance(one, LiveTurn) else LiveTurn.from_dict(one))
            except InvalidTurn as error:
                self.failures.append(str(error))

    async def party(
        self,
        id: str,
        name: str | None = None,
        side: str | None = None,
        team: str | None = None,
        email: str | None = None,
    ) -> list[LiveEvent]:
        """Add or change a party; what they have said so far is read again. Raises ``InvalidTurn``."""
        if side is not None and side not in list(Side):
            raise InvalidTurn(f"side: must be one of {', '.join(Side)}, not {side!r}")
        side_of = None if side is None else Side(side)
        party = with_clean_party(Party(id=id, name=name, side=side_of, team=team, email=email))
        return await self._finished(self._heard(lambda: self._hearing.meet(party)))

    async def begin(self) -> None:
        """Prepare the trackers, which can take seconds; ``async with`` and the first turn do it automatically."""
        if self._over:
            raise WrongState(f"call {self.id!r} has ended or was left; continue it with ws.live(…)")
        if self._begun:
            return
        async with self._beginning:  # turns that come meanwhile wait, in their order
            if not self._begun:
                events = await self._run(lambda: self._notified(self._hearing.start()))
                self._begun = True
                self._told(events)

    async def end(self) -> LiveRecord:
        """Import the call, let the active trackers read it like any other, and make that the record.

        Results that need the whole call are found now, such as those of trackers for the last minutes, or of judges
        that read whole calls. Events report the differences.

        If this fails the call is abandoned, and can be continued.

        Raises:
            WrongState: another call with this id was imported in the meantime.
        """
        await self.begin()
        return await self._finished(self._ended(self._settle))

    def leave(self) -> None:
        """Stop feeding the call without ending it; it can be continued. Returns immediately.

        Turns and webhooks in progress are finished first, and so is an end; leaving the ``async with`` block waits for
        them.
        """
        if self._ending or self._left is not None:
            return
        self._over = True
        self._left = self._worker.submit(self._release)
        self._worker.shutdown(wait=False)

    def _release(self) -> None:
        if self._teller is not None:
            self._teller.close(wait=False)
        self._journal.leave()

    async def __aenter__(self) -> LiveCall:
        try:
            await self.begin()
        except BaseException:
            await self._leave_and_wait()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._over:
            await self.end()
        await self._leave_and_wait()

    async def _leave_and_wait(self) -> None:
        self.leave()
        if self._left is not None:
            await asyncio.shield(asyncio.wrap_future(self._left))
        elif self._under_way:  # an end, which leaves
            await asyncio.wait(self._under_way)

    def _new_id(self) -> str:
        """Return a name for a turn without one, assigned before anything is awaited, so that no two turns share it."""
        number = len(self._ids)
        while (name := f"turn-{number}") in self._ids or self._hearing.transcript.has(name):
            number += 1
        self._ids.add(name)
        return name

    async def _heard(self, work: Callable[[], list[LiveEvent]]) -> list[LiveEvent]:
        await self.begin()
        return self._told(await self._run(lambda: self._notified(work())))

    def _notified(self, events: list[LiveEvent]) -> list[LiveEvent]:
        """Notify webhooks in the call's own thread, so that everything heard before the call is left is reported."""
        if self._teller is not None:
            self._teller.tell(events)
        return events

    async def _finished(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish the work even if the caller is cancelled and no longer waits."""
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(self._done)  # its failure would go unnoticed
            raise
        finally:
            task.add_done_callback(self._under_way.discard)

    def _settle(self) -> tuple[list[LiveEvent], bool]:
        if not len(self._hearing.transcript):
            return [], False  # nobody said anything: there is nothing to keep
        self._hearing.keep_vectors()
        conversation = self._hearing.transcript.conversation()
        return self._notified(self._hearing.settle(imported(self._resources, self._ingest, conversation))), True

    async def _ended(self, settle: Callable[[], tuple[list[LiveEvent], bool]]) -> LiveRecord:
        self._over = self._ending = True  # later turns would be in no record
        try:
            events, kept = await self._run(settle)
            self._told(events)
            others = self._under_way - {asyncio.current_task()}
            await asyncio.gather(*others, *self._tasks, return_exceptions=True)
            record = LiveRecord(
                call_id=self.id, finds=tuple(self.finds), settled=tuple(events), latency_s=self.latency_s
            )
            self._journal.write({"ended": now().isoformat(), "kept": kept, "found": len(record.finds)})
            if self._teller is not None:
                await asyncio.to_thread(self._teller.close)  # a slow receiver does not delay others
        finally:
            self._ending = False
            await self._leave_and_wait()
        return record

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _told(self, events: list[LiveEvent]) -> list[LiveEvent]:
        for event in events:
            for callback in self._callbacks:
                self._call(callback, event)
        return events

    def _call(self, callback: Callback, event: LiveEvent) -> None:
        try:
            result = callback(event)
            if inspect.isawaitable(result):
                task = asyncio.ensure_future(result)
                self._tasks.add(task)
                task.add_done_callback(self._done)
        except Exception as error:  # noqa: BLE001, a callback may raise anything
            self._failed(error)

    def _done(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        log.error("A live call's callback failed", exc_info=error)
        self.failures.append(f"{type(error).__name__}: {error}")
