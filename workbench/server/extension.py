"""What Jupyter Server calls when it starts: adds the handlers, and opens nothing."""

from __future__ import annotations

from typing import Any

from workbench.server.static import static_handlers


def _load_jupyter_server_extension(server: Any) -> None:
    """Adds the handlers below the server's ``base_url``."""
    server.web_app.add_handlers(".*$", static_handlers(server.web_app.settings["base_url"]))
