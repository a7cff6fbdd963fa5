"""Undo and redo against a plain list of everything that ever was; roads built in the background."""

import numpy as np
import pytest

from qrace.game.editing.builder import RoadBuilder
from qrace.game.editing.history import MOST_STEPS, History
from qrace.sim.drawing import EMPTY, Drawing
from tests.sim.test_drawing import ring


def random_edit(rng: np.random.Generator, drawing: Drawing) -> Drawing:
    """One of everything that an editor does, at random."""
    if drawing.count < 4:
        return drawing.append(rng.uniform(-200.0, 200.0, size=2))
    index, place = int(rng.integers(drawing.count)), float(rng.uniform(0.0, drawing.count - 1.0))
    edits = [
        lambda: drawing.move(index, drawing.points[index] + rng.normal(scale=20.0, size=2)),
        lambda: drawing.insert(place),
        lambda: drawing.delete(index),
        lambda: drawing.set_width(index, left=float(rng.uniform(0.0, 70.0))),
        lambda: drawing.widen(None, float(rng.normal())),
        lambda: drawing.widen(index, float(rng.normal())),
        lambda: drawing.reverse(),
        lambda: drawing.close() if not drawing.closed else drawing.set_start(place),
        lambda: drawing if drawing.closed else drawing.append(rng.uniform(-200.0, 200.0, size=2)),
    ]
    return edits[int(rng.integers(len(edits)))]()


def frozen(drawing: Drawing) -> tuple[bytes, bytes, bool, float]:
    return drawing.points.tobytes(), drawing.widths.tobytes(), drawing.closed, drawing.start


@pytest.mark.parametrize("seed", range(8))
def test_undo_and_redo_are_exact_inverses_over_any_edits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    history, was, at = History(EMPTY), [frozen(EMPTY)], 0
    for _ in range(300):
        draw = rng.random()
        if draw < 0.2:
            assert history.undo() == (at > 0)
            at = max(at - 1, 0)
        elif draw < 0.35:
            assert history.redo() == (at < len(was) - 1)
            at = min(at + 1, len(was) - 1)
        else:
            edited = random_edit(rng, history.present)
            if draw < 0.5:  # a drag: many drawings, one step
                for _ in range(3):
                    history.hold(random_edit(rng, history.present))
                history.hold(edited)
                history.settle()
            else:
                history.do(edited)
            if frozen(edited) != was[at]:
                was, at = [*was[: at + 1], frozen(edited)], at + 1
        assert frozen(history.present) == was[at]
        assert (history.can_undo, history.can_redo) == (at > 0, at < len(was) - 1)
    while history.undo():
        at -= 1
        assert frozen(history.present) == was[at]
    assert at == 0
    while history.redo():
        at += 1
        assert frozen(history.present) == was[at]
    assert at == len(was) - 1


def test_a_drag_that_comes_back_is_no_step_and_undo_in_its_middle_ends_it() -> None:
    history = History(ring())
    begin = history.present
    history.hold(begin.move(0, (1.0, 2.0)))
    history.hold(begin.move(0, begin.points[0]))
    history.settle()
    assert not history.can_undo
    history.hold(begin.move(0, (1.0, 2.0)))
    assert history.can_undo
    assert history.undo()
    assert history.present is begin


def test_the_oldest_steps_are_forgotten() -> None:
    history = History(ring())
    for step in range(MOST_STEPS + 5):
        history.do(history.present.set_start(step / 1e4))
    steps = 0
    while history.undo():
        steps += 1
    assert steps == MOST_STEPS


def test_the_builder_builds_the_newest_drawing() -> None:
    builder = RoadBuilder()
    drawings = [ring().set_start(start) for start in (1.0, 2.0, 3.0, 4.0)]
    for drawing in drawings:
        builder.build(drawing)
    builder.finish()
    assert builder.checked is not None
    assert builder.checked.drawing is drawings[-1]
    assert builder.checked.track is not None
    builder.build(EMPTY)
    builder.finish()
    assert builder.checked.track is None
    builder.close()
