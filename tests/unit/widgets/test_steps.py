"""A long request lets others in between its steps, and ends where the page gives it up."""

from __future__ import annotations

import asyncio

from workbench.domain.errors import WorkbenchError
from workbench.widgets.base import WorkbenchWidget


class Counting(WorkbenchWidget):
    """Counts slowly, and answers a key press at once."""

    _esm = "export default {}"
    requests = frozenset({"count", "press"})

    def __init__(self, workspace):
        super().__init__(workspace)
        self.counted = 0
        self.replies = []
        self.send = lambda content, buffers=None: self.replies.append(content)

    def on_count(self, to, fails=False):
        for _ in range(to):
            self.counted += 1
            yield
        if fails:
            raise WorkbenchError("Lost count.")
        return self.counted

    def on_press(self):
        return self.counted

    def ask(self, name, kind, **values):
        self._handle_custom_msg({"id": name, "kind": kind, **values}, [])


def told(widget):
    return [(one["id"], one["result"], one["error"] and one["error"]["kind"]) for one in widget.replies]


async def until(widget, count):
    while len(widget.replies) < count:
        await asyncio.sleep(0)


def test_a_key_press_is_answered_between_the_steps_of_a_slow_request(workspace):
    async def page():
        widget = Counting(workspace)
        widget.ask("slow", "count", to=50)
        await asyncio.sleep(0)
        widget.ask("key", "press")
        await until(widget, 2)
        return widget

    (key, pressed, _), slow = told(asyncio.run(page()))
    assert key == "key"
    assert 0 < pressed < 50
    assert slow == ("slow", 50, None)


def test_what_the_page_gives_up_takes_no_further_step(workspace):
    async def page():
        widget = Counting(workspace)
        widget.ask("slow", "count", to=50)
        widget.ask("other", "count", to=3)
        widget.ask("1", "cancel", request="slow")
        counted = widget.counted
        await until(widget, 3)
        return widget, counted

    widget, counted = asyncio.run(page())
    assert told(widget) == [("slow", None, "Stopped"), ("1", None, None), ("other", 4, None)]
    assert widget.counted == counted + 2


def test_to_give_up_what_is_answered_or_never_was_asked_changes_nothing(workspace):
    widget = Counting(workspace)
    widget.ask("quick", "press")
    for name in ("quick", "never", None, ["x"]):
        widget.ask("stop", "cancel", request=name)
    assert told(widget) == [("quick", 0, None), *[("stop", None, None)] * 4]


def test_an_error_in_a_step_is_the_answer(workspace):
    async def page():
        widget = Counting(workspace)
        widget.ask("slow", "count", to=2, fails=True)
        await until(widget, 1)
        return widget

    assert told(asyncio.run(page())) == [("slow", None, "WorkbenchError")]


def test_without_an_event_loop_all_steps_are_taken_at_once(workspace):
    widget = Counting(workspace)
    widget.ask("slow", "count", to=5)
    assert told(widget) == [("slow", 5, None)]
