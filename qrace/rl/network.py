"""The Q-network as an ordinary torch module."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from qrace.rl.weights import INPUT_CLIP, LAYER_NORM_EPS, Float32, NetworkShape


class QNetwork(nn.Module):
    """Q-values of all actions: observation (B, D) -> (B, A).

    Hidden layers of Linear, LayerNorm (optional: Ba et al. 2016; Gallici et al. 2024 for Q-learning) and ReLU. With
    `dueling`, one linear head each for value and advantages, Q = V + A - mean(A) (Wang et al. 2016, equation 9). With
    `standardise` the inputs' statistics are parameters without a gradient.

    Args:
        shape: the architecture.
        flat: the parameters (P,), see NetworkShape.views. The module's parameters are views into this very memory, so
            an update here is seen by everything else that holds the array. (`.to("cuda")` ends the sharing.)
    """

    def __init__(self, shape: NetworkShape, flat: Float32) -> None:
        super().__init__()
        widths = (shape.observation_size, *shape.hidden)
        self.dueling = shape.dueling
        self.input = nn.ParameterDict()
        if shape.standardise:
            empty = torch.empty(shape.observation_size)
            self.input.update({name: nn.Parameter(empty, requires_grad=False) for name in ("mean", "scale")})
        self.hidden = nn.ModuleList(nn.utils.skip_init(nn.Linear, *pair) for pair in pairwise(widths))
        self.norm = nn.ModuleList(nn.LayerNorm(width, LAYER_NORM_EPS) for width in shape.hidden if shape.layer_norm)
        self.head = nn.utils.skip_init(nn.Linear, widths[-1], shape.outputs)
        parameters = dict(self.named_parameters())
        for name, view in shape.views(flat).items():
            parameters[name].data = torch.from_numpy(view)

    def forward(self, observation: Tensor) -> Tensor:
        x = observation
        if self.input:
            x = torch.clamp((x - self.input["mean"]) * self.input["scale"], -INPUT_CLIP, INPUT_CLIP)
        for layer, linear in enumerate(self.hidden):
            x = linear(x)
            if self.norm:
                x = self.norm[layer](x)
            x = torch.relu(x)
        q = self.head(x)
        if self.dueling:
            value, advantage = q[:, :1], q[:, 1:]
            q = value + advantage - advantage.mean(dim=1, keepdim=True)
        return q
