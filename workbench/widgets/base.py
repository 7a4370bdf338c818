"""Shared by all widgets: requests and replies, error messages, and following another widget's tracker."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from functools import partial
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

from workbench.domain import plain_json
from workbench.domain.errors import WorkbenchError
from workbench.domain.reporters import Reporter, sender
from workbench.widgets import call_views
from workbench.widgets.failures import failure
from workbench.widgets.hub import hub_of
from workbench.widgets.last_used import last_used, remember
from workbench.widgets.news import Newsroom
from workbench.widgets.protocol import CallPageView, Failure, Reply
from workbench.widgets.requests import BadRequest, checked
from workbench.widgets.snapshots import Saved, Snapshot, bundle, saved
from workbench.widgets.steps import StepRunner
from workbench.widgets.subshells import keep_in_reach

USES = frozenset({"save", "choose"})
"""Requests after which the tracker shown counts as the one used last, as does one that a request opened."""


class WorkbenchWidget(anywidget.AnyWidget):
    """A thin front for the workspace's API: it stores neither labels nor models.

    A request ``{"id", "kind", …}`` calls ``on_<kind>(**rest)`` and gets one reply with its id. Subclasses list in
    ``requests`` the kinds they answer. A method that returns ``Steps`` allows other requests between them, and ``{"id",
    "kind": "cancel", "request": id}`` stops it.
    """

    requests: frozenset[str] = frozenset()
    held_back: Mapping[str, Any] = {}
    """What stands for traits that quote people, until a page asks: a notebook run without one keeps what is sent."""

    reopens: bool = False  # whether it opens the tracker that was used last, where none is named
    hears_others: bool = False  # whether each request first looks for what other kernels have changed of trackers
    _reads_only: bool | None = None  # whether this is a page for people who only read; None if the role says it
    _sent_with: Any = None  # the metadata of the message that is being answered
    _state_number = 0  # of the last state that was given out

    tracker_id = traitlets.Unicode("").tag(sync=True)
    """The tracker that is shown; empty if none is selected. Link it to another widget's to show the same."""

    _own_id = traitlets.Unicode("").tag(sync=True)
    """The id of this widget in Jupyter; its page finds itself by it."""

    _content = traitlets.Enum(["withheld", "given", "kept"], "given").tag(sync=True)
    """Whether traits that quote were sent yet, and whether a notebook may keep them."""

    error = traitlets.Unicode("").tag(sync=True)
    """The last failure in words, shown in the widget; empty if there is none."""

    def __init__(self, workspace: Any, tracker: Any = None, **kwargs: Any) -> None:
        """Take the workspace, and a tracker: its name or id, a tracker, another of our widgets to follow, or None.

        Raises:
            TypeError: a keyword names no trait.
            TrackerNotFound: the workspace has no such tracker.
        """
        for name in kwargs:
            if not self.has_trait(name) or name.startswith("_"):
                raise TypeError(f"{type(self).__name__} takes no argument {name!r}")
        self.workspace = workspace
        self._steps, self._news = StepRunner(), Newsroom(self)
        own_id = uuid4().hex
        content = "kept" if saved() is Saved.SENTENCES else "withheld" if self.held_back else "given"
        super().__init__(model_id=own_id, _own_id=own_id, _content=content, **kwargs)
        self._hub = hub_of(workspace)
        self._hub.listen(self._tracker_changed)
        if self.hears_others:
            self._hub.catch_up(workspace)
        self.on_msg(self._answer)
        self.observe(lambda _: self._guarded(self._tracker_chosen), "tracker_id")
        self._follow(tracker)
        if tracker is None and self.reopens and not self.tracker_id and not self.reads_only:
            self._guarded(self._reopen)

    @traitlets.observe("comm")
    def _comm_was_opened(self, change: Any) -> None:
        keep_in_reach(change["new"])

    @property
    def reads_only(self) -> bool:
        """Return whether this is a page for readers."""
        return os.environ.get("WORKBENCH_ROLE") == "reader" if self._reads_only is None else self._reads_only

    @property
    def sender(self) -> Reporter:
        """Return who sent the request being answered; raises ``WorkbenchError`` if unknown."""
        return sender(self._sent_with, self.reads_only, os.environ)

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send a message to the page; NaN and infinities, which are invalid in JSON, are sent as null."""
        super().send(plain_json.finite(content), buffers)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return the synced traits, with null likewise, and a number by which a page recognises newer state."""
        state = {name: plain_json.finite(one) for name, one in super().get_state(key, drop_defaults).items()}
        if self._content == "withheld":
            state |= {name: one for name, one in self.held_back.items() if name in state}
        self._state_number += 1
        return {**state, "_state_number": self._state_number}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return the view, and what is shown of it where no kernel runs."""
        shown = super()._repr_mimebundle_(**kwargs)
        if shown is None:
            return None
        data, metadata = shown
        return {**data, **bundle(type(self).__name__, self._snapshot)}, metadata

    def _snapshot(self) -> Snapshot:
        """Return what is left of it in a saved notebook."""
        return Snapshot()

    def on_show_call(self, conversation_id: str, sentence_id: str | None = None) -> None:
        """Open a call at a sentence in the call viewers of this kernel; for widgets that list it in ``requests``."""
        self._hub.show_call(conversation_id, sentence_id)

    def on_read_call(
        self, conversation_id: str, sentence_id: str | None = None, start: int | None = None
    ) -> CallPageView:
        """Return a part of a call, to read next to the page if no call viewer is open.

        Raises:
            ConversationNotFound: the workspace has no such call.
        """
        outline = self.workspace.lake.outline(conversation_id)
        here = None if sentence_id is None else outline.place(sentence_id)
        begins = call_views.begins(here, start)
        return call_views.page(outline, self.workspace.lake.lines(outline, begins, call_views.PAGE), begins, here)

    def _reopen(self) -> None:
        """Open the tracker that was used last in this workspace, by the same person."""
        found = last_used(self.workspace)
        if found is not None and self._can_show(found):
            self.tracker_id = found.id

    def _can_show(self, tracker: Any) -> bool:  # noqa: ARG002, subclasses look at it
        """Whether this widget is for trackers such as this one."""
        return True

    def _follow(self, tracker: Any) -> None:
        if isinstance(tracker, WorkbenchWidget):
            self._link = traitlets.link((tracker, "tracker_id"), (self, "tracker_id"))
        elif isinstance(tracker, str):
            self.tracker_id = self.workspace.trackers.get(tracker).id
        elif tracker is not None:
            self.tracker_id = tracker.id

    def _tracker(self) -> Any:
        return self.workspace.trackers.get(self.tracker_id)

    def _session(self) -> Any:
        return self._hub.session(self._tracker())

    def _tracker_chosen(self) -> None:
        """Handle that another tracker is to be shown."""

    def _tracker_changed(self, tracker_id: str) -> None:
        """Handle that a tracker was edited or finished a round."""

    def _handle_msg(self, msg: dict[str, Any]) -> None:
        self._sent_with = msg.get("metadata")
        try:
            super()._handle_msg(msg)
        finally:
            self._sent_with = None

    def _answer(self, _: Any, content: Any, buffers: Any) -> None:  # noqa: ARG002, the signature is ipywidgets'
        """Answer every request exactly once: the page waits for it."""
        if not isinstance(content, dict) or "id" not in content:
            return
        request_id = str(content["id"])
        self._give()
        try:
            result = self._handle(content)
        except Exception as error:  # noqa: BLE001, the page waits for an answer
            self._reply(request_id, None, error)
        else:
            if isinstance(result, Generator):
                self._steps.run(request_id, result, partial(self._reply, request_id))
            else:
                self._reply(request_id, result, None)

    def _give(self) -> None:
        """Send what was held back, now that there is a page."""
        if self._content == "withheld":
            self._content = "given"
            self.send_state(list(self.held_back))

    def _reply(self, request_id: str, result: Any, error: Exception | None) -> None:
        failed = None if error is None else self._failure(error)
        reply: Reply = {"id": request_id, "result": result, "error": failed, "state_number": self._state_number}
        self.send(reply)

    def _handle(self, content: dict[str, Any]) -> Any:
        kind = content.get("kind")
        if kind == "ping":  # the page checks whether the kernel is still this one
            return None
        if kind == "state":  # the page has missed messages
            self.send_state([name for name in self.keys if not name.startswith("_")])  # it already has the code
            return None
        if kind == "cancel":
            self._steps.stop(str(content.get("request")))
            return None
        if not plain_json.is_plain(content):
            raise WorkbenchError("The request contains a number that cannot be stored; give a finite one")
        if not isinstance(kind, str) or not self._takes(kind):
            raise BadRequest(f"{type(self).__name__} has no request {str(kind)[:40]!r}")
        method = getattr(self, f"on_{kind}")
        if self.hears_others:
            self._hub.catch_up(self.workspace)
        before = self.tracker_id
        values = {key: value for key, value in content.items() if key not in ("id", "kind")}
        result = method(**checked(method, values))
        if self.tracker_id and (kind in USES or self.tracker_id != before) and not self.reads_only:
            remember(self.workspace, self.tracker_id)
        return result

    def _takes(self, kind: str) -> bool:
        """Return whether it answers this kind of request; widgets that link to calls also let them be read."""
        return kind in self.requests or (kind == "read_call" and "show_call" in self.requests)

    def _guarded(self, work: Any) -> None:
        """Run ``work``; a failure is shown, as Voilà hides errors in observers."""
        try:
            work()
        except Exception as error:  # noqa: BLE001, shown in the widget
            self.error = self._failure(error)["message"]

    def _failure(self, error: Exception) -> Failure:
        return failure(error, self.reads_only)
