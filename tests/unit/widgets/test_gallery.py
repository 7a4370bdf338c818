"""Every state of the gallery can be made and sent to a page; how it looks there is for the tests in a browser."""

from __future__ import annotations

import json

import pytest

from tests.browser.gallery.states import STATES
from tests.browser.gallery.traits import told


@pytest.mark.parametrize("widget", sorted(STATES))
def test_every_state_can_be_sent(widget: str) -> None:
    states = STATES[widget]()
    assert states
    for one in states.values():
        json.dumps(one.get_state(key=told(one)), allow_nan=False, default=bytes.hex)
