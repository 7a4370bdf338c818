"""A server on loopback that speaks OpenAI's chat protocol, and answers as a test wants it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.support.patience import PATIENCE_S


@dataclass
class Answer:
    """``content`` is what the model says; ``body`` in its place is all that is sent, of whatever kind.

    ``missing`` bytes are announced and never come; before each byte of the body it waits for ``each_s``.
    """

    content: str = ""
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    wait: threading.Event | None = None
    missing: int = 0
    each_s: float = 0.0


Answering = Callable[[dict[str, Any], int], Answer]


@dataclass
class Endpoint:
    """``requests`` are those received, in order; ``keys`` the authorisation of each."""

    url: str
    answering: Answering
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def sentences(self, at: int) -> list[str]:
        """The texts that one request asks about."""
        return [one["text"] for one in sent_in(self.requests[at])]


def sent_in(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The sentences of a request."""
    found: list[dict[str, Any]] = json.loads(request["messages"][-1]["content"])["sentences"]
    return found


def naming(*numbers: int, summary: str = "They say so.", score: float = 0.9, **more: Any) -> str:
    """A reply that names these sentences."""
    return json.dumps({"mentions": [{"sentence": one, "score": score} for one in numbers], "summary": summary} | more)


def finding(word: str) -> Answering:
    """Names the sentences that hold a word."""

    def answer(request: dict[str, Any], _: int) -> Answer:
        return Answer(naming(*(one["sentence"] for one in sent_in(request) if word in one["text"])))

    return answer


@contextmanager
def chat_endpoint(answering: Answering) -> Iterator[Endpoint]:
    """Runs while the block does."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                endpoint.requests.append(request)
                endpoint.keys.append(self.headers.get("Authorization", ""))
                place = len(endpoint.requests) - 1
            answer = endpoint.answering(request, place)
            if answer.wait is not None:
                answer.wait.wait(PATIENCE_S)
            body = answer.body if answer.body is not None else completion(answer.content)
            try:
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) + answer.missing))
                self.end_headers()
                _write(self.wfile, body, answer.each_s)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it did not wait

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1", answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def judging_endpoint(monkeypatch: pytest.MonkeyPatch, answering: Answering) -> Iterator[Endpoint]:
    """The same, as the judge that the environment names; what fails isn't tried again."""
    with chat_endpoint(answering) as found:
        monkeypatch.setenv("WORKBENCH_JUDGE_URL", found.url)
        monkeypatch.setenv("WORKBENCH_JUDGE_MODEL", "m")
        monkeypatch.setattr("workbench.judges.endpoint.RETRIES", 0)
        yield found


def _write(out: Any, body: bytes, each_s: float) -> None:
    for start in range(0, len(body), 1 if each_s else max(1, len(body))):
        time.sleep(each_s)
        out.write(body[start : start + 1] if each_s else body)


def completion(content: str, **also: Any) -> bytes:
    """The body of a reply that says this; ``also`` stands in it beside the usual, or in its place."""
    message = {"role": "assistant", "content": content}
    done = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
    return json.dumps(done | also).encode()
