"""``workbench dashboards`` as a hostile page meets it: over HTTP and over the kernel's websocket."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import urllib.error
import urllib.request

import psutil
import pytest

from tests.browser.jupyter import kernel_pids, wait_for
from tests.browser.servers import dashboards
from tests.support.patience import PATIENCE_S
from tests.unit.serving.readers import STARTS, ask, notebooks, opened
from tests.unit.serving.sockets import V1, in_binary, in_json, in_v1, message, socket_of, states, text_of


@pytest.mark.parametrize(("protocol", "write"), [(V1, in_v1), ("", in_json), ("", in_binary)])
def test_a_page_runs_no_code(server, tmp_path, protocol, write):
    file = tmp_path / "written"
    code = {"code": f"open({str(file)!r}, 'w')", "silent": True, "store_history": False, "user_expressions": {}}
    made = {"state": {"_model_module": "@jupyter-widgets/controls", "_model_name": "TextModel", "value": "made"}}
    kernel = opened(server)
    with socket_of(server, kernel) as page:
        name, before = text_of(states(page))
    update = {"comm_id": name, "data": {"method": "update", "state": {"value": "!"}}}
    with socket_of(server, kernel, protocol) as page:
        for channel in ("shell", "control", "stdin", "iopub"):
            page.send(write(channel, message("execute_request", code)))
        page.send(write("shell", message("inspect_request", {"code": code["code"], "cursor_pos": 3})))
        page.send(write("shell", message("shutdown_request", {"restart": True})))
        page.send(write("shell", message("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": made})))
        page.send(write("shell", message("comm_msg", update)))
    with socket_of(server, kernel) as page:  # the one before was closed when all it sent had been read
        after = states(page)
    assert not file.exists()
    assert text_of(after) == (name, before)
    assert "made" not in json.dumps(after)


@pytest.mark.parametrize("protocol", [V1, ""])
def test_messages_that_cannot_be_read_stop_nobody(server, protocol):
    kernel = opened(server)
    with socket_of(server, kernel, protocol) as page:
        page.send("{")
        page.send(b"")
        page.send(b"\xff" * 40)  # a message of 2 ** 64 parts
        page.send(b"\x7f" + b"\xff" * 40)
        page.send(b"\x06" + b"\x00" * 63)
        page.send(in_v1("shell", message("comm_msg", ["x" * 100_000])))
    with socket_of(server, kernel) as page:
        assert states(page)


def test_kernels_know_nothing_secret(server):
    with socket_of(server, opened(server)) as page:
        known = json.loads(text_of(states(page))[1])
    assert known["WORKBENCH_ROLE"] == "reader"
    assert known["WORKBENCH_WORKSPACE"].endswith("none.workspace")
    assert not set(STARTS) & set(known)
    assert server.token not in json.dumps(known)


def test_the_token_leaves_the_address(server):
    _, address, _ = ask(server, f"/voila/render/overview.ipynb?token={server.token}&tracker=a%26b", known=False)
    assert address.endswith("/login?next=%2Fvoila%2Frender%2Foverview.ipynb%3Ftracker%3Da%2526b")  # without its cookie
    _, address, _ = ask(server, f"/?token={server.token}&team=x")
    assert address == f"{server.url}/voila/render/overview.ipynb?team=x"


def test_without_the_token_there_is_nothing_to_see(server):
    assert "/login" in ask(server, "/", known=False)[1]
    assert "/login" in ask(server, "/voila/render/overview.ipynb", known=False)[1]
    kernel = opened(server)
    assert ask(server, f"/api/kernels/{kernel}", known=False)[0] == 403
    assert ask(server, f"/voila/api/shutdown/{kernel}", "POST", known=False)[0] == 403
    with pytest.raises(Exception, match="403"):
        socket_of(server, kernel, known=False)


@pytest.mark.parametrize(
    "path",
    [
        *("/api/contents", "/api/sessions", "/api/terminals", "/api/kernels", "/api/kernelspecs", "/api/status"),
        *("/tree", "/lab", "/voila/tree", "/voila/api/contents", "/voila/files/note.png", "/files/note.png"),
        *("/voila/render/outside.ipynb", "/voila/render/../outside.ipynb", "/voila/render/%2e%2e%2foutside.ipynb"),
        *(
            "/voila/render/note.png",
            "/voila/render//etc/passwd",
            "/workbench/static/../app.py",
            "/voila/query/a-b-c-d-e",
        ),
        *("/workbench/api/v1/calls", "/terminals/websocket/1", "/workbench/static/%2e%2e%2fapp.py"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_the_dashboards_are_served(server, path, method):
    assert ask(server, path, method)[0] in (403, 404, 405)


def test_a_kernel_is_neither_ended_nor_restarted_by_its_address(server):
    kernel = opened(server)
    assert ask(server, f"/api/kernels/{kernel}", "DELETE")[0] == 405
    assert ask(server, f"/api/kernels/{kernel}/restart", "POST")[0] == 404
    assert ask(server, f"/api/kernels/{kernel}")[0] == 200


def test_names_of_other_machines_are_not_answered(server):
    """So that no web site makes its visitors' browsers read the dashboards under a name of its own."""
    request = urllib.request.Request(server.url + "/?token=" + server.token, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=PATIENCE_S)


def test_pages_load_nothing_from_elsewhere(server):
    request = urllib.request.Request(
        server.url + "/voila/render/overview.ipynb", headers={"Authorization": f"token {server.token}"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
        policy, page = reply.headers["Content-Security-Policy"], reply.read().decode()
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page)
    assert "import ipywidgets" not in page


def test_it_ends_with_all_its_kernels_and_takes_a_free_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--port", port, "--warm", "2") as server:
            assert not server.url.endswith(port)
            wait_for(lambda: len(kernel_pids(server)) == 2, "two warm kernels", 60)
            opened(server)
            kernels = [psutil.Process(pid) for pid in kernel_pids(server)]
            os.kill(server.process.pid, signal.SIGINT)
            assert server.process.wait(PATIENCE_S) == 0
            assert not [one for one in kernels if one.is_running()]
    said = server.log.read_text()
    assert f"Port {port} is taken" in said
    assert "Stopped." in said


def test_a_kernel_whose_page_was_lost_ends_by_itself(tmp_path):
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--idle", "1", "--warm", "0") as server:
        kernel = opened(server)
        wait_for(lambda: ask(server, f"/api/kernels/{kernel}")[0] == 404, "the kernel to end", 60)
        wait_for(lambda: not psutil.Process(server.process.pid).children(), "its process to end")


def test_behind_a_proxy_all_stands_below_its_path(tmp_path):
    with dashboards(notebooks(tmp_path), tmp_path / "w", tmp_path, "--base-url", "calls", "--warm", "0") as server:
        assert server.url.endswith("/calls")
        assert ask(server, "/", known=False)[1] == f"{server.url}/login?next=%2Fcalls%2F"
        assert ask(server, "/")[1] == f"{server.url}/voila/render/overview.ipynb"
