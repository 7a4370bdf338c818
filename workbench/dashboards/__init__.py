"""Dashboards for readers, who never open a notebook: pages of trackers' results, for Voilà."""

from workbench.dashboards.opening import deal, initiative, live, metrics, overview, playbook, search, team, tracker
from workbench.dashboards.quality import tracker_dashboard

__all__ = [
    "deal",
    "initiative",
    "live",
    "metrics",
    "overview",
    "playbook",
    "search",
    "team",
    "tracker",
    "tracker_dashboard",
]
