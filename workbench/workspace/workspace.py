"""Workspace, the front door: a folder with a corpus, its vectors and the state."""

from __future__ import annotations

import os
from typing import Any

from workbench.workspace.service import ServiceMethods


class Workspace(ServiceMethods):
    """A folder with a corpus, its vectors and the state; created if it does not exist.

    Args:
        path: the folder.
        encoder: what computes vectors, or the name of a sentence-transformers model, or its folder; by default the
            packaged one that the workspace was made with, for English: all-MiniLM-L6-v2, or ``"conversations"``,
            which also knows what people do in conversations. See docs/languages.md for others.
        state: a database URL, to keep the state elsewhere than in a SQLite file in the folder; by default
            ``WORKBENCH_STATE`` of the environment. Each workspace needs its own database or schema.
        user: the person who works here, stored with each answer; by default ``WORKBENCH_USER``, JupyterHub's user, or
            the system's.
        create: whether to create the workspace if it does not exist.
        read_only: write nothing at all; by default only if the folder cannot be written to. Every change then raises
            ``ReadOnlyWorkspace``.
        shared: True lets the folder's group read and change the workspace (``WORKBENCH_SHARED_GROUP`` names another
            group, and shares new workspaces), False only its owner. Only its creator can use a new one; an existing one
            is not changed unless this is given.
        corpus: the address of a store for the corpus of a new workspace, such as ``s3://bucket/folder``; the state
            remembers it, and credentials come from the environment. ``ws.move_corpus`` moves an existing one. See
            docs/storage.md.

    Raises:
        WorkspaceNotFound: there is no workspace, and ``create`` is False.
        WorkspaceDamaged: one of its files is damaged, missing or a link; says which, and what to do.
        NewerWorkspace: a newer version of the workbench wrote it.
        StateUnavailable: the state's database cannot be used; says why.
        CorpusUnavailable: the store that holds the corpus cannot be used; says why.
        CannotWrite: the disk is full, or cannot be written to.
    """


def open_workspace(path: str | os.PathLike[str], **options: Any) -> Workspace:
    """Open the workspace in this folder, and create it if it does not exist.

    The options are those of :class:`Workspace`, such as ``create=False`` and ``read_only=True``.
    """
    return Workspace(path, **options)
