"""How a backfill stands, by what the state says of it."""

from __future__ import annotations

import pytest

from workbench.domain.publications import Run
from workbench.publishing.progress import MESSAGES, began_in, state_of


@pytest.mark.parametrize(
    ("left", "cancelled", "failure", "running", "state"),
    [
        (0, True, "no model", True, Run.DONE),  # all is read, whatever came before
        (3, True, "no model", True, Run.RUNNING),
        (3, True, "no model", False, Run.CANCELLED),
        (3, False, "no model", False, Run.FAILED),
        (3, False, None, False, Run.INTERRUPTED),
    ],
)
def test_what_is_left_and_what_happened_say_how_it_stands(left, cancelled, failure, running, state):
    assert state_of(left, cancelled, failure, running) is state


def test_each_state_has_its_words():
    assert set(MESSAGES) == set(Run)
    assert began_in("12 months") == "began in the past 12 months"
