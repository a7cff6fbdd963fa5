"""The lesson's two names: QRace and QCar."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import qrace
from qrace import QCar, QRace, Track
from qrace.errors import QRaceError
from qrace.rl.checkpoint import save_checkpoint
from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.sim.sensors import SensorConfig
from qrace.sim.track_files import load_track, save_track


def small_car(name: str = "table") -> QCar:
    return QCar(name, config=replace(preset("q-table"), cars=4))


@pytest.fixture(scope="module")
def trained() -> QCar:
    car = small_car()
    QRace("oval").training_race(car, episodes=20)
    return car


def test_training_counts_episodes_and_goes_on_from_there(trained: QCar) -> None:
    car = small_car("other")
    race = QRace("oval")
    first = race.training_race(car, episodes=10)
    assert 10 <= first.episodes < 14
    second = race.training_race(car, episodes=10)
    assert 20 <= second.episodes < first.episodes + 14
    assert second.updates > first.updates


def test_a_car_is_the_same_after_saving_and_loading(trained: QCar, tmp_path: Path) -> None:
    trained.livery, trained.number = 5, 44
    trained.save(tmp_path / "car.safetensors")
    loaded = QCar.load(tmp_path / "car.safetensors")
    assert (loaded.name, loaded.config) == (trained.name, trained.config)
    assert (loaded.livery, loaded.number) == (5, 44)
    observation = np.random.default_rng(0).uniform(0.0, 1.0, (50, 5)).astype(np.float32)
    assert np.array_equal(loaded.policy.q_values(observation), trained.policy.q_values(observation))


def test_cars_race_on_a_track_of_ones_own(trained: QCar) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    ring = Track.from_points("ring", 80.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 12.0, 12.0)
    standings = QRace(ring).race([trained, trained], laps=1)
    assert [standing.position for standing in standings] == [1, 2]
    assert all(standing.out or standing.laps == 1 for standing in standings)


def test_a_car_races_as_it_was_trained_whatever_its_config_says_now(trained: QCar) -> None:
    car = small_car("other")
    car.checkpoint = trained.checkpoint
    expected = QRace("oval").race([car], laps=1)
    seeing_little = replace(car.config.env, sensors=SensorConfig(angles_deg=(0.0,), range_m=5.0), car="grand-prix")
    car.config = replace(car.config, env=seeing_little)
    assert QRace("oval").race([car], laps=1) == expected


def test_a_car_goes_on_learning_with_no_other_config(trained: QCar) -> None:
    car = small_car("other")
    car.checkpoint, car.config = trained.checkpoint, replace(car.config, cars=5)
    with pytest.raises(QRaceError, match=r"other has learnt with another config: set its config back .* new QCar"):
        QRace("oval").training_race(car, episodes=1)
    assert car.checkpoint is trained.checkpoint
    car.config = trained.config
    assert QRace("oval").training_race(car, episodes=1).episodes > 20


def test_a_track_may_be_a_path(tmp_path: Path) -> None:
    save_track(load_track("kidney"), tmp_path / "mine.json")
    assert QRace(tmp_path / "mine.json").track.length_m == load_track("kidney").length_m


def test_an_interrupted_training_keeps_what_was_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    step, closed = Trainer.step, []

    def interrupted(trainer: Trainer, background: bool = False) -> None:
        if trainer.metrics.steps == 5:
            raise KeyboardInterrupt
        step(trainer, background)

    monkeypatch.setattr(Trainer, "step", interrupted)
    monkeypatch.setattr(Trainer, "close", lambda trainer: closed.append(trainer))
    car = small_car()
    with pytest.raises(KeyboardInterrupt):
        QRace("oval").training_race(car, episodes=1_000)
    assert car.checkpoint is not None and car.checkpoint.counters["metrics"]["steps"] == 5
    assert len(closed) == 1


def test_what_no_model_file_takes_is_told_before_the_training(tmp_path: Path) -> None:
    for wrong in ({"name": "n" * 41}, {"name": "two\nlines"}, {"livery": 8}, {"number": 100}):
        with pytest.raises(QRaceError, match=next(iter(wrong))):
            QCar(**wrong)


def test_a_model_whose_file_has_a_long_name_loads(trained: QCar, tmp_path: Path) -> None:
    assert trained.checkpoint is not None
    save_checkpoint(replace(trained.checkpoint, name="n\n" * 40), tmp_path / "car.safetensors")
    car = QCar.load(tmp_path / "car.safetensors")
    assert car.name == "n\N{REPLACEMENT CHARACTER}" * 20
    car.save(tmp_path / "again.safetensors")


def test_mistakes_are_told_in_a_sentence() -> None:
    with pytest.raises(QRaceError, match="learnt nothing yet"):
        QRace("oval").race([QCar("new")])
    with pytest.raises(QRaceError, match="learnt nothing yet"):
        QCar("new").save("nowhere")
    with pytest.raises(QRaceError, match="give 1 or more"):
        QRace("oval").training_race(QCar(), episodes=0)
    with pytest.raises(QRaceError, match="preset"):
        QCar(preset="nix")
    with pytest.raises(QRaceError, match="no track"):
        QRace("nix")


def test_the_package_offers_three_names() -> None:
    assert dir(qrace) == ["QCar", "QRace", "Track"]
    with pytest.raises(AttributeError, match="Window"):
        _ = qrace.Window
