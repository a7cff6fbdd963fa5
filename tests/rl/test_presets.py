"""Presets, and the config as JSON."""

import json
from dataclasses import asdict

import pytest

from qrace.errors import QRaceError
from qrace.rl.config import Config, parse_json
from qrace.rl.presets import PRESETS, preset
from qrace.rl.schedules import epsilon_at


@pytest.mark.parametrize("name", PRESETS)
def test_json_round_trip(name):
    config = preset(name)
    assert config.preset == name
    assert parse_json(Config, json.dumps(asdict(config))) == config


def test_lesson_is_the_lessons_own():
    config = preset("lesson")
    learner, sensors = config.learner, config.env.sensors
    assert config.env.car == "lesson"
    assert sorted(sensors.angles_deg) == [-90, -45, 0, 45, 90]
    assert sensors.range_m * 6 == 300  # one unit is 1/6 m
    assert config.env.features == ("rays",)
    assert learner.hidden == (5,)
    assert (learner.double, learner.dueling, learner.layer_norm, learner.n_step) == (False, False, False, 1)
    assert (learner.discount, learner.learning_rate, learner.batch_size) == (0.99, 1e-3, 256)
    assert (learner.replay_capacity, learner.learning_starts) == (50_000, 1_000)
    assert (learner.target_update, learner.target_period) == ("hard", 50)
    assert (learner.loss, learner.gradient_clip) == ("mse", 1.0)
    assert epsilon_at(learner.epsilon, 0) == 1.0
    assert epsilon_at(learner.epsilon, 1) == 0.9999
    assert epsilon_at(learner.epsilon, 10**6) == 0.1


def test_the_default_of_the_grand_prix_car_is_the_grand_prix_preset():
    assert preset("default", "grand-prix") == preset("grand-prix")
    assert preset("lesson", "grand-prix").env.car == "grand-prix"
    assert preset("default", "lesson") == preset("default")
    assert preset("grand-prix").env.car == "grand-prix"


def test_unknown_preset():
    with pytest.raises(QRaceError, match="'fast' is unknown: choose from default"):
        preset("fast")


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("learner.speed", 1, "learner.speed"),
        ("colour", 1, "colour"),
        ("env.sensors.lasers", [1], "env.sensors.lasers"),
        ("learner.epsilon.decay", "0.9", "learner.epsilon.decay"),
        ("learner.hidden", [5.5], "learner.hidden"),
        ("learner.kind", "sarsa", "learner.kind"),
        ("learner.discount", 1.01, "discount 1.01"),
        ("learner.discount", float("nan"), "discount nan"),
        ("learner.batch_size", 0, "batch_size 0"),
        ("learner.hidden", [], "hidden"),
        ("learner.hidden", [10**9], "hidden"),
        ("cars", -3, "cars -3"),
        ("env", None, "env"),
    ],
)
def test_wrong_configs_are_refused_by_name(path, value, named):
    data = json.loads(json.dumps(asdict(preset("default"))))
    *parents, last = path.split(".")
    node = data
    for parent in parents:
        node = node[parent]
    node[last] = value
    with pytest.raises(QRaceError, match=named):
        parse_json(Config, json.dumps(data))
