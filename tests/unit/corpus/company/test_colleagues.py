import pandas as pd
import pytest

from workbench.corpus.company import colleagues
from workbench.corpus.company.colleagues import Colleague, colleagues_of, person_key
from workbench.domain.errors import InvalidArgument


def test_names_addresses_teams_and_tables_are_read(tmp_path):
    ann = Colleague(name="Ann Lee", email="ann@example.com", team="North")
    rows = [{"Name": "Ann  Lee", "E-Mail": "ann@example.com", "Department": "North"}]
    assert colleagues_of(rows) == (ann,)
    assert colleagues_of(pd.DataFrame(rows)) == (ann,)
    assert colleagues_of([ann, ann]) == (ann,)
    assert colleagues_of({"Ann Lee": "North"}) == (Colleague(name="Ann Lee", team="North"),)
    assert colleagues_of(["Ann Lee", "bo@example.com"]) == (
        Colleague(name="Ann Lee"),
        Colleague(email="bo@example.com"),
    )
    file = tmp_path / "people.csv"
    file.write_bytes("First Name;Last Name;Mail;Team\nAnn;Lee;ann@example.com;North\n;;;\n".encode("utf-8-sig"))
    assert colleagues_of(file) == (ann,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_list_is_read_as_a_spreadsheet_saved_it(tmp_path, encoding):
    file = tmp_path / "people.csv"
    file.write_bytes("Name;Team\r\nZoë Müller;Süd\r\n".encode(encoding))
    assert colleagues_of(file) == (Colleague(name="Zoë Müller", team="Süd"),)


@pytest.mark.parametrize("label", ["Speaker 1", "SPEAKER_00", "Agent", "話者1"])
def test_labels_are_no_names(label):
    with pytest.raises(InvalidArgument, match="label"):
        colleagues_of(["Ann", label])


def test_what_cannot_be_used_is_named(tmp_path, monkeypatch):
    with pytest.raises(InvalidArgument, match="not an e-mail address"):
        colleagues_of([{"name": "Ann", "email": "ann"}])
    with pytest.raises(InvalidArgument, match="no column for names"):
        colleagues_of(pd.DataFrame({"x": [1]}))
    with pytest.raises(InvalidArgument, match="must be names"):
        colleagues_of([3])
    with pytest.raises(InvalidArgument, match="at most 500"):
        colleagues_of(["x" * 501])
    with pytest.raises(FileNotFoundError):
        colleagues_of(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b'name\n"Ann')
    with pytest.raises(InvalidArgument, match=r"bad\.csv: not a table"):
        colleagues_of(tmp_path / "bad.csv")
    monkeypatch.setattr(colleagues, "MAX_COLLEAGUES", 2)
    with pytest.raises(InvalidArgument, match="at most 2"):
        colleagues_of(["Ann", "Bo", "Cy"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "ANN  LEE"),
        ("Lee, Ann", "Ann Lee"),
        ("山田 太郎", "山田太郎"),
        ("山田　太郎", "山田 太郎"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"),
        ("マイク・スミス", "マイク スミス"),
        ("김 민수", "김민수"),
        ("José", "Jose\u0301"),
    ],
)
def test_one_person_however_they_are_written(one, other):
    assert person_key(one) == person_key(other)


def test_different_people_stay_different():
    assert len({person_key(one) for one in ("Ann Lee", "Annlee", "Anna Lee", "山田太郎", "山田花子")}) == 5
