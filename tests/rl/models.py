"""Small model files, good ones and such as were tampered with."""

import json
from dataclasses import asdict, replace

from safetensors.numpy import save_file

from qrace.env.actions import ACTION_TABLES
from qrace.rl.agent import make_agent
from qrace.rl.checkpoint import Checkpoint, observation_size
from qrace.rl.presets import preset

TINY = replace(preset("default"), learner=replace(preset("default").learner, hidden=(4,)))


def an_agent(config):
    actions = len(ACTION_TABLES[config.env.car].names)
    return make_agent(config.learner, observation_size(config.env), actions, cars=4, seed=3)


def a_checkpoint(config=TINY):
    agent = an_agent(config)
    tensors, scalars = agent.get_state()
    tensors |= agent.frozen().tensors()
    counters = {"steps": 12, "mean_return": float("nan"), "agent": scalars}
    return Checkpoint(
        name="tiny",
        config=config,
        tensors=tensors,
        counters=counters,
        track="oval",
        best_lap_s=9.25,
        command="main.py train --track oval",
        seconds=1.5,
    )


def rewrite(path, change_description=None, change_tensors=None):
    """The tiny model with its description (as JSON data) or its tensors changed."""
    checkpoint = a_checkpoint()
    description = {
        "format_version": 1,
        "name": "tiny",
        "config": json.loads(json.dumps(asdict(checkpoint.config))),
        "counters": {},
        "track": "oval",
        "best_lap_s": None,
        "command": "",
        "seconds": 0.0,
    }
    tensors = dict(checkpoint.tensors)
    if change_description:
        change_description(description)
    if change_tensors:
        change_tensors(tensors)
    save_file(tensors, path, {"qrace": json.dumps(description)})
    return path
