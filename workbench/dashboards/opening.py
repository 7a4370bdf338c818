"""Opens a dashboard in one call: for the workspace that the environment names, for readers in Voilà."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal

import ipywidgets

from workbench.dashboards.kernel_log import log_to_server
from workbench.dashboards.pages import PAGES, build
from workbench.dashboards.parts import NAVIGATION
from workbench.domain.paths import resolved
from workbench.resources.opening import is_workspace
from workbench.widgets.dashboard import Dashboard
from workbench.widgets.failures import failure
from workbench.widgets.live_monitor import LiveMonitor
from workbench.widgets.protocol import LivePage
from workbench.workspace.workspace import Workspace

DEFAULT = "../../demo.workspace"  # relative to the notebooks
WorkspaceLike = Workspace | str | os.PathLike[str] | None
Role = Literal["reader", "editor"]


def open_page(name: str, workspace: WorkspaceLike = None, role: Role | None = None) -> ipywidgets.Widget:
    """Return the dashboard with this name. If the folder is not a workspace it says so, and creates none.

    Args:
        name: one of ``PAGES``.
        workspace: the workspace or its folder; by default that in ``WORKBENCH_WORKSPACE``, else the demo's.
        role: by default that in ``WORKBENCH_ROLE``, else reader in Voilà and editor elsewhere.
    """
    found = _found(workspace, role or _role())
    if not isinstance(found, Workspace):
        return found
    return Dashboard(found, build(name), page=name, role=role or _role())


def live(workspace: WorkspaceLike = None, role: Role | None = None) -> ipywidgets.Widget:
    """Return the page of live calls, as :func:`open_page` opens the others.

    Readers can follow calls, but not replay them.
    """
    found = _found(workspace, role or _role())
    if not isinstance(found, Workspace):
        return found
    pages: list[LivePage] = [{"page": name, "label": label} for name, label in NAVIGATION.items()]
    return LiveMonitor(found, can_replay=(role or _role()) == "editor", pages=pages)


def _found(workspace: WorkspaceLike, role: Role) -> Workspace | ipywidgets.Label:
    """Return the workspace, or a message if there is none, or it cannot be opened."""
    log_to_server()
    found = workspace if workspace is not None else os.environ.get("WORKBENCH_WORKSPACE") or DEFAULT
    if isinstance(found, Workspace):
        return found
    try:
        if is_workspace(resolved(found)):
            return Workspace(found, create=False)
        where = "" if role == "reader" else f" in {found}"
        words = f"There is no workspace{where} yet. Set WORKBENCH_WORKSPACE to the folder of a workspace."
    except Exception as error:  # noqa: BLE001, readers see words, never a traceback
        words = failure(error, reads_only=role == "reader")["message"]
    return ipywidgets.Label(words, layout=ipywidgets.Layout(height="auto", width="100%"))


def _role() -> Role:
    asked = os.environ.get("WORKBENCH_ROLE")
    if asked is None and not os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return "editor"
    return "editor" if asked == "editor" else "reader"


def _opener(name: str) -> Callable[..., ipywidgets.Widget]:
    def opener(workspace: WorkspaceLike = None, **options: Any) -> ipywidgets.Widget:
        return open_page(name, workspace, **options)

    opener.__name__ = opener.__qualname__ = name
    opener.__doc__ = f"The dashboard {PAGES[name].title!r}; see :func:`open_page`."
    return opener


overview, tracker, search, team = map(_opener, ("overview", "tracker", "search", "team"))
initiative, deal, playbook, metrics = map(_opener, ("initiative", "deal", "playbook", "metrics"))
