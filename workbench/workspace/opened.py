"""An open workspace: its folder, its resources and its safeguards."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from workbench.backups.taking import Backup, take
from workbench.checking.report import Report
from workbench.checking.whole import check
from workbench.corpus.lake import Lake
from workbench.domain.annotators import checked_user, user_of
from workbench.domain.errors import UntrustedWorkspace
from workbench.domain.paths import resolved
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import DEFAULT_MODEL, Encoder
from workbench.resources import Resources
from workbench.resources.changes import follow_changes
from workbench.resources.conventions import KeptConventions
from workbench.resources.corpus_place import attach, corpus_url, move
from workbench.resources.encoder_choice import choose_encoder
from workbench.resources.opening import STATE_FILE, check_state, is_workspace, prepare
from workbench.resources.repeats import put_right
from workbench.results.alerts import Alerts
from workbench.results.streams import Notices, Streams
from workbench.store.authority import authority_of
from workbench.store.database import STATE, open_database
from workbench.store.trust import is_trusted, remember
from workbench.training.suggestions import Suggester
from workbench.workspace.sending import Sending, sending_of, warning_of
from workbench.workspace.trackers import Trackers


class OpenedWorkspace:
    """A workspace's folder, opened; see :class:`~workbench.workspace.workspace.Workspace`."""

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
        corpus: str | None = None,
    ):
        folder = resolved(path)
        is_new = not is_workspace(folder)
        is_read_only = prepare(folder, create, read_only, shared)
        lake = Lake(folder / "corpus", is_read_only)
        user = user_of() if user is None else checked_user(user)
        self._state = state or os.environ.get(STATE)
        where = self._state or folder / STATE_FILE
        if where == folder / STATE_FILE:
            check_state(folder)
        database = open_database(where, folder / "backups", is_read_only)
        attach(lake.root, database, corpus, is_read_only)
        _ = lake.version  # whether it can be read
        lake.conventions = KeptConventions(database)
        put_right(lake, database, is_read_only)
        if not is_read_only:
            follow_changes(folder, lake, database)
        if encoder is None or isinstance(encoder, str):
            name = choose_encoder(database, encoder, is_new)
            encoder = SharedEncoder() if name == DEFAULT_MODEL else SharedEncoder(name)
        self.resources = Resources.of(folder, lake, database, encoder, user, is_read_only)
        self._warn_of_sending()
        self.trackers = Trackers(self.resources)
        self.streams = Streams(lake, database)
        self.alerts = Alerts(lake, database)
        self.notices = Notices(database)
        self._suggester = Suggester(self.resources)

    @property
    def path(self) -> Path:
        """The folder."""
        return self.resources.path

    @property
    def lake(self) -> Lake:
        """The corpus."""
        return self.resources.lake

    @property
    def database(self) -> Engine:
        """The state: trackers, answers, versions and results."""
        return self.resources.state

    @property
    def encoder(self) -> Encoder:
        """Return the encoder for new texts."""
        return self.resources.encoder

    @property
    def user(self) -> str:
        """Who works here; stored with each answer."""
        return self.resources.user

    @property
    def read_only(self) -> bool:
        """Return whether the workspace is read-only."""
        return self.resources.read_only

    @property
    def corpus_url(self) -> str | None:
        """Return the URL of the corpus's store; None if it is in the folder."""
        return corpus_url(self.database)

    def move_corpus(self, to: str | None) -> None:
        """Move the corpus to a store such as ``s3://bucket/folder``, or back into the folder with None.

        Others who have the workspace open continue with the moved corpus. If interrupted, call it again. See
        docs/storage.md.

        Raises:
            InvalidArgument: the URL cannot be used.
            CorpusUnavailable: the store cannot be used or holds another corpus; nothing was moved.
            ReadOnlyWorkspace: the workspace was opened for reading only.
        """
        self.check_writable()
        move(self.lake.root, self.database, to)

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r}{', read_only=True' if self.read_only else ''})"

    def sending(self) -> Sending:
        """Return what the workspace sends and spends as calls arrive, and whether you have agreed to it."""
        return sending_of(self.resources)

    def trust(self) -> Sending:
        """Agree to what the workspace sends and spends, including what is added to it here later; return what that is.

        Your own workspaces need no agreement. A workspace from elsewhere sends nothing and asks no endpoint before you
        agree; see docs/decisions/0019-trust.md.

        Raises:
            CannotWrite: your own folder, where agreements are stored, cannot be written to.
        """
        remember(self.database)
        return self.sending()

    def _warn_of_sending(self) -> None:
        if self.read_only or os.environ.get("WORKBENCH_ROLE") == "reader" or is_trusted(self.database):
            return
        warnings.warn(warning_of(authority_of(self.database), self.path), UntrustedWorkspace, stacklevel=3)

    def check_writable(self) -> None:
        """Raise ``ReadOnlyWorkspace`` if the workspace was opened for reading only."""
        self.resources.check_writable()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release open files, database connections and memory; closing twice does nothing.

        Background work and live calls continue. Whatever is used after that is opened again.
        """
        self.resources.close()
        self._suggester = Suggester(self.resources)

    def backup(self, file: str | os.PathLike[str], force: bool = False) -> Backup:
        """Write the whole workspace to one file, as it is at one moment, while others keep writing; see ``wb.restore``.

        Recordings, and models of encoders stored elsewhere, are not included.

        Args:
            file: the file to write, or a folder, in which the file is named after the workspace and the time.
            force: overwrite an existing file.

        Raises:
            CannotWrite: the file exists already, or cannot be written.
            WorkspaceDamaged: a file that the corpus needs is missing or damaged.
        """
        return take(self.path, self.database, file, force, self.read_only)

    def check(self, repair: bool = False) -> Report:
        """Check files, hashes, counts, vectors and state against each other, and ``repair`` what can be repaired.

        See :func:`workbench.checking.whole.check`, which also checks workspaces that cannot be opened.
        """
        return check(self.path, self._state, repair, self.encoder)
