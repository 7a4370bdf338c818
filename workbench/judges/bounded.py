"""What is taken from an endpoint: so much, within such a time, from that address alone."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

MOST_BYTES = 4_000_000  # of a body, after it is unpacked: a verdict has some hundred


@cache
def client_class() -> Any:
    """Return an HTTP client for ``openai.OpenAI`` that reads at most ``MOST_BYTES``, for as long as a try may take.

    A time-out of HTTP clients is one of each read, so that a body of a byte a minute would never end; and they read
    whatever comes. Redirects are not followed: a request holds what was said in a call, and is meant for one address.
    Its ``send`` raises ``too_large`` and ``openai.APITimeoutError``, which are not tried again.
    """
    import openai

    too_large = too_large_class()

    class Bounded(openai.DefaultHttpxClient):
        def send(self, request: Any, *, stream: bool = False, **more: Any) -> Any:  # noqa: ARG002, as httpx has it
            until = time.monotonic() + (request.extensions["timeout"]["read"] or 0)
            response = super().send(request, stream=True, **more)
            try:
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise too_large
                    if time.monotonic() > until:
                        raise openai.APITimeoutError(request=request)
            finally:
                response.close()
            plain = [(name, value) for name, value in response.headers.items() if name not in _OF_TRANSFER]
            return type(response)(response.status_code, headers=plain, content=bytes(body), request=request)

    return Bounded


@cache
def too_large_class() -> Any:
    """Return the exception for a body beyond ``MOST_BYTES``; of openai's, so that openai hands it on as it is."""
    import openai

    return type("TooLarge", (openai.OpenAIError,), {})


_OF_TRANSFER = {"content-encoding", "content-length", "transfer-encoding"}  # undone by reading
