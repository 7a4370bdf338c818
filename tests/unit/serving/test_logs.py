"""Nothing that a page sends, or that a kernel prints of it, forges a line of the log or steers a terminal."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.jupyter import wait_for
from tests.browser.servers import Server, dashboards
from tests.support.reader_page import Page, Reader
from tests.unit.serving.readers import write_notebook
from workbench.serving.logs import PlainFormatter, PlainRecord
from workbench.serving.printed import Printed

FORGED = "zz\n404 GET /forged\x1b[31m\x9b\u2028\u202e"
PRINTS = """import os, sys, logging
import workbench.widgets.base as base
class Prints(base.WorkbenchWidget):
    requests = frozenset({"say", "fail"})
    def on_say(self, text):
        print(text); print(text, file=sys.stderr); logging.getLogger("x").warning("%s", text)
        os.write(1, text.encode()); os.write(2, f"{text}\\n".encode())
    def on_fail(self, text):
        raise ValueError(text)
Prints(type("Workspace", (), {})())"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "dashboards").mkdir()
    write_notebook(tmp_path / "dashboards" / "overview.ipynb", PRINTS)
    with dashboards(tmp_path, tmp_path / "none.workspace", tmp_path, "--warm", "0") as running:
        yield running


def assert_plain(server: Server) -> str:
    """The log, of which no line is forged and no character raw."""
    text = server.log.read_text()
    assert not re.findall(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text), text
    assert not [line for line in text.split("\n") if line.startswith("404 GET /forged")], text
    return text


@pytest.mark.slow
def test_nothing_that_a_page_sends_or_has_printed_forges_a_line(server):
    with Reader(server.url, server.token).page("overview") as page:
        for message in hostile(page):
            page.send(*message)
        assert page.ask("say", text=FORGED)["error"] is None
        assert page.ask("fail", text=FORGED)["error"] is not None
        assert page.states()  # the page goes on
    for path in (f"/voila/templates/a{word}" for word in ("", "/b", "/static", "%0A404%20GET%20/forged%1b", "%00")):
        assert Reader(server.url).get(path)[0] in (403, 404)
    wait_for(lambda: "ValueError" in server.log.read_text(), "the failure to be logged")
    wait_for(lambda: server.log.read_text().count("/forged") >= 5, "what was printed to be logged")
    text = assert_plain(server)
    assert "\\x1b[31m" in text
    assert "not enough values to unpack" not in text


def hostile(page: Page) -> Iterator[tuple[Any, ...]]:
    """Messages of which a kernel, or the server, might print a part."""
    asked = {"method": "custom", "content": {"id": FORGED, "kind": FORGED}}
    for name in (FORGED, "unknown"):
        for kind in ("comm_msg", "comm_close", "comm_open"):
            yield kind, {"comm_id": name, "data": asked, "target_name": "jupyter.widget.control"}
    yield "comm_open", {"comm_id": "a", "target_name": FORGED, "data": {}}
    yield "comm_msg", {"comm_id": page.widget, "data": {"method": FORGED}}
    yield "comm_msg", {"comm_id": page.widget, "data": asked}
    yield "comm_msg", {"data": asked}
    yield FORGED, {}
    yield "comm_info_request", {"target_name": FORGED}
    for part in ("msg_id", "session", "date", "version", "username"):
        yield "comm_msg", {"comm_id": page.widget, "data": asked}, {}, {part: FORGED}
    yield "comm_msg", {"comm_id": page.widget, "data": asked}, {"version": FORGED}
    yield "comm_open", {"comm_id": "b", "target_name": "jupyter.widget.control", "data": {}}, {"version": FORGED}
    yield "kernel_info_request", {}, {}, {}, FORGED


@pytest.mark.slow
def test_refused_messages_do_not_fill_the_log(server):
    with Reader(server.url, server.token).page("overview") as page:
        for _ in range(300):
            page.send("execute_request", {"code": "1"})
            page.send("comm_msg", {"comm_id": "unknown", "data": {"method": "custom"}})
        assert page.states()
    said = server.log.read_text().splitlines()
    assert 1 <= len([line for line in said if "was refused" in line]) <= 10
    assert len(said) < 500


def test_records_stand_on_one_line_and_tracebacks_are_indented():
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = PlainRecord("x", logging.ERROR, __file__, 1, "about %s", (FORGED,), caught)
    first, *others = PlainFormatter().format(record).split("\n")
    assert first == "about zz\\n404 GET /forged\\x1b[31m\\x9b\\u2028\\u202e"
    assert all(line.startswith("    ") for line in others)
    assert others[-1] == "    404 GET /forged\\x1b[31m\\x9b\\u2028\\u202e"


def test_what_kernels_print_is_read_line_by_line(caplog):
    printed = Printed()
    os.write(printed.pipe, b"one\r\n\n\x1b[31mtwo \xff\n" + b"x" * 9_000 + b"\nlast")
    os.close(printed.pipe)
    wait_for(lambda: "last" in caplog.text, "all of it to be read")
    said = [record.getMessage().removeprefix("A kernel: ") for record in caplog.records]
    assert said[:2] == ["one\\r", "\\x1b[31mtwo \\xff"]
    assert "".join(said[2:-1]) == "x" * 9_000
    assert said[-1] == "last"
