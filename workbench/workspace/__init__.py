"""The front door: what a user's code calls."""

from workbench.workspace.workspace import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]
