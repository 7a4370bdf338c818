"""What a workspace does as calls arrive: trackers read them, and people are told."""

from __future__ import annotations

from functools import cached_property

import pandas as pd
from tqdm.auto import tqdm

from workbench.corpus.ingest import ImportSource, IngestReport
from workbench.corpus.ingest import ingest as ingest_into
from workbench.corpus.redaction.kinds import Redact
from workbench.corpus.sentences import SplitUnit
from workbench.domain.publications import Run
from workbench.domain.streams import Message, MessageChannel
from workbench.live.all_calls import LiveCalls
from workbench.publishing.publication import Publication
from workbench.resources.redaction import default_redaction, set_default_redaction
from workbench.results.delivery import Delivered
from workbench.results.due import deliver_due
from workbench.store.outbox import Outbox
from workbench.store.publications import PublicationRepository
from workbench.workspace.results import ResultMethods


class ServiceMethods(ResultMethods):
    """Import, catching up, backfills, live calls and delivery."""

    @cached_property
    def live(self) -> LiveCalls:
        """Calls that go on: call it to begin one; ``journals``, ``replay`` and ``play``."""
        return LiveCalls(self.resources, self.ingest)

    @property
    def redaction(self) -> tuple[str, ...]:
        """What imports redact unless they say otherwise; set it to True for all kinds, to a list of some, or to False.

        It is kept with the workspace, and also holds for ``workbench ingest``, ``workbench watch`` and live calls.
        Setting it raises ``InvalidArgument`` for what is not a kind.
        """
        return default_redaction(self.database)

    @redaction.setter
    def redaction(self, redact: Redact | None) -> None:
        self.check_writable()
        set_default_redaction(self.database, redact)

    def ingest(
        self,
        source: ImportSource,
        *,
        unit: SplitUnit = "sentence",
        progress: bool = False,
        detect: bool = True,
        redact: Redact | None = None,
        prefix: str = "",
    ) -> IngestReport:
        """Import the conversations of a file, a folder, a DataFrame, a dict, or an iterable; see
        :func:`workbench.corpus.ingest.ingest`.

        Active trackers then read them, unless ``detect`` is False; ``catch_up`` does it later. ``redact`` replaces
        numbers, addresses and names before anything is stored; by default what ``ws.redaction`` says, nothing with
        False. See docs/redaction.md.
        """
        with tqdm(unit=" conversations", desc="Importing", disable=not progress) as bar:
            report = ingest_into(
                self.lake,
                source,
                unit=unit,
                progress=lambda _read, _name: bar.update() and None,
                redact=self.redaction if redact is None else redact,
                prefix=prefix,
            )
        if detect:
            self.catch_up()
        return report

    def catch_up(self, send: bool = True) -> int:
        """Run the active trackers on conversations that none of their versions has read; return how many were read.

        Computes missing vectors first if a tracker uses them. Then delivers messages, unless ``send`` is False.
        """
        waiting = [one for one in self._in_use("active") if one.waiting]
        if any(one.needs_vectors for one in waiting):
            self.encode()
        read = max([one.catch_up() for one in waiting], default=0)
        if send:
            self.deliver()
        return read

    def deliver(self, retry_failed: bool = False) -> Delivered:
        """Check the alerts, and send what is due by e-mail and to webhooks; never raises for what can't be sent.

        With ``retry_failed``, messages that were given up are tried again too.
        """
        return deliver_due(self.lake, self.database, retry_failed)

    def deliveries(self) -> pd.DataFrame:
        """Return what was sent, waits or failed, and why: one row per message and channel, newest first."""
        names = ["message_id", "created", "kind", "target", "state", "tries", "due", "failure", "finished"]
        rows = [dict(row) for row in Outbox(self.database).deliveries()]
        return pd.DataFrame(rows, columns=names)

    def notify(self, *, email: str | None = None, webhook: str | None = None) -> MessageChannel:
        """Notify this address when results are ready, a run fails, or a tracker is paused because credits ran out.

        For trackers in a stream, the stream's own addresses are notified instead, if it has any.
        ``ws.notices.channels`` lists the addresses, ``ws.notices.forget`` removes one.

        Raises:
            InvalidStream: the address cannot be used, or not exactly one is given.
        """
        return self.notices.notify(email=email, webhook=webhook)

    def messages(self, unread: bool | None = None) -> list[Message]:
        """Return the messages of streams and alerts, newest first: all, or only those that are ``unread``."""
        return Outbox(self.database).messages(unread)

    def mark_read(self, *messages: Message | str) -> None:
        """Mark messages, or their ids, as read."""
        Outbox(self.database).mark_read(one if isinstance(one, str) else one.id for one in messages)

    def resume_backfills(self) -> list[Publication]:
        """Continue, in the background, the active versions' backfills that were interrupted or failed.

        Those that ran out of credits are left out: publish them again.
        """
        active = self._in_use("active", "paused")
        stopped = [one for one in active if one.progress().state in (Run.INTERRUPTED, Run.FAILED)]
        reasons = PublicationRepository(self.database).pause_reason
        stopped = [one for one in stopped if reasons(one.frozen.tracker_id) is None]
        for one in stopped:
            one.resume()
        return stopped

    def _in_use(self, *states: str) -> list[Publication]:
        """Return the active versions of the trackers in these states."""
        return [Publication(self.resources, one) for one in PublicationRepository(self.database).in_use(*states)]
