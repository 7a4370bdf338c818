"""A judge behind any endpoint with OpenAI's chat protocol; each request contains the sentences of one call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from workbench.domain.errors import CannotJudge, JudgeUnavailable
from workbench.judges.bounded import too_large_class
from workbench.judges.client import KEY, RETRIES, TIMEOUT_S, chat_client, openai_module
from workbench.judges.completion import CompletionReply, said_in
from workbench.judges.outcomes import exchange
from workbench.judges.protocol import Question, Snippet, Verdict
from workbench.judges.reply import (
    PROPOSALS,
    proposal_messages,
    proposals_of,
    response_format,
)
from workbench.judges.spending import spend

URL, MODEL = "WORKBENCH_JUDGE_URL", "WORKBENCH_JUDGE_MODEL"
PARALLEL = "WORKBENCH_JUDGE_PARALLEL"
AT_ONCE, MOST_AT_ONCE = 4, 64  # requests, unless the environment says
_FORMAT = "endpoint-1"  # identifies what is sent and how replies are read: change it when verdicts change


class EndpointJudge:
    """Asks a chat model. Time-outs, 429 and 5xx are retried when the endpoint says, for up to two minutes.

    Replies are limited in size and time; redirects are not followed.

    Args:
        url: where the protocol's paths begin, such as ``https://host/v1``.
        model: as the endpoint names it.
        api_key: sent with each request, and neither kept nor logged.
        timeout_s: for one try; ``TIMEOUT_S`` unless given.
        retries: of one request; ``RETRIES`` unless given.
        at_once: how many requests may run at the same time.

    Raises:
        JudgeUnavailable: openai is not installed, or the key contains invalid characters.
    """

    def __init__(
        self,
        url: str,
        model: str,
        api_key: str = "",
        timeout_s: float | None = None,
        retries: int | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self.at_once = at_once
        self._openai: Any = openai_module()
        timeout = TIMEOUT_S if timeout_s is None else timeout_s
        self._client = chat_client(url, api_key, timeout, RETRIES if retries is None else retries)
        self._model = model
        self._schema = True  # until the endpoint says that it knows none

    @property
    def key(self) -> str:
        return f"{_FORMAT}:{self._model}"

    def judge(self, question: Question, snippets: Sequence[Snippet]) -> Verdict:
        """See :class:`~workbench.judges.protocol.Judge`. A reply in the wrong form is requested once more."""
        if not snippets:
            return Verdict()
        said, form, read = exchange(question, snippets)
        first = self._reply(said, form)
        try:
            return read(first.text, first.tokens)
        except CannotJudge:
            second = self._reply(said, form)
            sent, received = (one + other for one, other in zip(first.tokens, second.tokens, strict=True))
            return read(second.text, (sent, received))

    def proposals(self, question: Question) -> tuple[str, ...]:
        """Up to three more precise ways to ask. Raises ``CannotJudge`` and ``JudgeUnavailable``."""
        return proposals_of(self._reply(proposal_messages(question), PROPOSALS).text)

    def _reply(self, said: list[dict[str, str]], kind: Any) -> CompletionReply:
        try:
            return said_in(self._asked(said, kind))
        except (self._openai.OpenAIError, ValueError) as error:
            raise self._why(error) from None

    def _why(self, error: Exception) -> CannotJudge | JudgeUnavailable:
        """Return what went wrong in our own words: the endpoint's may contain the key, or words from a call."""
        openai, status = self._openai, getattr(error, "status_code", 0)
        if isinstance(error, openai.RateLimitError):
            return JudgeUnavailable(f"the endpoint accepts no more requests now (429); try again {_later(error)}")
        if isinstance(error, openai.APITimeoutError):
            return CannotJudge("the endpoint did not answer in time")
        if isinstance(error, openai.APIConnectionError) and type(error.__cause__).__name__ in _BROKEN:
            return CannotJudge("the connection to the endpoint was lost")
        if isinstance(error, openai.APIConnectionError):
            return JudgeUnavailable(f"the endpoint cannot be reached; check {URL}")
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return JudgeUnavailable(f"the endpoint rejected the key ({status}); check {KEY}")
        if isinstance(error, openai.NotFoundError):
            return JudgeUnavailable(f"the endpoint returned 404 Not Found; check {URL} and {MODEL}")
        if 300 <= status < 400:
            return JudgeUnavailable(f"the endpoint redirects ({status}); redirects are not followed; check {URL}")
        if status:
            return CannotJudge(f"the endpoint answered {status}")
        if isinstance(error, too_large_class()):
            return CannotJudge("the endpoint's answer is too long")
        return CannotJudge("the endpoint's answer does not follow the chat protocol")

    def _asked(self, said: list[dict[str, str]], kind: Any) -> bytes:
        spend(said)
        given: dict[str, Any] = {"model": self._model, "messages": said, "temperature": 0}
        create = self._client.chat.completions.with_raw_response.create
        try:
            extra: dict[str, Any] = {"response_format": response_format(kind)} if self._schema else {}
            return bytes(create(**given, **extra).content)
        except self._openai.BadRequestError:
            if not self._schema:
                raise
            plain = bytes(create(**given).content)
            self._schema = False
            return plain


def _later(error: Any) -> str:
    """Return when to ask the endpoint again, if it says so."""
    try:
        seconds = int(error.response.headers.get("retry-after", ""))
    except ValueError:
        return "later"
    return f"in {-(-seconds // 60):,} minutes" if 60 < seconds <= _WEEK_S else "later"


def from_environment() -> EndpointJudge:
    """Return the judge that the environment names.

    Raises:
        JudgeUnavailable: says which variable is missing or wrong.
    """
    url, model = os.environ.get(URL, ""), os.environ.get(MODEL, "")
    for name, value in ((URL, url), (MODEL, model)):
        if not value:
            raise JudgeUnavailable(f"no endpoint is configured; set {name} in the environment")
    return EndpointJudge(url, model, os.environ.get(KEY, ""), at_once=_parallel(os.environ.get(PARALLEL, "")))


def is_configured() -> bool:
    """Return whether the environment names an endpoint."""
    return bool(os.environ.get(URL) and os.environ.get(MODEL))


def _parallel(given: str) -> int:
    if not given:
        return AT_ONCE
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST_AT_ONCE):
        raise JudgeUnavailable(f"{PARALLEL}: give a whole number from 1 to {MOST_AT_ONCE}")
    return int(given)


_BROKEN = {"RemoteProtocolError", "ReadError", "WriteError", "CloseError", "DecodingError"}  # of HTTP clients
_WEEK_S = 7 * 24 * 3600
