"""A process that works gives signs of life; one that died, or that only asks, gives none."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

from tests.support.patience import PATIENCE_S
from workbench.store import liveness
from workbench.store.liveness import Pulse, Sign, is_alive, sign

_SIGN = "from workbench.store.liveness import sign; print(*sign(), sep='|', flush=True); input()"


def of_another_process():
    other = subprocess.Popen([sys.executable, "-c", _SIGN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process, until = other.stdout.readline().split("|")
    return other, Sign(process, float(until))


def test_item_15_a_process_lives_until_it_is_killed():
    other, given = of_another_process()
    assert is_alive(given)
    other.kill()
    other.wait()
    assert not is_alive(given)
    assert given.until > time.time()


def test_a_process_that_works_on_is_alive_however_late_its_sign():
    assert is_alive(sign()._replace(until=0.0))


def test_a_later_process_of_the_same_number_is_another():
    given = sign()
    assert not is_alive(given._replace(process=given.process.rpartition("@")[0] + "@1"))


def test_a_process_of_another_machine_lives_as_long_as_its_sign_holds():
    given = Sign("elsewhere 42@7", time.time() + 60)
    assert is_alive(given)
    assert not is_alive(given._replace(until=time.time() - 1))
    assert not is_alive(None)
    assert not is_alive(Sign("", 0.0))


def test_a_pulse_beats_until_it_is_stopped(monkeypatch):
    monkeypatch.setattr(liveness, "RENEWED_S", 0.001)
    beats, often = [], threading.Event()

    def beat():
        beats.append(1)
        if len(beats) > 5:
            often.set()
        if len(beats) == 3:
            raise OSError("the disk is full")

    pulse = Pulse(beat)
    assert often.wait(PATIENCE_S)
    pulse.stop()
    given = len(beats)
    time.sleep(0.05)
    assert len(beats) == given


def test_a_pulse_begun_after_all_others_stopped_beats(monkeypatch):
    monkeypatch.setattr(liveness, "RENEWED_S", 0.001)
    for _ in range(20):
        beats = threading.Semaphore(0)
        pulse = Pulse(beats.release)
        assert beats.acquire(timeout=PATIENCE_S)
        assert beats.acquire(timeout=PATIENCE_S)
        pulse.stop()
