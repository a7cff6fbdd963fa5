"""The painting thread does its jobs, stops when told, and does not hide its failures."""

import time
from collections.abc import Iterator

import pytest

from qrace.view.background import Background


def wait_for(condition: object, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_jobs_are_done_in_order() -> None:
    done: list[int] = []
    waiting = [0, 1, 2, 3]

    def job() -> Iterator[None] | None:
        return steps(waiting.pop(0)) if waiting else None

    def steps(number: int) -> Iterator[None]:
        for _ in range(20):
            yield
        done.append(number)

    background = Background(job)
    background.wake()
    wait_for(lambda: len(done) == 4)
    background.close()
    assert done == [0, 1, 2, 3]


def test_a_long_job_is_left_at_once_when_closed() -> None:
    steps = 0

    def endless() -> Iterator[None]:
        nonlocal steps
        while True:
            steps += 1
            yield

    background = Background(endless)
    background.wake()
    wait_for(lambda: steps > 10)
    background.close()
    at_close = steps
    time.sleep(0.02)
    assert steps == at_close
    background.close()


def test_a_failure_is_told_to_the_next_caller() -> None:
    def failing() -> Iterator[None]:
        raise ValueError("no such colour")

    background = Background(failing)
    with pytest.raises(ValueError, match="no such colour"):
        wait_for(lambda: background.wake())
    background.close()


def test_the_frame_keeps_its_turn_while_something_is_painted() -> None:
    def busy() -> Iterator[None]:
        while True:
            sum(range(2000))
            yield

    background = Background(busy)
    background.wake()
    waits = []
    for _ in range(60):
        begun = time.perf_counter()
        time.sleep(0.001)  # gives the lock away, as a frame does at its end
        waits.append(time.perf_counter() - begun)
    background.close()
    assert sorted(waits)[30] < 0.004, "a slice is shorter than the interpreter's switch interval of 5 ms"
