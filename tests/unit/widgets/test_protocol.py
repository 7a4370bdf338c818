import runpy
from pathlib import Path

WIDGETS = Path(__file__).parents[3] / "widgets"


def test_the_generated_typescript_is_up_to_date():
    generated = runpy.run_path(str(WIDGETS / "generate_protocol.py"))["typescript"]()
    written = (WIDGETS / "shared" / "protocol.ts").read_text(encoding="utf-8")
    assert written == generated, "run python widgets/generate_protocol.py"
