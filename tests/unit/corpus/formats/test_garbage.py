"""The search for circles of objects is put off, and always goes on as it was."""

from __future__ import annotations

import gc
import threading

import pytest

from workbench.corpus.formats.garbage import garbage_left
from workbench.corpus.formats.opened import UnreadableFile, parsed


@pytest.fixture(autouse=True)
def _enabled():
    gc.enable()
    yield
    gc.enable()


def test_it_goes_on_when_the_last_has_left():
    with garbage_left():
        assert not gc.isenabled()
        with garbage_left():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    with pytest.raises(UnreadableFile):
        parsed('{"a": ')
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off():
    gc.disable()
    with garbage_left():
        pass
    assert not gc.isenabled()


def test_threads_leave_in_any_order():
    inside, may_leave = threading.Event(), threading.Event()

    def stay():
        with garbage_left():
            inside.set()
            may_leave.wait()

    thread = threading.Thread(target=stay)
    with garbage_left():
        thread.start()
        inside.wait()
    assert not gc.isenabled()
    may_leave.set()
    thread.join()
    assert gc.isenabled()
