import pytest

from workbench.serving.gate import may_pass

CONTROL = {"target_name": "jupyter.widget.control", "comm_id": "c", "data": {}}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("kernel_info_request", {}),
        ("comm_info_request", {"target_name": "jupyter.widget"}),
        ("comm_open", CONTROL),
        ("comm_msg", {"comm_id": "c", "data": {"method": "custom", "content": {"kind": "open"}}}),
        ("comm_msg", {"comm_id": "c", "data": {"method": "request_states"}}),
    ],
)
def test_what_a_widget_needs_passes(kind, content):
    assert may_pass("shell", kind, content)


@pytest.mark.parametrize(
    "kind",
    [
        *("execute_request", "complete_request", "inspect_request", "history_request", "is_complete_request"),
        *("shutdown_request", "interrupt_request", "debug_request", "create_subshell_request", "input_reply"),
        *("", None, ["execute_request"], "EXECUTE_REQUEST", "comm_msg ", "usage_request", "execute_input"),
    ],
)
@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub", None])
def test_nothing_else_does(channel, kind):
    assert not may_pass(channel, kind, {"code": "1", "target_name": "jupyter.widget.control"})


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("comm_open", {"target_name": "jupyter.widget", "data": {"state": {}}}),
        ("comm_open", {"target_name": ["jupyter.widget.control"]}),
        ("comm_open", {}),
        ("comm_msg", {"data": {"method": "update", "state": {"value": "x"}}}),
        ("comm_msg", {"data": {"method": "backbone"}}),
        ("comm_msg", {"data": {}}),
        ("comm_msg", {"data": "custom"}),
        ("comm_msg", "custom"),
    ],
)
def test_a_page_neither_makes_widgets_nor_sets_their_traits(kind, content):
    assert not may_pass("shell", kind, content)


def test_comms_go_by_the_shell_alone():
    assert not may_pass("control", "comm_open", CONTROL)
