"""What people see who never open a notebook: widgets put together for Voilà."""

from workbench.dashboards.tracker import tracker_dashboard

__all__ = ["tracker_dashboard"]
