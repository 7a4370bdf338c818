"""What every widget says to its page is JSON (F16)."""

from __future__ import annotations

import json
import math

import pytest
import traitlets
from jupyter_client.session import json_packer

from workbench.widgets import base


class Workspace:
    """Something to open a widget on."""


class Asked(base.WorkbenchWidget):
    """Gives back what it is asked for, and shows it."""

    _esm = "export default {}"
    requests = frozenset({"echo", "broken"})
    shown = traitlets.Any({"share": [math.nan, {"p": math.inf}]}).tag(sync=True)

    def on_echo(self, value):
        return {"value": value}

    def on_broken(self):
        return {"rates": [0.5, math.nan], "p": -math.inf, "words": "NaN"}


@pytest.fixture
def asked(monkeypatch):
    sent = []
    widget = Asked(workspace=Workspace())
    monkeypatch.setattr(base.anywidget.AnyWidget, "send", lambda self, content, buffers=None: sent.append(content))

    def ask(**content):
        widget._handle_custom_msg({"id": "1", **content}, [])
        return json.loads(json_packer(sent[-1]))

    ask.widget = widget
    return ask


def test_a_reply_holds_null_where_there_is_no_number(asked):
    """Jupyter would have written the text "nan"."""
    assert asked(kind="broken")["result"] == {"rates": [0.5, None], "p": None, "words": "NaN"}


def test_synced_traits_hold_null_too(asked):
    state = json.loads(json_packer(asked.widget.get_state("shown")))
    assert state == {"shown": {"share": [None, {"p": None}]}, "_state_number": state["_state_number"]}


def test_each_state_has_a_number_and_replies_name_the_last(asked):
    """By these a page knows that it was given an older state late, or has missed one."""
    numbers = [asked.widget.get_state(key)["_state_number"] for key in ("shown", None, ["error"])]
    assert numbers == sorted(set(numbers))
    assert asked(kind="echo", value=1)["state_number"] == numbers[-1]
    asked.widget.send_state("shown")
    assert asked(kind="ping")["state_number"] == numbers[-1] + 1


@pytest.mark.parametrize("value", [math.nan, [math.inf], {"a": {"b": 10**400}}])
def test_a_request_with_what_is_no_number_is_refused(asked, value):
    reply = asked(kind="echo", value=value)
    assert reply["result"] is None
    assert "give a finite one" in reply["error"]["message"]
    assert asked(kind="echo", value=1.5)["result"] == {"value": 1.5}


def test_a_page_that_has_missed_messages_is_sent_what_is_shown_and_not_the_code_again(asked, monkeypatch):
    sent = []
    monkeypatch.setattr(asked.widget, "send_state", sent.append)
    assert asked(kind="state")["error"] is None
    assert {"shown", "tracker_id", "error"} <= set(sent[0])
    assert not {"_esm", "_css"} & set(sent[0])
