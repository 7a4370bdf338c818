"""Workspace, the front door: a folder with a corpus, its vectors and the state."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from workbench.workspace.workspace import queries
from workbench.workspace.trackers import Trackers
from workbench.backups.taking import Backup, take
from workbench.checking.report import Report
from workbench.checking.whole import check
from workbench.corpus.ingest import IngestReport, Source
from workbench.corpus.ingest import ingest as ingest_into
from workbench.corpus.lake import Lake
from workbench.corpus.limits import Advice, language_advice
from workbench.corpus.manifest import read_manifest
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.views import Counts, Facets
from workbench.reading.credits import Credits
from workbench.domain.annotators import checked_user, user_of
from workbench.domain.errors import UntrustedWorkspace, WrongState
from workbench.domain.filters import Filters
from workbench.domain.paths import resolved
from workbench.domain.publications import Run
from workbench.domain.reporters import Reporter
from workbench.domain.streams import Channel, Message
from workbench.domain.texts import normalise, text_key
from workbench.domain.unreadable import Unreadable
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import DEFAULT_MODEL, Encoder
from workbench.engine.heads import TrainingSet
from workbench.engine.recipes import DEFAULT, EncoderName, Recipe
from workbench.engine.training import Trainer
from workbench.engine.vectors import VectorStore, described
from workbench.engine.word_store import PREPROCESSING, WordStore, words_of
from workbench.engine.words import WordVectors
from workbench.live.all_calls import LiveCalls
from workbench.metrics.all_metrics import Metrics
from workbench.metrics.analyst import Analyst
from workbench.metrics.call import Call
from workbench.metrics.writing import NoWriter
from workbench.metrics.writing import from_environment as writer_of_environment
from workbench.resources.opening import STATE_FILE, check_state, check_writable, prepare
from workbench.resources.pools import NamedPool, VectorTable, build_pool
from workbench.publishing.publication import Publication
from workbench.resources.repeats import put_right
from workbench.results import standing
from workbench.results.boards import Boards
from workbench.results.deals import Deal, deal, deals
from workbench.results.delivery import Delivered, deliver
from workbench.results.playbooks import Playbooks
from workbench.results.search import search
from workbench.results.statistics import Statistics, statistics
from workbench.results.streams import Alerts, Notices, Streams
from workbench.store.authority import authority_of
from workbench.store.database import STATE, open_database
from workbench.store.outbox import Outbox
from workbench.store.publications import PublicationRepository
from workbench.store.trust import NOT_TRUSTED, is_trusted, remember
from workbench.training.suggestions import Suggester, Suggestions
from workbench.workspace.tracker import Tracker
from workbench.workspace.sending import Sending, sending_of, warning_of

OnProgress = Callable[[int, int], None]
_CHUNK = 4_096  # texts encoded between two writes: what an interruption can lose


class Workspace:
    """A folder that holds everything; made where there is none.

    Args:
        path: the folder.
        encoder: what makes vectors, or the name of a sentence-transformers model, or its folder; by default the
            packaged model, for English. See docs/languages.md for others.
        state: a database URL, where the state is not to be a SQLite file in the folder; else ``WORKBENCH_STATE`` of the
            environment is taken. Each workspace needs a database, or a schema, of its own.
        user: who works here, kept with each answer; else ``WORKBENCH_USER``, JupyterHub's user, or the system's.
        create: whether to make it where there is none.
        read_only: writes nothing at all; by default only where the folder cannot be written to. What would change
            something then raises ``ReadOnlyWorkspace``.
        shared: True lets the folder's group read and change the workspace (``WORKBENCH_SHARED_GROUP`` names another
            group, and has new workspaces shared), False nobody but its owner. A new one is its maker's alone; of one
            that exists nothing changes unless this is given.

    Raises:
        WorkspaceNotFound: there is no workspace, and ``create`` is False.
        WorkspaceDamaged: a file of it is damaged, missing or a link; says which, and what to do.
        NewerWorkspace: a newer version of the workbench wrote it.
        StateUnavailable: the state's database cannot be used; says why.
        CannotWrite: the disk is full, or cannot be written to.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        encoder: Encoder | str | None = None,
        state: str | None = None,
        user: str | None = None,
        *,
        create: bool = True,
        read_only: bool | None = None,
        shared: bool | None = None,
    ):
        self.path = resolved(path)
        self.read_only = prepare(self.path, create, read_only, shared)
        self.lake = Lake(self.path / "corpus", self.read_only)
        if isinstance(encoder, str):
            encoder = SharedEncoder(encoder)
        self.encoder: Encoder = encoder if encoder is not None else SharedEncoder()
        self.user = user_of() if user is None else checked_user(user)
        self._state = state or os.environ.get(STATE)
        where = self._state or self.path / STATE_FILE
        if where == self.path / STATE_FILE:
            check_state(self.path)
        read_manifest(self.lake.root)
        self.database = open_database(where, self.path / "backups", self.read_only)
        put_right(self.lake, self.database, self.read_only)
        self._warn_of_sending()
        self.trackers = Trackers(self)
        self.streams = Streams(self.lake, self.database)
        self.alerts = Alerts(self.lake, self.database)
        self.notices = Notices(self.database)
        self._outbox = Outbox(self.database)
        self._vectors: VectorStore | None = None
        self._words: WordVectors | None = None
        self._word_store = WordStore(self.path / "words" / PREPROCESSING, self.read_only)
        self._suggester = Suggester(self)
        self.live = LiveCalls(self)

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r}{', read_only=True' if self.read_only else ''})"

    def sending(self) -> Sending:
        """What the workspace sends and spends by itself as calls arrive, and whether you have agreed to it."""
        return sending_of(self)

    def trust(self) -> Sending:
        """Agree to what the workspace sends and spends, and to what is added to it here; gives what that is.

        What you make yourself needs no agreement. One that comes from elsewhere sends nothing and asks no endpoint
        before it; see docs/decisions/0019-trust.md.

        Raises:
            CannotWrite: your own folder cannot be written to, where agreements are kept.
        """
        remember(self.database)
        return self.sending()

    def _warn_of_sending(self) -> None:
        if self.read_only or os.environ.get("WORKBENCH_ROLE") == "reader" or is_trusted(self.database):
            return
        warnings.warn(warning_of(authority_of(self.database), self.path), UntrustedWorkspace, stacklevel=3)

    def check_writable(self) -> None:
        """Raise ``ReadOnlyWorkspace`` where it was opened for reading only."""
        check_writable(self.path, self.read_only)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release open files, database connections and memory; closing twice does nothing.

        Work in the background and live calls go on. What is used after that is opened anew.
        """
        self.lake.close()
        self.database.dispose()
        self._vectors = self._words = None
        self._word_store = WordStore(self._word_store.folder, self.read_only)
        self._suggester = Suggester(self)

    def backup(self, file: str | os.PathLike[str], force: bool = False) -> Backup:
        """Write everything to one file, as it is at one moment, while others go on writing; ``wb.restore`` reads it.

        Recordings and models of encoders, which lie elsewhere, are not in it.

        Args:
            file: what to write; in a folder, a file named after the workspace and the moment.
            force: write over a file that is there.

        Raises:
            CannotWrite: the file is there already, or cannot be written.
            WorkspaceDamaged: a file that the corpus needs is missing or damaged.
        """
        return take(self.path, self.database, file, force, self.read_only)

    def check(self, repair: bool = False) -> Report:
        """Check files, hashes, counts, vectors and state against each other, and ``repair`` what can be.

        See :func:`workbench.checking.whole.check`, which needs no workspace that opens.
        """
        return check(self.path, self._state, repair, self.encoder)

    def ingest(
        self, source: Source, *, unit: SplitUnit = "sentence", progress: bool = False, detect: bool = True
    ) -> IngestReport:
        """Adds the conversations of a file, a folder, or an iterable; see :func:`workbench.corpus.ingest.ingest`.

        Active trackers then read them, unless ``detect`` is False; ``catch_up`` does it later.
        """
        with tqdm(unit=" conversations", desc="Importing", disable=not progress) as bar:
            report = ingest_into(self.lake, source, unit=unit, progress=lambda _read, _name: bar.update() and None)
        if detect:
            self.catch_up()
        return report

    def encode(self, progress: OnProgress | bool | None = None) -> int:
        """Makes the vectors that are missing, one a distinct text; gives their number.

        Each batch is on disk before the next begins, so an interrupted run goes on where it was. ``progress`` is
        called with texts done and texts in all, or True shows a bar. Warns where the encoder is for English alone and
        many calls are not.

        Raises:
            EncoderUnavailable: its model cannot be loaded.
        """
        advice = self.language_advice()
        if advice is not None:
            warnings.warn(advice.message, stacklevel=2)
        found, texts = self._distinct_texts()
        if not texts:
            return 0
        keys = np.array(found, dtype=np.int64)
        self._word_store.append(keys, texts)
        missing = np.flatnonzero(self.vectors.lookup(keys) < 0)
        missing = missing[np.argsort([len(texts[i]) for i in missing], kind="stable")]
        with tqdm(total=len(missing), unit=" texts", desc="Encoding", disable=progress is not True) as bar:
            for start in range(0, len(missing), _CHUNK):
                part = missing[start : start + _CHUNK]
                self.vectors.append(keys[part], self.encoder.encode([texts[i] for i in part]))
                bar.update(len(part))
                if callable(progress):
                    progress(start + len(part), len(missing))
        return len(missing)

    def language_advice(self, filters: Filters | None = None) -> Advice | None:
        """What to tell where the encoder is for English alone and many of the calls in these languages are not."""
        if getattr(self.encoder, "model", None) != DEFAULT_MODEL:
            return None
        return language_advice(self.lake.languages(filters.languages if filters is not None else ()))

    def counts(self, filters: Filters | None = None) -> Counts:
        """Conversations, calls and sentences that match."""
        return self.lake.counts(filters if filters is not None else Filters())

    def facets(self) -> Facets:
        """What there is to filter by."""
        return self.lake.facets()

    def conversations(self, filters: Filters | None = None, metrics: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The conversations that match, one a row; all of them without filters.

        ``metrics`` names metrics with the value wanted of each, such as ``{"Booking completed": False}``; a list of
        values lets any of them through.
        """
        found = self.lake.conversations(filters)
        if not metrics:
            return found
        ids = self.lake.conversation_ids(self.metrics.numbers(metrics).tolist())
        return found[found["id"].isin(ids.values())].reset_index(drop=True)

    def call(self, conversation_id: str) -> Call:
        """One conversation, to log metrics and events to; raises ``ConversationNotFound``."""
        return Call(self, conversation_id)

    def detections(self, tracker: str) -> pd.DataFrame:
        """What a published tracker has found, in whatever state it is: one sentence a row.

        Columns: sentence_id, conversation_id, title, started, kind, speaker, side, start_s, text, score (a
        probability) and version, the one that found it. What older versions found stands until a newer one has read
        the call.

        Raises:
            TrackerNotFound: there is none of this id or name.
            WrongState: it was never published; ``draft_detections`` gives what it would find.
        """
        spec = self.trackers.get(tracker).spec
        found = standing.finds_of(self.database, self.lake, spec)
        if found is None:
            raise WrongState(
                f"{spec.name!r} was never published, so it has found nothing yet; publish it, or use "
                "draft_detections() (--draft) for what it would find now"
            )
        return queries.detections(self, found)

    def draft_detections(self, tracker: str) -> pd.DataFrame:
        """What a tracker would find now, by its present definition and training, published or not.

        The columns are those of ``detections``; ``version`` is missing throughout.

        Raises:
            TrackerNotFound: there is none of this id or name.
            NotEnoughTags: it is trained, and has learnt nothing yet.
        """
        return queries.detections(self, queries.draft_of(self, self.trackers.get(tracker)))

    def search(
        self,
        words: str = "",
        meaning: str = "",
        trackers: Sequence[str] = (),
        filters: Filters | None = None,
        limit: int = 50,
        offset: int = 0,
        upto: int | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Sentences that hold all ``words`` and that one of the ``trackers`` found; nearest to ``meaning`` first.

        A sentence a row, with its call and all trackers that found it; see :func:`workbench.results.search.search`.
        Without filters, in external calls; ``metrics`` as for ``conversations``. Only a meaning needs the encoder.

        Raises:
            CorpusNotEncoded: a meaning is given and there are no vectors; run ``encode`` first.
        """
        vector = queries.meant(self, meaning)
        return search(
            self.lake,
            words,
            vector,
            [queries.finds_of(self, one) for one in queries.checked_list(trackers)],
            filters if filters is not None else Filters(),
            limit,
            offset,
            vectors=lambda: self.vector_table("sentences"),
            found_by=queries.found_by(self),
            upto=upto,
            calls=self.metrics.numbers(metrics).tolist() if metrics else None,
        )

    def statistics(
        self, tracker: str, by: str | Sequence[str] = (), filters: Filters | None = None, least_calls: int = 0
    ) -> Statistics:
        """How often a tracker's concept comes up, by team, person, month and so on, with intervals.

        ``.rates`` are corrected for the tracker's own error where that is known, ``.pairs`` tell which groups can be
        told apart; see :mod:`workbench.results.statistics`.
        """
        return statistics(self.lake, queries.finds_of(self, tracker), by, filters, least_calls)

    def deals(self) -> pd.DataFrame:
        """All deals, one a row, the newest first."""
        return deals(self.lake)

    def deal(self, deal_id: str, trackers: Sequence[str] | None = None) -> Deal:
        """A deal's calls along time with what trackers found in them: these, or all that were ever published.

        Raises:
            DealNotFound: no conversation belongs to it.
        """
        return deal(self.lake, deal_id, queries.published(self, trackers))

    @property
    def metrics(self) -> Metrics:
        """Conversation metrics: create, get, list, update, delete, values, trend, coach."""
        return Metrics(self)

    @property
    def analyst(self) -> Analyst:
        """Compares calls by the value of a metric, and answers questions; in prose too, where an endpoint is set."""
        writer = writer_of_environment()
        if writer is not None and not is_trusted(self.database):
            writer = NoWriter(NOT_TRUSTED)
        return Analyst(self, writer)

    @property
    def credits(self) -> Credits:
        """What question trackers may spend: balance, top_up, prices, caps, entries."""
        return Credits(self.database)

    @property
    def boards(self) -> Boards:
        """Initiative boards: create, get, list, update, delete."""
        return Boards(self.database, self.lake, lambda tracker: queries.finds_of(self, tracker))

    @property
    def playbooks(self) -> Playbooks:
        """Playbooks: create, get, list, update, delete."""
        return Playbooks(self.database, self.lake, lambda tracker: queries.finds_of(self, tracker))

    def unreadable(self) -> list[Unreadable]:
        """What is stored and cannot be read, as it is damaged or a newer version wrote it; lists leave it out."""
        return queries.unreadable(self)

    def wrong_hit(self, tracker: str, sentence_id: str, *, by: str | Reporter, note: str = "") -> None:
        """Say that a tracker should not have found a sentence; it goes to ``tracker.queue()``, once a person.

        It changes no estimate and teaches nothing until the trainer takes it up. Other sentences can be asked about
        with ``session.picked_round`` and put right with ``session.correct``.

        Args:
            by: who says so: a name, or what is known of a reader of the dashboards.
            note: what is wrong, on one line; control characters are left out.

        Raises:
            UnknownCandidate: no version of the tracker in use has found this sentence.
            WrongState: the tracker was deleted, or has no version in use.
            TooManyReports: more reports of this person wait, or came within a minute, than are taken.
            WorkbenchError: ``by`` names nobody, or the note is too long.
        """
        queries.say_wrong(self, tracker, sentence_id, by, note)

    def similar_sentences(
        self,
        query: str = "",
        filters: Filters | None = None,
        count: int = 12,
        *,
        examples: Sequence[str] = (),
        wait: bool = True,
    ) -> Suggestions:
        """Real sentences by words and by meaning, to be used as examples; see :mod:`workbench.training.suggestions`.

        Where the corpus is not encoded, or the encoder can't be had, it goes by words alone and ``note`` says so.
        """
        return self._suggester.find(query, filters if filters is not None else Filters(), count, examples, wait)

    @property
    def is_encoded(self) -> bool:
        """Whether there are vectors of this workspace's encoder; asking starts no encoder."""
        return self._vectors is not None or (self.path / "vectors" / self.encoder.key / "keys.i64").exists()

    def catch_up(self, send: bool = True) -> int:
        """Runs the active trackers on the conversations that none of their versions has read; gives their number.

        Makes missing vectors first, where there is a tracker to use them. Then delivers, unless ``send`` is False.
        """
        waiting = [one for one in self._in_use("active") if one.waiting]
        if any(one.needs_vectors for one in waiting):
            self.encode()
        read = max([one.catch_up() for one in waiting], default=0)
        if send:
            self.deliver()
        return read

    def deliver(self, retry_failed: bool = False) -> Delivered:
        """Judges the alerts, and sends what is due by e-mail and to webhooks; never raises for what can't be sent.

        With ``retry_failed`` what was given up is tried again, too.
        """
        for alert in self.alerts.list():
            alert.judge()
        if retry_failed:
            self._outbox.revive()
        return deliver(self._outbox)

    def deliveries(self) -> pd.DataFrame:
        """What is sent, waits or failed, and why: a message and channel a row, newest first."""
        names = ["message_id", "created", "kind", "target", "state", "tries", "due", "failure", "finished"]
        rows = [dict(row) for row in self._outbox.deliveries()]
        return pd.DataFrame(rows, columns=names)

    def notify(self, *, email: str | None = None, webhook: str | None = None) -> Channel:
        """Tells this address when results are ready, a run fails, or a tracker is paused for want of credits.

        Of trackers that a stream collects its own addresses are told, where it has any. ``ws.notices.channels`` lists
        the addresses, ``ws.notices.forget`` takes one away.

        Raises:
            InvalidStream: the address cannot be used, or not exactly one is given.
        """
        return self.notices.notify(email=email, webhook=webhook)

    def messages(self, unread: bool | None = None) -> list[Message]:
        """What streams and alerts tell, newest first: all, or only those that are ``unread``."""
        return self._outbox.messages(unread)

    def mark_read(self, *messages: Message | str) -> None:
        """Takes messages, or their ids, off the unread ones."""
        self._outbox.mark_read(one if isinstance(one, str) else one.id for one in messages)

    def resume_backfills(self) -> list[Publication]:
        """Goes on, in the background, with the active versions' backfills that were interrupted or failed.

        Those that ran out of credits are left out: they want publishing again.
        """
        active = self._in_use("active", "paused")
        stopped = [one for one in active if one.progress().state in (Run.INTERRUPTED, Run.FAILED)]
        reasons = PublicationRepository(self.database).pause_reason
        stopped = [one for one in stopped if reasons(one.frozen.tracker_id) is None]
        for one in stopped:
            one.resume()
        return stopped

    def _in_use(self, *states: str) -> list[Publication]:
        """The active versions of the trackers in these states."""
        return [Publication(self, one) for one in PublicationRepository(self.database).in_use(*states)]

    @property
    def vectors(self) -> VectorStore:
        """The vectors of this workspace's encoder."""
        if self._vectors is None:
            folder = self.path / "vectors" / self.encoder.key
            known = described(folder)  # so that reading vectors starts no encoder
            about = getattr(self.encoder, "about", None) if known is None and not self.read_only else None
            dimension = self.encoder.dimension if known is None else int(known["dimension"])
            self._vectors = VectorStore(folder, dimension, about() if about else None, self.read_only)
        return self._vectors

    def pool(
        self,
        filters: Filters,
        chosen: Recipe = DEFAULT,
        numbers: range | None = None,
        since: datetime | None = None,
    ) -> NamedPool:
        """The sentences that match, as a recipe's engine sees them; raises ``CorpusNotEncoded``."""
        words = self._word_store if chosen.words else None
        return build_pool(self.lake, self.vector_table(chosen.encoder), filters, words, numbers, since)

    def trainer(
        self,
        filters: Filters,
        examples: Sequence[str],
        chosen: Recipe,
        seed: int,
        taught: TrainingSet | None = None,
    ) -> tuple[Trainer, NamedPool]:
        """The engine over the sentences that match, and their ids; ``taught`` are labelled sentences from elsewhere.

        Raises:
            CorpusNotEncoded: run ``encode`` first.
            EncoderUnavailable: the examples could not be encoded.
        """
        named = self.pool(filters, chosen)
        words = words_of([normalise(text) for text in examples]) if chosen.words else None
        own = taught if chosen.encoder == "sentences" else None
        return Trainer(named.pool, self.vectors_of(examples, chosen.encoder), chosen, seed, words, own), named

    @property
    def words(self) -> WordStore:
        """The words of each distinct text."""
        return self._word_store

    def vector_table(self, encoder: EncoderName) -> VectorTable:
        """The vectors of a recipe's encoder, up to date with the corpus; words are weighed anew where it grew."""
        if encoder == "sentences":
            self.vectors.refresh()
            return self.vectors
        keys, texts = self._distinct_texts()
        if self._words is None or self._words.size != len(keys):
            self._words = WordVectors(np.array(keys, dtype=np.int64), texts)
        return self._words

    def encode_with(self, encoder: EncoderName) -> Callable[[Sequence[str]], np.ndarray]:
        """What makes vectors of texts by a recipe's encoder, and keeps none."""
        table = self.vector_table(encoder)
        return table.encode if isinstance(table, WordVectors) else self.encoder.encode

    def vectors_of(self, texts: Sequence[str], encoder: EncoderName) -> np.ndarray:
        """Vectors of these texts, ``[len(texts), dimension]``, by a recipe's encoder; new ones are kept."""
        table = self.vector_table(encoder)
        if isinstance(table, WordVectors):
            return table.encode(texts)
        keys = np.array([text_key(text) for text in texts], dtype=np.int64)
        rows = table.lookup(keys)
        missing = np.flatnonzero(rows < 0)
        if not len(missing):
            return np.array(table.vectors[rows])
        made = self.encoder.encode([texts[i] for i in missing])
        if not self.read_only:
            self.vectors.append(keys[missing], made)
            return np.array(table.vectors[table.lookup(keys)])
        out = np.zeros((len(keys), self.vectors.dimension), dtype=np.float32)
        out[rows >= 0], out[missing] = table.vectors[rows[rows >= 0]], made
        return out

    def _distinct_texts(self) -> tuple[list[int], list[str]]:
        found = [(k, t) for b in self.lake.distinct_texts() for k, t in zip(*b.to_pydict().values(), strict=True)]
        return [key for key, _ in found], [text for _, text in found]


def open_workspace(path: str | os.PathLike[str], **options: Any) -> Workspace:
    """Open the workspace in this folder, and make it where there is none.

    The options are those of :class:`Workspace`, such as ``create=False`` and ``read_only=True``.
    """
    return Workspace(path, **options)


__all__ = ["Tracker", "Workspace", "open_workspace"]
