import pytest

from workbench.domain.reporters import reader, stamped
from workbench.serving.gate import may_pass, rewritten
from workbench.serving.quota import Quota

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


ANN = reader("ann", "token:1")
HEADER = {"msg_id": "0a-1", "session": "s.1", "date": "2026-01-01T00:00:00.000Z", "version": "5.3"}


def sent(kind, content, header=(), metadata=None):
    return rewritten({**HEADER, "msg_type": kind, **dict(header)}, {} if metadata is None else metadata, content, ANN)


def test_what_passes_says_who_has_sent_it_whatever_the_page_says():
    asked = {"comm_id": "c-1", "data": {"method": "custom", "content": {"kind": "wrong", "workbench_reader": "ben"}}}
    forged = {"workbench_reader": reader("ben", "token:2").stamp(), "other": 1, "version": "2.1.0"}
    header, metadata, content = sent("comm_msg", asked, {"username": "ben", "subshell_id": "x"}, forged)
    assert metadata == {"workbench_reader": ANN.stamp(), "version": "2.1.0"}
    assert stamped(metadata) == ANN
    assert header == HEADER | {"msg_type": "comm_msg", "username": ""}
    assert content == asked


@pytest.mark.parametrize("metadata", [None, [], "ben", {"workbench_reader": None}, {"version": None}])
def test_metadata_of_any_form_is_written_anew(metadata):
    assert sent("kernel_info_request", {}, metadata=metadata)[1] == {"workbench_reader": ANN.stamp()}


def test_a_kernel_gets_nothing_that_it_does_not_need():
    assert sent("comm_open", {**CONTROL, "data": {"state": 1}, "more": 2}, metadata={"version": "1.0.0"})[2] == CONTROL
    assert sent("comm_close", {"comm_id": "c", "data": {"a": 1}, "b": 2})[2] == {"comm_id": "c", "data": {}}
    assert sent("comm_info_request", {"target_name": "jupyter.widget", "a": 1})[2] == {"target_name": "jupyter.widget"}
    assert sent("comm_info_request", {})[2] == {}
    assert sent("kernel_info_request", {"code": "1"})[2] == {}


ODD = ["a\n404 GET /forged", "\x1b[31m", "a b", "x" * 101, 1, None, ["a"], {"a": 1}, "é"]


@pytest.mark.parametrize("value", ODD, ids=ascii)
@pytest.mark.parametrize("where", ["msg_id", "session", "date", "version", "comm_id", "metadata"])
def test_what_kernels_print_when_it_is_amiss_is_refused(where, value):
    content = {"comm_id": value if where == "comm_id" else "c", "data": {}}
    header = {} if where in ("comm_id", "metadata") else {where: value}
    metadata = {"version": value} if where == "metadata" else {}
    if metadata == {"version": None}:
        return  # as if it were not there
    with pytest.raises(ValueError, match="not"):
        sent("comm_msg", content, header, metadata)


def test_a_quota_takes_so_many_a_minute_and_counts_the_others():
    moment = [0.0]
    quota = Quota(2, lambda: moment[0])
    assert [quota.take() for _ in range(5)] == [True, True, False, False, False]
    moment[0] = 59.0
    assert not quota.take()
    moment[0] = 60.0
    assert quota.take()
    assert (quota.left_out(), quota.left_out()) == (4, 0)
