"""What Jupyter Server calls when it starts. It adds the handlers and opens nothing."""

from __future__ import annotations

import os
from typing import Any

from traitlets import Unicode, default
from traitlets.config import Configurable

from workbench.server.static import static_handlers


class Workbench(Configurable):
    """Settings: ``c.Workbench.workspace = "…"`` in a configuration file of the server."""

    workspace = Unicode(config=True, help="The workspace's folder; default: WORKBENCH_WORKSPACE.")

    @default("workspace")
    def _workspace_default(self) -> str:
        return os.environ.get("WORKBENCH_WORKSPACE", "")


def _load_jupyter_server_extension(server: Any) -> None:
    """Add the handlers below the server's ``base_url``."""
    from workbench.server.handlers import api_handlers
    from workbench.server.service import Service

    settings = Workbench(parent=server)
    base_url = server.web_app.settings["base_url"]
    service = Service(lambda: settings.workspace)
    server.web_app.add_handlers(".*$", [*static_handlers(base_url), *api_handlers(base_url, service)])
