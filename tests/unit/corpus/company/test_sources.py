import pytest

from workbench.corpus.company.sources import SourcePlace, fits, fitting, folder_kept

ZOOM = SourcePlace("meeting", "meeting.vtt", "exports/zoom/june")


@pytest.mark.parametrize(
    ("source", "is_it"),
    [
        ("*", True),
        ("zoom/", True),
        ("exports/zoom/", True),
        ("zoo/", False),
        ("june/zoom/", False),
        ("zoom", True),
        ("*.vtt", True),
        ("*.srt", False),
        ("meeting.vtt", True),
        ("june/*.vtt", True),
        ("oom/june/*.vtt", False),
        ("meeting", True),
    ],
)
def test_sources_are_folders_names_and_patterns(source, is_it):
    assert fits(source, ZOOM) == is_it


def test_a_source_is_what_ids_begin_with_too():
    assert fits("site-a/", SourcePlace("site-a/call-1"))
    assert not fits("site-a/", SourcePlace("site-b/call-1"))


def test_the_most_exact_source_comes_first():
    assert fitting(["*", "zoom/", "exports/zoom/", "*.srt"], ZOOM) == ["exports/zoom/", "zoom/", "*"]


def test_few_folders_are_remembered():
    assert folder_kept("/srv/data/exports/zoom/june/meeting.vtt") == "exports/zoom/june"
    assert folder_kept("C:\\data\\zoom\\a.vtt") == "C:/data/zoom"
    assert folder_kept("a.vtt") == ""
    assert len(folder_kept(f"/{'x' * 300}/a.vtt")) == 200
