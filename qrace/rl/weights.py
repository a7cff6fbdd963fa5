"""The Q-network's parameters as one flat array, and its forward pass in plain numpy.

The flat float32 vector is the brain: acting reads it here, the fast update writes it, and the torch module of
qrace.rl.network is a set of views into it. Nothing here needs torch, so a saved driver drives without importing it.
"""

from dataclasses import dataclass
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from qrace.rl.config import LearnerConfig

LAYER_NORM_EPS = 1e-5
"""Added to the variance in LayerNorm; torch's default."""
INPUT_CLIP = 5.0
"""A standardised input counts no further than so many deviations from its mean."""

BRAIN_PARTS = ("online", "target", "average", "first_moment", "second_moment")
"""The arrays of a Brain, and the prefixes of its tensors in a model file."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class NetworkShape:
    """A multilayer perceptron with ReLU: D inputs, hidden layers, one head of A Q-values.

    With `dueling` the head has 1 + A outputs, the state's value and the advantage of each action. With `standardise`
    the first parameters are the inputs' means and 1 / deviations, which no gradient changes: see qrace.rl.standardise.
    """

    observation_size: int
    actions: int
    hidden: tuple[int, ...]
    dueling: bool
    layer_norm: bool
    standardise: bool = False

    @classmethod
    def of(cls, config: LearnerConfig, observation_size: int, actions: int) -> "NetworkShape":
        return cls(observation_size, actions, config.hidden, config.dueling, config.layer_norm, config.standardise)

    @property
    def outputs(self) -> int:
        """Rows of the head: A, or 1 + A when dueling."""
        return self.actions + int(self.dueling)

    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of each parameter in the order of the flat vector; the names are the torch module's."""
        shapes: dict[str, tuple[int, ...]] = {}
        if self.standardise:
            shapes["input.mean"] = shapes["input.scale"] = (self.observation_size,)
        width_in = self.observation_size
        for layer, width in enumerate(self.hidden):
            shapes[f"hidden.{layer}.weight"] = (width, width_in)
            shapes[f"hidden.{layer}.bias"] = (width,)
            if self.layer_norm:
                shapes[f"norm.{layer}.weight"] = (width,)
                shapes[f"norm.{layer}.bias"] = (width,)
            width_in = width
        shapes["head.weight"] = (self.outputs, width_in)
        shapes["head.bias"] = (self.outputs,)
        return shapes

    def size(self) -> int:
        """Number of parameters P."""
        return sum(prod(shape) for shape in self.parameters().values())

    def starts(self) -> dict[str, int]:
        """Where each parameter begins in the flat vector."""
        sizes = [prod(shape) for shape in self.parameters().values()]
        return dict(zip(self.parameters(), accumulate(sizes, initial=0), strict=False))

    def views(self, flat: Float32) -> dict[str, Float32]:
        """Each parameter as a view into the flat vector (P,): writing to one writes to the other."""
        starts = self.starts()
        return {
            name: flat[starts[name] : starts[name] + prod(shape)].reshape(shape)
            for name, shape in self.parameters().items()
        }

    def initial_weights(self, rng: np.random.Generator) -> Float32:
        """Fresh parameters (P,), uniform in ±1/sqrt(inputs of the layer) as torch's Linear draws them."""
        flat = np.zeros(self.size(), dtype=np.float32)
        views = self.views(flat)
        layers = [f"hidden.{layer}" for layer in range(len(self.hidden))]
        for name in [*layers, "head"]:
            weight = views[f"{name}.weight"]
            bound = weight.shape[1] ** -0.5
            weight[:] = rng.uniform(-bound, bound, weight.shape)
            views[f"{name}.bias"][:] = rng.uniform(-bound, bound, weight.shape[0])
        if self.layer_norm:
            for layer in range(len(self.hidden)):
                views[f"norm.{layer}.weight"][:] = 1.0
        if self.standardise:
            views["input.scale"][:] = 1.0
        return flat


@dataclass
class Brain:
    """All that gradient updates change: flat arrays (P,) and their count."""

    online: Float32
    """The weights that learn and act."""
    target: Float32
    """The slower copy that values the next state."""
    average: Float32
    """The running average that drives, see NetworkAgent.frozen."""
    first_moment: Float32
    """Adam's running mean of the gradient."""
    second_moment: Float32
    """Adam's running mean of the squared gradient."""
    updates: int = 0

    @classmethod
    def newborn(cls, shape: NetworkShape, rng: np.random.Generator) -> "Brain":
        """Random weights, the target network and the average equal to them."""
        online = shape.initial_weights(rng)
        return cls(online, online.copy(), online.copy(), np.zeros_like(online), np.zeros_like(online))


def forward(shape: NetworkShape, views: dict[str, Float32], observation: Float32) -> Float32:
    """Q-values (B, A) of observations (B, D): the same function as qrace.rl.network.QNetwork, without torch."""
    x = observation
    if shape.standardise:
        x = (x - views["input.mean"]) * views["input.scale"]
        np.clip(x, -INPUT_CLIP, INPUT_CLIP, out=x)
    for layer in range(len(shape.hidden)):
        x = x @ views[f"hidden.{layer}.weight"].T
        x += views[f"hidden.{layer}.bias"]
        if shape.layer_norm:
            x -= x.mean(axis=1, keepdims=True)
            variance = np.einsum("bh,bh->b", x, x)[:, None] / np.float32(x.shape[1])
            x /= np.sqrt(variance + np.float32(LAYER_NORM_EPS))
            x *= views[f"norm.{layer}.weight"]
            x += views[f"norm.{layer}.bias"]
        np.maximum(x, 0.0, out=x)
    q = x @ views["head.weight"].T
    q += views["head.bias"]
    if shape.dueling:
        value, advantage = q[:, :1], q[:, 1:]
        q = value + advantage - advantage.mean(axis=1, keepdims=True)
    return q
