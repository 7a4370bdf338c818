import shutil

from tests.unit.small import ROOT
from workbench.corpus.file_previews import preview_files
from workbench.corpus.reading import read_all

DATA = ROOT / "tests/data/formats"


def test_each_file_is_previewed_as_an_import_reads_it(tmp_path):
    names = ["zoom_vtt.vtt", "turns_ms.tsv", "whisperx.json", "ctm_with_rttm.ctm", "ctm_with_rttm.rttm"]
    files = [tmp_path / name for name in names]
    for file in files:
        shutil.copyfile(DATA / file.name, file)
    found = {one.path.name: one for one in preview_files(files)}
    assert list(found) == names
    for name, one in found.items():
        read = [item for item in read_all(files) if item.name == name]
        assert one.found == len(read)
        if read:
            turns = [turn for item in read for turn in item.found.conversation.turns]
            assert one.report.turns == len(turns)
            assert {who.id: who.turns for who in one.speakers} == {
                party: sum(turn.party == party for turn in turns) for party in {t.party for t in turns if t.party}
            }
    assert found["ctm_with_rttm.rttm"].is_part


def test_a_file_that_cannot_be_read_says_why_and_looking_can_be_stopped(tmp_path):
    bad, good = tmp_path / "a.json", tmp_path / "b.vtt"
    bad.write_text('{"a": ')
    shutil.copyfile(DATA / "zoom_vtt.vtt", good)
    first, second = preview_files([bad, good])
    assert first.found == 0
    assert first.problems[0].line == 1
    assert not first.is_part
    assert second.found == 1
    assert [one.path for one in preview_files([bad, good], go_on=lambda _name, _found: False)] == [bad]
