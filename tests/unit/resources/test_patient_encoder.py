"""Every request ends: with vectors, or with a reason; whatever the encoder raises, however much is asked."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.support.patience import PATIENCE_S
from workbench.domain.errors import EncoderUnavailable
from workbench.resources import patient_encoder
from workbench.resources.patient_encoder import PatientEncoder


class Counting:
    """Counts its calls, waits until it is let go, and raises what it is told to."""

    def __init__(self, error=None, held=False):
        self.calls, self.error, self.let = [], error, threading.Event()
        if not held:
            self.let.set()

    def encode(self, texts):
        self.calls.append(list(texts))
        assert self.let.wait(PATIENCE_S)
        if self.error is not None:
            raise self.error
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EncoderUnavailable("no model"), "no model"),
        (RuntimeError("CUDA out of memory"), "RuntimeError: CUDA out of memory"),
        (MemoryError(), "MemoryError: "),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_any_failure_ends_the_request_and_says_why(error, told):
    encoder = PatientEncoder(counting := Counting(error))
    assert encoder.encode(["a"]) is None
    assert encoder.error == told
    assert len(counting.calls) == 1
    counting.error = None
    assert encoder.encode(["a"]).tolist() == [[1.0, 1.0]]
    assert encoder.error == ""


def test_more_texts_than_are_kept_are_encoded_once(monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOST_KEPT", 20)
    encoder = PatientEncoder(counting := Counting())
    first = [f"a{n}" for n in range(15)]
    encoder.encode(first)
    both = first + [f"b{n}" for n in range(60)]
    assert encoder.encode(both).shape == (75, 2)
    assert sum(map(len, counting.calls)) <= 15 + 75
    assert len(counting.calls) == 2


def test_more_texts_than_are_kept_come_without_waiting_too(monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOST_KEPT", 4)
    encoder = PatientEncoder(counting := Counting())
    texts = [f"a{n}" for n in range(9)]
    encoder.encode(texts)
    assert encoder.encode(texts, wait=False) is not None
    assert len(counting.calls) == 1


def test_what_is_under_way_is_not_asked_for_again(monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOMENT_S", 0.01)
    encoder = PatientEncoder(counting := Counting(held=True))
    for _ in range(5):
        assert encoder.encode(["a", "b"], wait=False) is None
        assert encoder.encode(["b"], wait=False) is None
    counting.let.set()
    assert encoder.encode(["a", "b"]) is not None
    assert counting.calls == [["a", "b"]]


def test_many_threads_each_get_their_own(monkeypatch):
    monkeypatch.setattr(patient_encoder, "MOST_KEPT", 3)
    encoder, out = PatientEncoder(Counting()), {}

    def ask(n):
        texts = ["x" * k for k in range(n, n + 6)]
        out[n] = encoder.encode(texts)[:, 0].tolist() == list(map(float, range(n, n + 6)))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert out == dict.fromkeys(range(12), True)
