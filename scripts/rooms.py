"""Draws the rooms of the package and who uses whom, from the imports, into docs/images/rooms.svg.

Run it when rooms or their imports change; a test compares the picture with the code.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "rooms.svg"
WIDTH, FLOOR, ROOM, TALL = 920, 92, 132, 44  # in pixels


def floors() -> list[list[str]]:
    """Return the rooms by floor, the highest first, as the contract in pyproject.toml has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rooms = next(one for one in contracts if one["id"] == "rooms")
    return [layer.split(" | ") for layer in rooms["layers"]]


def uses() -> Counter[tuple[str, str]]:
    """Count the modules of one room that import from another, imports for types included."""
    found: Counter[tuple[str, str]] = Counter()
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        room = file.relative_to(ROOT / "workbench").parts[0]
        if room.endswith(".py"):
            continue
        nodes = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)]
        names = [(node.module or "").split(".") for node in nodes]
        used = {name[1] for name in names if name[0] == "workbench" and len(name) > 1}
        found.update((room, other) for other in used - {room})
    return found


def picture() -> str:
    """Return the picture as SVG: a box a room, a line for each room that another uses, wider where more modules do."""
    places: dict[str, tuple[float, float]] = {}
    for height, rooms in enumerate(floors()):
        gap = WIDTH / len(rooms)
        places |= {room: (gap * (at + 0.5), 40 + height * FLOOR) for at, room in enumerate(rooms)}
    tall = 40 + (len(floors()) - 1) * FLOOR + TALL
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" role="img" font-family="sans-serif">',
        "<title>The rooms of the package, and which of the rooms below them they use</title>",
        f'<rect width="{WIDTH}" height="{tall}" fill="#ffffff"/>',
    ]
    for (upper, lower), count in sorted(uses().items()):
        (x1, y1), (x2, y2) = places[upper], places[lower]
        wide = 0.5 + min(count, 40) / 10
        lines.append(
            f'<path d="M{x1:.0f} {y1 + TALL / 2:.0f} C{x1:.0f} {y1 + FLOOR * 0.8:.0f} {x2:.0f} {y2 - FLOOR * 0.8:.0f} '
            f'{x2:.0f} {y2 - TALL / 2:.0f}" fill="none" stroke="#5b7aa8" stroke-opacity="0.45" '
            f'stroke-width="{wide:.1f}"><title>{upper} uses {lower}: {count}</title></path>'
        )
    for room, (x, y) in places.items():
        lines += [
            f'<rect x="{x - ROOM / 2:.0f}" y="{y - TALL / 2:.0f}" width="{ROOM}" height="{TALL}" rx="6" fill="#eef3fa" '
            'stroke="#33507c"/>',
            f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-size="15" fill="#1b2b44">{room}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(picture())
    print(PICTURE.relative_to(ROOT))
