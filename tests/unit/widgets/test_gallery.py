"""Every state of the gallery can be made and sent to a page; how it looks there is for the tests in a browser."""

from __future__ import annotations

import json

import pytest

from tests.browser.gallery.states import STATES


@pytest.mark.parametrize("widget", sorted(STATES))
def test_every_state_can_be_sent(widget: str) -> None:
    states = STATES[widget]()
    assert states
    for one in states.values():
        sent = one.get_state(
            key=[name for name in one.traits(sync=True) if name not in ("layout", "tabbable", "tooltip")]
        )
        json.dumps(sent, allow_nan=False, default=bytes.hex)
