"""The client for an endpoint that speaks OpenAI's chat protocol, for whoever asks one."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workbench.domain.errors import JudgeUnavailable
from workbench.judges.bounded import client_class

KEY = "WORKBENCH_JUDGE_KEY"
TIMEOUT_S, RETRIES = 60.0, 4


def openai_module() -> ModuleType:
    """Import openai; raises ``JudgeUnavailable`` where it is not installed."""
    try:
        import openai
    except ImportError:
        raise JudgeUnavailable("the endpoint needs openai; pip install 'tracker-workbench[endpoint]'") from None
    return openai


def chat_client(url: str, api_key: str, timeout_s: float, retries: int) -> Any:
    """Return an ``openai.OpenAI`` that reads up to a size and a time, and follows no redirects.

    It sends the key alone: organisations and projects that the environment names are another service's.

    Raises:
        JudgeUnavailable: openai is not installed, or no key can look like this one.
    """
    openai, key = openai_module(), api_key.strip()
    if not (key.isascii() and key.isprintable()):  # a header of it would be told in errors and logs
        raise JudgeUnavailable(f"the API key contains invalid characters; check {KEY}")
    return openai.OpenAI(
        base_url=url,
        api_key=key or "none",
        max_retries=retries,
        organization="",
        project="",
        http_client=client_class()(base_url=url, timeout=timeout_s, follow_redirects=False),
    )
