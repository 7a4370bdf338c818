"""Jupyter Server extension: the pages' static files, and REST under ``workbench/api/v1/``.

Loading it imports nothing that a server has not loaded already. The first request opens the workspace.
"""

from __future__ import annotations


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "workbench.server.extension"}]
