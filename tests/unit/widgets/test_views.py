from workbench.domain.evidence import Piece
from workbench.widgets.views import clip, pieces


def test_endless_words_are_clipped_and_say_so():
    assert clip("abc", 3) == "abc"
    assert clip("a" * 1_500, 400) == "a" * 400 + "… (1,100 more characters)"
    parts = (Piece(text="b" * 900, pull=1), Piece(text="c" * 900, pull=0), Piece(text="d", pull=0))
    shown = pieces(parts)
    assert [one["speaks"] for one in shown] == ["for", ""]
    assert shown[1]["text"] == "c" * 100 + "… (800 more characters)"
