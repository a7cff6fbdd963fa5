"""The warm-up does what is slow at first, an update above all."""

import pytest

from qrace.rl import warm_up
from qrace.rl.presets import PRESETS, preset
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_updates_in_its_warm_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    updates = []

    class Seen(Trainer):
        def close(self) -> None:
            updates.append(self.metrics.updates)
            super().close()

    monkeypatch.setattr(warm_up, "Trainer", Seen)
    warm_up.warm_up(preset(name), [load_track("oval")])
    assert len(updates) == 1 and updates[0] > 0
