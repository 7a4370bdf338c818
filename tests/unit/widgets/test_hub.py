import pytest

from workbench.domain.errors import WorkbenchError
from workbench.widgets.hub import hub_of


class Viewer:
    def __init__(self):
        self.shown = []

    def show(self, conversation_id, sentence_id):
        self.shown.append((conversation_id, sentence_id))


def test_a_call_opens_in_every_viewer(workspace):
    hub, first, second = hub_of(workspace), Viewer(), Viewer()
    hub.shows_calls(first.show)
    hub.shows_calls(second.show)
    hub.show_call("c1", "c1:2:0")
    hub.show_call("c2")
    assert first.shown == second.shown == [("c1", "c1:2:0"), ("c2", None)]


def test_without_a_viewer_it_says_what_to_do(workspace):
    hub, viewer = hub_of(workspace), Viewer()
    hub.shows_calls(viewer.show)
    del viewer
    with pytest.raises(WorkbenchError, match=r"Run CallViewer\(ws\)"):
        hub.show_call("c1")
