"""The contest between learners: its clock, its rules, and those who take part."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from qrace.bench import peer_cleanrl, peers
from qrace.bench.judging import Verdict
from qrace.env.config import EnvConfig
from qrace.env.gymnasium_env import QRaceEnv
from qrace.errors import QRaceError
from qrace.rl.presets import preset
from qrace.rl.replay import Batch
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track


class Clock:
    """A perf_counter that goes on by a second whenever the learner makes a step, and by 100 s while it is judged.

    Half a per cent off the limit is gained in each second of training, from 10 % on.
    """

    def __init__(self, clean: Callable[[float], float]) -> None:
        self.now, self.trained, self._clean = 0.0, 0.0, clean

    def __call__(self) -> float:
        return self.now

    def step(self) -> None:
        self.now, self.trained = self.now + 1.0, self.trained + 1.0

    def judge(self, policy: object) -> Verdict:
        self.now += 100.0
        clean = self._clean(self.trained)
        return Verdict(100.0 if clean == 100.0 else 0.0, clean, None, 10.0 - 0.5 * self.trained, ())


def contest(monkeypatch: pytest.MonkeyPatch, clean: Callable[[float], float], limit_s: float) -> peers.Questioning:
    """Let a learner train whose share of clean laps depends on its training time."""
    clock = Clock(clean)
    monkeypatch.setattr(peers, "perf_counter", clock)
    questioning = peers.Questioning(clock, limit_s)  # type: ignore[arg-type]
    for steps in range(1, 10_000):
        clock.step()
        if questioning(lambda: None, steps):  # type: ignore[arg-type, return-value]
            break
    return questioning


def test_who_stays_clean_stops_with_all_times(monkeypatch: pytest.MonkeyPatch) -> None:
    found = contest(monkeypatch, lambda s: 100.0 if s >= 7.0 else 10.0, 600.0)
    assert (found.first_s, found.kept_s) == (7.0, 7.0)
    assert found.fast_s == pytest.approx((10.0 - peers.FAST_PCT) / 0.5, abs=1.5)
    assert found.seconds() == pytest.approx(7.0 + peers.KEPT_S, abs=2.5)


def test_who_loses_it_again_has_not_kept_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = contest(monkeypatch, lambda s: 100.0 if s in (5.0, 6.0) or s >= 40.0 else 50.0, 600.0)
    assert found.first_s == 5.0
    assert found.kept_s == pytest.approx(41.0, abs=1.5)


def test_who_never_gets_there_is_stopped_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    found = contest(monkeypatch, lambda s: min(s, 98.0), 60.0)
    assert (found.first_s, found.kept_s, found.fast_s) == (None, None, None)
    assert found.seconds() == pytest.approx(60.0, abs=2.5)
    assert found.best_pct == pytest.approx(60.0, abs=2.5)


def test_the_summary_compares_with_what_was_waited_for() -> None:
    own = [{"first_s": 1.0, "kept_s": 2.0, "fast_s": 6.0, "stopped_s": 32.0}]
    rows = [{"first_s": 5.0, "kept_s": None, "fast_s": None, "stopped_s": 600.0}] * 3
    found = peers.summary("slow", rows, own)
    assert [found[f"{name}_qrace_times_faster"] for name in ("first", "kept", "fast")] == [5.0, 300.0, 100.0]
    assert found["kept_s_median"] is found["kept_s_worst"] is None


def test_without_the_library_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    with pytest.raises(QRaceError, match="pip install stable-baselines3=="):
        next(peers.bench_peers(1))


def test_qrace_takes_part_until_it_is_told_to_stop() -> None:
    seen = []

    def asked(driver: Callable[[], object], steps: int) -> bool:
        seen.append(steps)
        return len(seen) == 3

    config = replace(preset("default"), cars=32)
    peers.train_qrace(Trainer.best_policy, config, load_track("oval"), asked)
    assert seen == [32, 64, 96]


def test_cleanrl_explores_as_published() -> None:
    settings = peer_cleanrl.PUBLISHED
    assert peer_cleanrl.epsilon_at(0, settings) == 1.0
    assert peer_cleanrl.epsilon_at(125_000, settings) == pytest.approx(0.525)
    assert peer_cleanrl.epsilon_at(250_000, settings) == pytest.approx(0.05)
    assert peer_cleanrl.epsilon_at(499_999, settings) == 0.05


def test_cleanrl_learns_by_squared_error_from_the_target_network() -> None:
    def batch(discount: float) -> Batch:
        ones = np.ones((1, 2), dtype=np.float32)
        return Batch(ones, np.array([0]), np.ones(1, np.float32), ones, np.full(1, discount, np.float32))

    torch.manual_seed(0)
    online, target = torch.nn.Linear(2, 3), torch.nn.Linear(2, 3)
    for discount in (0.0, 0.99):
        before = online(torch.ones(1, 2))[0, 0].item()
        wanted = 1.0 + discount * target(torch.ones(1, 2)).max().item()
        peer_cleanrl.update(online, target, torch.optim.SGD(online.parameters(), 0.01), batch(discount))
        step = online(torch.ones(1, 2))[0, 0].item() - before
        assert step == pytest.approx(0.01 * 2.0 * (wanted - before) * 3.0, rel=1e-3)  # 2 e times |x|^2 + 1 = 3


def test_cleanrl_trains_on_the_gymnasium_environment() -> None:
    settings = peer_cleanrl.Published(total_timesteps=60, learning_starts=10, batch_size=8, train_frequency=2)
    seen = []

    def asked(driver: Callable[[], peer_cleanrl.TorchPolicy], steps: int) -> bool:
        seen.append(driver().select_actions(np.zeros((2, 6), np.float32)))
        return False

    peer_cleanrl.train(QRaceEnv("oval", EnvConfig()), 0, asked, settings)
    assert len(seen) == 60
    assert seen[0].shape == (2,)


def test_sb3_trains_both_ways() -> None:
    pytest.importorskip("stable_baselines3")
    from qrace.bench import peer_sb3

    for train in (peer_sb3.train_default, peer_sb3.train_tuned):
        seen: list[int] = []

        def asked(driver: Callable[[], object], steps: int, seen: list[int] = seen) -> bool:
            seen.append(steps)
            return len(seen) == 5

        train(preset("default"), load_track("oval"), asked)
        assert len(seen) == 5
        assert seen == sorted(seen)
