"""Workspace, the front door: a folder with a corpus, its vectors and the state."""

from __future__ import annotations

import os
from typing import Any

from workbench.workspace.service import ServiceMethods


class Workspace(ServiceMethods):
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


def open_workspace(path: str | os.PathLike[str], **options: Any) -> Workspace:
    """Open the workspace in this folder, and make it where there is none.

    The options are those of :class:`Workspace`, such as ``create=False`` and ``read_only=True``.
    """
    return Workspace(path, **options)
