"""The flat weights, the numpy forward pass and the torch module are three views of one network."""

import numpy as np
import pytest
import torch

from qrace.rl.network import QNetwork
from qrace.rl.weights import NetworkShape

SHAPES = [
    NetworkShape(6, 4, (5,), dueling=False, layer_norm=False),
    NetworkShape(6, 4, (32, 16), dueling=True, layer_norm=False),
    NetworkShape(15, 9, (32, 32), dueling=True, layer_norm=True),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_numpy_forward_equals_torch_module(shape):
    from qrace.rl.weights import forward

    rng = np.random.default_rng(0)
    flat = shape.initial_weights(rng) * 2  # away from LayerNorm's initial ones
    observation = rng.normal(size=(33, shape.observation_size)).astype(np.float32)
    with torch.no_grad():
        expected = QNetwork(shape, flat)(torch.from_numpy(observation)).numpy()
    np.testing.assert_allclose(forward(shape, shape.views(flat), observation), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_ordinary_torch_network_of_the_same_layers_gives_the_same(shape):
    """The module's names load into plain torch layers, stacked here without QNetwork."""
    rng = np.random.default_rng(1)
    flat = shape.initial_weights(rng)
    state = QNetwork(shape, flat).state_dict()
    x = torch.from_numpy(rng.normal(size=(5, shape.observation_size)).astype(np.float32))
    wanted = QNetwork(shape, flat)(x)
    for layer, width in enumerate(shape.hidden):
        x = torch.nn.functional.linear(x, state[f"hidden.{layer}.weight"], state[f"hidden.{layer}.bias"])
        if shape.layer_norm:
            x = torch.nn.functional.layer_norm(x, (width,), state[f"norm.{layer}.weight"], state[f"norm.{layer}.bias"])
        x = x.clamp(min=0)
    q = torch.nn.functional.linear(x, state["head.weight"], state["head.bias"])
    if shape.dueling:
        q = q[:, :1] + q[:, 1:] - q[:, 1:].mean(1, keepdim=True)
    torch.testing.assert_close(q, wanted.detach(), check_stride=False)


def test_module_and_flat_array_share_memory():
    shape = SHAPES[2]
    flat = shape.initial_weights(np.random.default_rng(0))
    module = QNetwork(shape, flat)
    assert sum(parameter.numel() for parameter in module.parameters()) == flat.size
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(7.0)
    assert (flat == 7.0).all()


def test_the_lessons_network_is_5_5_4():
    shape = NetworkShape(5, 4, (5,), dueling=False, layer_norm=False)
    assert shape.size() == (5 * 5 + 5) + (5 * 4 + 4)


def test_initial_weights_fill_torchs_default_range():
    shape = NetworkShape(100, 4, (64,), dueling=False, layer_norm=False)
    weight = shape.views(shape.initial_weights(np.random.default_rng(0)))["hidden.0.weight"]
    default = torch.nn.Linear(100, 64).weight.detach().numpy()
    assert np.abs(weight).max() == pytest.approx(np.abs(default).max(), rel=0.01)
    assert weight.std() == pytest.approx(default.std(), rel=0.05)
