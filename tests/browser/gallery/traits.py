"""Which traits of a widget are told to its page."""

from __future__ import annotations

from ipywidgets import Widget

_WIDGETS = frozenset({"layout", "tabbable", "tooltip"})  # of ipywidgets: what they hold is made by itself


def told(widget: Widget) -> list[str]:
    """Names of the traits whose values a kernel sends with the widget itself."""
    return [name for name in widget.traits(sync=True) if name not in _WIDGETS]
