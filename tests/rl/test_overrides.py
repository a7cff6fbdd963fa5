"""Settings of the config tree changed by words."""

import math

import pytest

from qrace.errors import QRaceError
from qrace.rl.config import Config
from qrace.rl.overrides import override
from qrace.rl.presets import preset


def test_settings_change_what_they_name_and_nothing_else() -> None:
    before = preset("general")
    settings = "env.reward.crash=-8 env.margin_m=1 learner.epsilon.end=0.005 learner.hidden=64,32 learner.fast=false"
    config = override(before, [*settings.split(), "env.features=rays,speed", "learner.loss=mse", "cars=12"])
    assert (config.env.reward.crash, config.env.margin_m, config.learner.epsilon.end) == (-8.0, 1.0, 0.005)
    assert (config.learner.hidden, config.learner.fast) == ((64, 32), False)
    assert (config.env.features, config.learner.loss, config.cars) == (("rays", "speed"), "mse", 12)
    env, learner = before.env, before.learner
    back = [
        f"env.reward.crash={env.reward.crash}",
        f"env.margin_m={env.margin_m}",
        f"env.features={','.join(env.features)}",
        f"learner.epsilon.end={learner.epsilon.end}",
        f"learner.hidden={','.join(map(str, learner.hidden))}",
        f"learner.fast={str(learner.fast).lower()}",
        f"learner.loss={learner.loss}",
        f"cars={before.cars}",
    ]
    assert override(config, back) == before


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("env.reward.crsh=-8", "env.reward has progress_per_m, crash"),
        ("margin_m=1", "the config has env, learner"),
        ("preset=lesson", "there is no such key"),
        ("env.reward=1", "choose from progress_per_m, crash"),
        ("env.margin_m.x=1", "nothing below env.margin_m"),
        ("=1", "there is no such key"),
        ("env.margin_m=wide", "valid number"),
        ("env.margin_m=nan", "out of range"),
        ("env.reward.crash=inf", "out of range"),
        ("learner.n_step=2.5", "valid integer"),
        ("learner.kind=sarsa", "'dqn', 'pqn' or 'q-table'"),
        ("learner.hidden=", "out of range"),
        ("learner.learning_rate=0", "learning_rate 0 is out of range"),
        ("learner.hidden=64,,64", "valid integer"),
        ("learner.epsilon.end=7", "epsilon.end 7 is out of range"),
        ("learner.hidden=1024,1024,1024,1024,1024,1024", "larger than 64 MB"),
        ("env.features=foo", "'foo' is unknown"),
        (f"seed=1{310 * '0'}", "out of range"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_with_what_there_is(setting: str, told: str) -> None:
    with pytest.raises(QRaceError) as error:
        override(Config(), [setting])
    assert str(error.value).startswith(f"--set {setting}: ") and told in str(error.value)


def test_a_table_that_no_memory_holds_is_refused() -> None:
    with pytest.raises(QRaceError, match="larger than 64 MB"):
        override(preset("q-table"), ["learner.ray_bins=1000"])


@pytest.mark.parametrize(
    "setting",
    [
        "learner.hidden=64,64",
        "learner.layer_norm=false",
        "learner.kind=dqn",
        "env.car=lesson",
        "env.features=speed,rays,steer,edges",
        "env.sensors.range_m=100",
    ],
)
def test_what_a_trained_brain_reads_the_world_by_stays(setting: str) -> None:
    config = preset("general")
    assert override(config, [setting]) != config
    with pytest.raises(QRaceError, match="no longer fits what the brain has learned"):
        override(config, [setting], trained=True)


def test_a_trained_brain_may_learn_otherwise() -> None:
    config = preset("general")
    same = f"env.sensors.range_m={config.env.sensors.range_m}"
    changed = override(config, ["env.reward.crash=-8", "learner.trace=0.5", "seed=7", same], trained=True)
    assert (changed.env.reward.crash, changed.learner.trace, changed.seed) == (-8.0, 0.5, 7)
    assert math.isclose(changed.env.margin_m, config.env.margin_m)


@pytest.mark.parametrize(
    ("kind", "setting", "reader"),
    [
        ("general", "learner.n_step=3", "pqn, only to dqn"),
        ("default", "learner.trace=0.5", "dqn, only to pqn"),
        ("q-table", "learner.dueling=true", "q-table, only to dqn and pqn"),
        ("default", "learner.ray_bins=3", "dqn, only to q-table"),
    ],
)
def test_a_setting_that_another_kind_of_learner_reads_is_refused(kind: str, setting: str, reader: str) -> None:
    with pytest.raises(QRaceError, match=f"--set {setting}: means nothing to {reader}"):
        override(preset(kind), [setting])


@pytest.mark.parametrize(
    "settings",
    [
        ["learner.learning_rate=5e-5", "learner.learning_rate_end=1e-5"],
        ["learner.replay_capacity=500", "learner.learning_starts=500"],
        ["env.features=rays", "learner.kind=q-table"],
    ],
)
def test_settings_that_need_one_another_come_in_any_order(settings: list[str]) -> None:
    config = override(preset("default"), settings)
    assert config == override(preset("default"), settings[::-1])
    with pytest.raises(QRaceError, match=f"--set {settings[0].partition('=')[0]}=nothing: "):
        override(preset("default"), [settings[0].partition("=")[0] + "=nothing", settings[1]])


def test_the_kind_that_counts_is_the_one_in_the_end() -> None:
    config = override(preset("default"), ["learner.trace=0.5", "learner.kind=pqn"])
    assert (config.learner.kind, config.learner.trace) == ("pqn", 0.5)
