"""One call opens a dashboard: on the workspace that the environment names, for readers in Voilà."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import ipywidgets

from workbench.dashboards.pages import PAGES, build
from workbench.widgets.dashboard import Dashboard
from workbench.workspace import Workspace

DEFAULT = "../../demo.workspace"  # as seen from the notebooks
Where = Workspace | str | os.PathLike[str] | None
Role = Literal["reader", "editor"]


def open_page(name: str, workspace: Where = None, role: Role | None = None) -> ipywidgets.Widget:
    """The dashboard of this name. A folder that is no workspace is said, not made.

    Args:
        name: one of ``PAGES``.
        workspace: itself or its folder; by default that in ``WORKBENCH_WORKSPACE``, else the demo's.
        role: by default that in ``WORKBENCH_ROLE``, else a reader's in Voilà and an editor's elsewhere.
    """
    found = workspace if workspace is not None else os.environ.get("WORKBENCH_WORKSPACE") or DEFAULT
    if not isinstance(found, Workspace):
        if not (Path(found) / "state.db").exists():
            return ipywidgets.Label(
                f"There is no workspace in {found}. Set WORKBENCH_WORKSPACE to the folder of one.",
                layout=ipywidgets.Layout(height="auto", width="100%"),
            )
        found = Workspace(found)
    return Dashboard(found, build(name), page=name, role=role or _role())


def _role() -> Role:
    asked = os.environ.get("WORKBENCH_ROLE")
    if asked is None and not os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return "editor"
    return "editor" if asked == "editor" else "reader"


def _opener(name: str) -> Callable[..., ipywidgets.Widget]:
    def opener(workspace: Where = None, **options: Any) -> ipywidgets.Widget:
        return open_page(name, workspace, **options)

    opener.__name__ = opener.__qualname__ = name
    opener.__doc__ = f"The dashboard {PAGES[name].title!r}; see :func:`open_page`."
    return opener


overview, tracker, search, team = map(_opener, ("overview", "tracker", "search", "team"))
initiative, deal, playbook, metrics = map(_opener, ("initiative", "deal", "playbook", "metrics"))
