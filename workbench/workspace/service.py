"""What a workspace does as calls arrive: trackers read them, and people are notified."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from workbench.corpus.appending import OnChange
from workbench.corpus.company.settings import GivenDomains, with_domains
from workbench.corpus.formats import JsonMapping
from workbench.corpus.import_preview import ImportPreview, preview_import
from workbench.corpus.ingest import ImportSource, IngestReport, OnRead
from workbench.corpus.ingest import ingest as ingest_into
from workbench.corpus.redaction.kinds import Redact
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.sides import Sides
from workbench.domain.filters import Filters
from workbench.domain.publications import Run
from workbench.domain.streams import Message, MessageChannel
from workbench.domain.time_zones import time_zone as zone_of
from workbench.live.all_calls import LiveCalls
from workbench.publishing.publication import Publication
from workbench.publishing.rereading import read_again, waiting
from workbench.resources import changes
from workbench.resources.company import stored_company
from workbench.resources.conventions import set_time_zone
from workbench.resources.redaction import default_redaction, set_default_redaction
from workbench.results.delivery import Delivered
from workbench.results.due import deliver_due
from workbench.store.moments import now
from workbench.store.outbox import Outbox
from workbench.store.publications import PublicationRepository
from workbench.store.vacuum import vacuum
from workbench.workspace import deletion
from workbench.workspace.conversations import Conversations
from workbench.workspace.deletion import DeletionReceipt
from workbench.workspace.results import ResultMethods
from workbench.workspace.retention import Retention
from workbench.workspace.sides import CompanySettings, KnownSides


class ServiceMethods(ResultMethods):
    """Import, catching up, backfills, live calls and delivery."""

    @cached_property
    def live(self) -> LiveCalls:
        """Live calls: call it to begin one; ``journals``, ``replay`` and ``play``."""
        return LiveCalls(self.resources, self.ingest)

    @property
    def conversations(self) -> Conversations:
        """Call it to list the conversations that match; ``update`` sets what is known about them, from a table."""
        return Conversations(self.resources, lambda wanted: self.metrics.numbers(wanted).tolist(), self.catch_up)

    @property
    def redaction(self) -> tuple[str, ...]:
        """What imports redact by default; set it to True for all kinds, to a list of some, or to False.

        It is stored with the workspace, and also applies to ``workbench ingest``, ``workbench watch`` and live calls.
        Setting it raises ``InvalidArgument`` for an unknown kind.
        """
        return default_redaction(self.database)

    @redaction.setter
    def redaction(self, redact: Redact | None) -> None:
        self.check_writable()
        set_default_redaction(self.database, redact)

    @property
    def time_zone(self) -> str:
        """The time zone of the company, by its IANA name: UTC, or set it to another one such as "Europe/Berlin".

        It is stored with the workspace. It defines days, weeks and months wherever calls are counted, searched or
        filtered by date, the times shown, and how imports read starts without an offset. Calls imported before do not
        move. Setting it raises ``InvalidArgument`` for an unknown name; None stands for UTC. See docs/importing.md.
        """
        return self.lake.zone.key

    @time_zone.setter
    def time_zone(self, name: str | None) -> None:
        self.check_writable()
        set_time_zone(self.database, name)

    @property
    def company(self) -> CompanySettings:
        """How to recognise the company: its domains, colleagues, channels and labels; every import uses them."""
        return CompanySettings(self.resources)

    @property
    def sides(self) -> KnownSides:
        """The sides of imported calls.

        ``unknown`` lists speakers whose side is unknown; ``set`` and ``apply`` set sides in place.
        """
        return KnownSides(self.resources, self.catch_up)

    def ingest(
        self,
        source: ImportSource,
        *,
        unit: SplitUnit = "sentence",
        progress: bool | OnRead = False,
        detect: bool = True,
        redact: Redact | None = None,
        prefix: str = "",
        on_change: OnChange = "replace",
        mapping: JsonMapping | Mapping[str, Any] | None = None,
        sides: Sides | None = None,
        time_zone: str | None = None,
        company_domains: GivenDomains = (),
    ) -> IngestReport:
        """Import the conversations of a file, a folder, a DataFrame, a dict, or an iterable.

        See :func:`workbench.corpus.ingest.ingest`.

        Active trackers then read them, unless ``detect`` is False; ``catch_up`` does it later. ``redact`` replaces
        numbers, addresses and names before anything is stored: by default those in ``ws.redaction``, with False none.
        See docs/redaction.md. ``mapping`` says what the keys mean in a JSON file from an unknown tool; look at
        ``ws.preview_import(path)`` first. ``sides`` says which side speakers are on: ``{"Ann": "company"}``. If neither
        it nor the file says so, ``ws.company`` decides, with ``company_domains`` added.

        A conversation imported again with other content replaces the earlier one: answers, results and notes follow
        the sentences that stay, and active trackers read it again. ``on_change="keep"`` keeps the earlier one, and
        "reject" reports the new one. See docs/changes.md.

        ``time_zone`` is the zone of starts without an offset, by default ``ws.time_zone``.
        """
        told = progress if callable(progress) else None
        zone = None if time_zone is None else zone_of(time_zone)
        with tqdm(unit=" conversations", desc="Importing", disable=told is not None or not progress) as bar:
            report = ingest_into(
                self.lake,
                source,
                unit=unit,
                progress=told or (lambda _read, _name: bar.update() and None),
                redact=self.redaction if redact is None else redact,
                prefix=prefix,
                on_change=on_change,
                settle=self.follow_changes,
                mapping=mapping,
                sides=sides,
                zone=zone,
                company=with_domains(stored_company(self.database), company_domains),
            )
        if detect:
            self.catch_up()
        return report

    def preview_import(
        self,
        path: str | os.PathLike[str],
        mapping: JsonMapping | Mapping[str, Any] | None = None,
        *,
        time_zone: str | None = None,
    ) -> ImportPreview:
        """Show what an import of a file or a folder would find, without importing anything.

        ``time_zone`` is the zone of starts without an offset, by default ``ws.time_zone``; starts are shown in it.

        Raises:
            FileNotFoundError: the path does not exist.
            InvalidArgument: ``mapping`` is not valid, or ``time_zone`` is unknown.
        """
        zone = self.lake.zone if time_zone is None else zone_of(time_zone)
        return preview_import(path, mapping, zone, stored_company(self.database))

    def catch_up(self, send: bool = True) -> int:
        """Run the active trackers on conversations that none of their versions has read; return how many were read.

        It then reads those that have changed since a version read them, and replaces what was found. It first computes
        missing vectors if a tracker uses them, and finally delivers messages, unless ``send`` is False.
        """
        self.follow_changes()
        self._retain()
        behind = [one for one in self._in_use("active") if one.waiting]
        again = waiting(self.resources)
        if any(one.needs_vectors for one in (*behind, *(one.publication for one in again))):
            self.encode()
        read = max([one.catch_up() for one in behind], default=0)
        read += max([read_again(self.resources, one) for one in again], default=0)
        if send:
            self.deliver()
        return read

    def deliver(self, retry_failed: bool = False) -> Delivered:
        """Check the alerts and send what is due by e-mail and to webhooks; never raises if something can't be sent.

        With ``retry_failed``, messages that were given up are tried again.
        """
        return deliver_due(self.lake, self.database, retry_failed)

    def deliveries(self) -> pd.DataFrame:
        """Return what was sent, is waiting or has failed, and why: one row per message and channel, newest first."""
        names = ["message_id", "created", "kind", "target", "state", "tries", "due", "failure", "finished"]
        rows = [dict(row) for row in Outbox(self.database).deliveries()]
        return pd.DataFrame(rows, columns=names)

    def notify(self, *, email: str | None = None, webhook: str | None = None) -> MessageChannel:
        """Notify this address when results are ready, a run fails or a tracker is paused because credits ran out.

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

    def delete(
        self,
        calls: Collection[str] | None = None,
        *,
        filters: Filters | None = None,
        party: str | None = None,
    ) -> DeletionReceipt:
        """Delete conversations for good, with everything stored about them; return a receipt with counts.

        ``calls`` are their ids; ``filters`` deletes those with a sentence that matches; ``party`` those of a
        participant with this e-mail address, name or id, or an alias of it. What is said in them is removed from the
        corpus, from vectors and search, unless someone else says the same, and from finds, answers, notes, messages,
        metrics and live calls. Published versions keep working; the receipt names those that learnt from their
        sentences. See docs/changes.md for what a workspace cannot reach.

        Raises:
            InvalidArgument: not exactly one of the three is given.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self.check_writable()
        ids, spellings = deletion.chosen(self.lake, calls, filters, party), deletion.other_spellings(self.lake, party)
        return deletion.delete(self.resources, ids, now(), aliases=len(spellings))

    def matching_calls(
        self, calls: Collection[str] | None = None, *, filters: Filters | None = None, party: str | None = None
    ) -> list[str]:
        """Return the ids of the conversations that ``delete`` would delete; raises as it does."""
        return deletion.chosen(self.lake, calls, filters, party)

    def vacuum(self) -> bool:
        """Clean up what earlier deletions left on the disk; return False if someone else is using the workspace."""
        self.check_writable()
        swept = self.lake.sweep()
        return vacuum(self.database) and swept

    @property
    def retention(self) -> Retention:
        """How long conversations are kept: call it with a period to add a rule, such as ``ws.retention("24 months")``.

        Rules run with ``catch_up``, so with each import and with ``workbench catch-up``.
        """
        return Retention(self.resources)

    def _retain(self) -> None:
        """Delete what is due by the rules of retention."""
        if not self.read_only:
            self.retention.run()

    def follow_changes(self) -> Counter[str]:
        """Update answers and results after changes to the corpus, made here or by a process that was interrupted.

        Returns:
            What was removed for deleted conversations: rows by table, and "vectors".
        """
        if self.read_only:
            return Counter()
        return changes.follow_changes(self.path, self.lake, self.database)

    def _in_use(self, *states: str) -> list[Publication]:
        """Return the active versions of the trackers in these states."""
        return [Publication(self.resources, one) for one in PublicationRepository(self.database).in_use(*states)]
