"""The client for endpoints that use OpenAI's chat protocol."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from workbench.domain.errors import JudgeUnavailable
from workbench.judges.bounded import client_class

KEY = "WORKBENCH_JUDGE_KEY"
TIMEOUT_S, RETRIES = 60.0, 4


def openai_module() -> ModuleType:
    """Import openai; raises ``JudgeUnavailable`` if it is not installed."""
    try:
        import openai
    except ImportError:
        raise JudgeUnavailable("the endpoint needs openai; pip install 'tracker-workbench[endpoint]'") from None
    return openai


def chat_client(url: str, api_key: str, timeout_s: float, retries: int) -> Any:
    """Return an ``openai.OpenAI`` that reads up to a size and a time, and follows no redirects.

    It sends only the key: organisations and projects in the environment belong to another service.

    Raises:
        JudgeUnavailable: openai is not installed, or the key contains invalid characters.
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
