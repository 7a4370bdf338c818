"""Limits on what is read from an endpoint: size, time, and only from its own address."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

MOST_BYTES = 4_000_000  # of a body after decompression; a verdict has a few hundred


@cache
def client_class() -> Any:
    """Return an HTTP client for ``openai.OpenAI`` that reads at most ``MOST_BYTES``, within the time for one try.

    The time-out of HTTP clients applies to each read, so a body with a byte a minute would never end; and they read
    without limit. Redirects are not followed: a request contains words from a call and is meant for one address.
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
