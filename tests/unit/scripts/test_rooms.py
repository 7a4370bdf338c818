"""The map of the package: its picture is drawn from the imports, and its text names every room."""

from __future__ import annotations

import re

from scripts import rooms
from tests.unit.small import ROOT


def test_the_picture_shows_the_imports_as_they_are():
    assert rooms.PICTURE.read_text() == rooms.picture(), "run `python -m scripts.rooms`"


def test_the_map_describes_each_room_and_names_files_that_are_there():
    text = (ROOT / "docs" / "architecture.md").read_text()
    described = set(re.findall(r"\*\*([a-z_]+)\*\*", text))
    assert described == {room for floor in rooms.floors() for room in floor}
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|ts))`", text):
        assert (ROOT / name).exists() or (ROOT / "workbench" / name).exists(), name
