"""``workbench live``: read a call's turns from standard input and print what trackers find."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.output import say, say_json, say_line
from workbench.cli.workspace import HERE, MadeOption, made, opened
from workbench.domain import plain_json
from workbench.domain.errors import WorkbenchError
from workbench.domain.live import InvalidTurn, LiveEvent

if TYPE_CHECKING:
    from workbench.live.all_calls import LiveCalls
    from workbench.live.call import LiveCall
    from workbench.live.record import LiveRecord


def live(
    call: Annotated[str, typer.Argument(help="The call's id: a new one or, with --replay, one in the corpus.")],
    about: Annotated[
        Path | None, typer.Option(help="A JSON file that describes the call, in the neutral format.", exists=True)
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Play a recorded call instead of reading turns.")] = False,
    speed: Annotated[float, typer.Option(help="The speed of a replay: from 1 to 100 times that of the call.")] = 1.0,
    workspace: MadeOption = HERE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")] = False,
) -> None:
    """Match a call in progress: read a JSON line per turn, print a line per event. The end of input ends the call.

    A turn is {"id": "7", "text": "…", "party": "ann", "start_s": 3.5, "final": true}; the same id again corrects it.
    {"party": {"id": "ann", "name": "Ann", "side": "customer"}} says who someone is. Invalid lines are reported on
    standard error and skipped.
    """
    calls = (opened if replay else made)(workspace).live

    def show(event: LiveEvent) -> None:
        say_json(event.to_dict()) if as_json else say_line(_line(event))

    if replay:
        record = asyncio.run(calls.replay(call, speed=speed, on_event=show))
    else:
        record = asyncio.run(_fed(calls, call, _known(about), show))
    found = {"call_id": record.call_id, "found": len(record.finds), "settled": len(record.settled)}
    say_json(found | {"latency_s": record.latency_s}) if as_json else say(f"{len(record.finds):,} found")


async def _fed(calls: LiveCalls, call_id: str, about: dict[str, Any], show: Any) -> LiveRecord:
    call = calls(call_id, **about)
    try:
        call.on_event(show)
        async for line in _lines():
            try:
                await _take(call, line)
            except InvalidTurn as error:
                say_line(error, err=True)
        return await call.end()
    except BaseException:
        call.leave()
        raise


async def _take(call: LiveCall, line: str) -> None:
    from workbench.domain.live import LiveTurn

    try:
        found = plain_json.loads(line)
    except ValueError:
        raise InvalidTurn(f"invalid JSON: {line[:60]!r}") from None
    if not isinstance(found, dict):
        raise InvalidTurn("not a JSON object; give a turn or a party")
    if set(found) == {"party"} and isinstance(found["party"], dict):
        await call.party(**_party(found["party"]))
    else:
        await call.hear(LiveTurn.from_dict(found))


def _party(given: dict[str, Any]) -> dict[str, Any]:
    known = ("id", "name", "side", "team", "email")
    for name, value in given.items():
        if name not in known or not (isinstance(value, str) or (value is None and name != "id")):
            raise InvalidTurn(f"party: must be one of {', '.join(known)}, as text, not {name!r}")
    if not given.get("id"):
        raise InvalidTurn("party: id is missing")
    return given


async def _lines() -> AsyncIterator[str]:
    """Yield the lines of standard input.

    A daemon thread reads them, so that waiting for a line never delays the exit.
    """
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        with suppress(RuntimeError):  # the loop is closed by now
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, name="turns", daemon=True).start()
    while (line := await lines.get()) is not None:
        if line.strip():
            yield line


def _known(about: Path | None) -> dict[str, Any]:
    if about is None:
        return {}
    try:
        found = plain_json.loads(about.read_text("utf-8"))
    except ValueError as error:
        raise WorkbenchError(f"{about}: invalid JSON: {error}") from None
    if not isinstance(found, dict):
        raise WorkbenchError(f"{about}: must be one JSON object")
    return {name: value for name, value in found.items() if name not in ("id", "turns", "kind")}


def _line(event: LiveEvent) -> str:
    when = "" if event.start_s is None else f"{int(event.start_s) // 60}:{int(event.start_s) % 60:02d} "
    guess = ", a guess" if event.provisional else ""
    return f"{when}{event.tracker} {event.kind}{guess}: {event.speaker or 'Unknown speaker'}: “{event.text}”"
