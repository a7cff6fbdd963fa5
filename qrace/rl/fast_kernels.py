"""The DQN update of qrace.rl.dqn written out by hand: numba over BLAS, on flat float32 arrays.

At this size most of a torch update is overhead. Here a whole series of updates (rows of the replay memory, forward,
backward, clipping, Adam, target network) is one call that allocates nothing and holds no lock, so it runs beside the
drawing of a frame. qrace.rl.dqn stays the reference; tests compare gradients and weights with it.

Letters: B batch size, P parameters, D observation, n and m inputs and outputs of a layer, x its input, z = x W^T + b,
y its output. Matrix products go to the BLAS of scipy. Loops rather than array expressions: they compile in less time.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from qrace.rl.weights import INPUT_CLIP, LAYER_NORM_EPS

BETA_1, BETA_2, ADAM_EPS = np.float32(0.9), np.float32(0.999), np.float32(1e-8)
"""Adam's constants (Kingma & Ba 2015, algorithm 1), torch's defaults."""
CLIP_EPS = 1e-6
"""Added to the gradient's norm before dividing by it, as torch.nn.utils.clip_grad_norm_ does."""
NORM_EPS, ZERO, ONE = np.float32(LAYER_NORM_EPS), np.float32(0.0), np.float32(1.0)
CLIP = np.float32(INPUT_CLIP)

FASTMATH = {"reassoc", "contract", "nsz", "arcp"}
"""Sums may be reordered (SIMD); NaN and infinity keep their meaning."""
# Called by kernels alone: without wrappers for Python they compile a second faster. numba's stubs lack the flags.
kernel = njit(nogil=True, error_model="numpy", fastmath=FASTMATH, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
# A kernel of its own exists twice, alone and within its caller, and LLVM may order their sums in two ways: the process
# that compiles ran the one, those that load from the cache the other. What has LayerNorm's sums is part of its caller.
inlined = njit(nogil=True, error_model="numpy", fastmath=FASTMATH, inline="always")  # type: ignore[call-overload]

LAYER = np.dtype([(name, np.int64) for name in ("n", "m", "weight", "bias", "gain", "y")])
"""One layer: its sizes, where its parameters begin in the flat weights (LayerNorm's bias stands right behind its gain),
and where its output begins in Workspace.y. The head is the last layer."""


class Settings(NamedTuple):
    """The switches of LearnerConfig that the kernels read."""

    standardise: bool
    double: bool
    dueling: bool
    layer_norm: bool
    huber: bool
    learning_rate: float
    learning_rate_end: float
    learning_rate_halves: float
    """1 / half-life [1/update]; 0: constant."""
    gradient_clip: float
    target_rate: float
    """Share of a soft target mixed in per update; 0 for hard copies."""
    target_period: int
    bootstraps: bool
    """Off: the memory's rewards are whole returns, nothing of the successor is added."""


class Workspace(NamedTuple):
    """All scratch memory of an update, float32."""

    observation: np.ndarray
    """(2B, D) the batch's states, then their successors; standardised if the network does so."""
    y: np.ndarray
    """Flat: the output (2B, m) of each layer, one block after the other."""
    normalised: np.ndarray
    """Flat, the same blocks: LayerNorm's x_hat."""
    inverse_std: np.ndarray
    """(layers, 2B) LayerNorm's 1 / sqrt(var + eps)."""
    target_q: np.ndarray
    """(B, outputs) the target network's head for the successors."""
    delta: np.ndarray
    """(2, B * widest) the gradient by a layer's output and by its input, in turns."""
    gradient: np.ndarray
    """(P,) of the mean loss, before clipping."""


@kernel
def matrix(flat, start, rows, columns):  # type: ignore[no-untyped-def]
    """A (rows, columns) view into a flat array."""
    return flat[start : start + rows * columns].reshape((rows, columns))


@inlined
def forward(weights, layers, settings, x, space):  # type: ignore[no-untyped-def]
    """Q-values of observations x (rows, D), as a view into space.y; behind the state value when dueling."""
    rows = len(x)
    for index in range(len(layers)):
        layer = layers[index]
        m = layer.m
        y = matrix(space.y, layer.y, rows, m)
        np.dot(x, matrix(weights, layer.weight, m, layer.n).T, y)
        bias = weights[layer.bias : layer.bias + m]
        if settings.layer_norm and index < len(layers) - 1:
            x_hat = matrix(space.normalised, layer.y, rows, m)
            gain = matrix(weights, layer.gain, 2, m)
            normalise(y, bias, gain[0], gain[1], x_hat, space.inverse_std[index])
        else:
            floor = ZERO if index < len(layers) - 1 else np.float32(-np.inf)  # ReLU, but not on the head
            for row in range(rows):
                for j in range(m):
                    y[row, j] = max(y[row, j] + bias[j], floor)
        x = y
    if settings.dueling:
        combine(x)
    return x


@inlined
def normalise(y, bias, gain, shift, x_hat, inverse_std):  # type: ignore[no-untyped-def]
    """Bias, LayerNorm (Ba, Kiros and Hinton 2016) and ReLU of each row of y, in place.

    z = y + bias,   x_hat = (z - mean z) / sqrt(var z + eps),   y = max(gain x_hat + shift, 0)
    """
    rows, m = y.shape
    for row in range(rows):
        total = ZERO
        for j in range(m):
            y[row, j] += bias[j]
            total += y[row, j]
        mean = total / np.float32(m)
        total = ZERO
        for j in range(m):
            total += (y[row, j] - mean) * (y[row, j] - mean)
        inverse = ONE / np.sqrt(total / np.float32(m) + NORM_EPS)
        inverse_std[row] = inverse
        for j in range(m):
            x_hat[row, j] = (y[row, j] - mean) * inverse
            y[row, j] = max(gain[j] * x_hat[row, j] + shift[j], ZERO)


@kernel
def combine(head):  # type: ignore[no-untyped-def]
    """Q = V + A - mean(A), in place of the advantages (Wang et al. 2016, equation 9)."""
    rows, outputs = head.shape
    for row in range(rows):
        total = ZERO
        for j in range(1, outputs):
            total += head[row, j]
        base = head[row, 0] - total / np.float32(outputs - 1)
        for j in range(1, outputs):
            head[row, j] += base


@kernel
def loss_and_slope(memory, rows, settings, q, target_q, delta):  # type: ignore[no-untyped-def]
    """Mean loss of e = Q(s, a) - y, and its gradient by the head's outputs into delta (B, outputs); see dqn.td_targets.

    huber: e^2/2 or |e| - 1/2, slope clip(e, -1, 1).   mse: e^2, slope 2 e.
    """
    size, outputs = delta.shape
    first = 1 if settings.dueling else 0  # column of action 0
    loss = 0.0
    for b in range(size):
        row = rows[b]
        taken = first + memory.action[row]
        target = memory.reward[row]
        if settings.bootstraps:
            chooser = q[size + b] if settings.double else target_q[b]
            best = first
            for j in range(first + 1, outputs):
                if chooser[j] > chooser[best]:
                    best = j
            target += memory.discount[row] * target_q[b, best]
        error = q[b, taken] - target
        if settings.huber:
            slope = min(max(error, -ONE), ONE)
            loss += slope * (error - np.float32(0.5) * slope)
        else:
            slope = error + error
            loss += error * error
        slope /= np.float32(size)
        # dueling: dQ_taken/dV = 1, dQ_taken/dA_j = [j is taken] - 1/A
        others = -slope / np.float32(outputs - 1) if settings.dueling else ZERO
        for j in range(outputs):
            delta[b, j] = others
        if settings.dueling:
            delta[b, 0] = slope
        delta[b, taken] += slope
    return loss / size


@kernel
def backward(weights, layers, settings, space, size):  # type: ignore[no-untyped-def]
    """Gradient by every parameter from that by the head's outputs, which is in delta[0]. x is the layer's input:

    dW = dz^T x,   db = sum dz,   dx = dz W
    """
    side = 0
    for index in range(len(layers) - 1, -1, -1):
        layer = layers[index]
        n, m = layer.n, layer.m
        dz = matrix(space.delta[side], 0, size, m)
        if index < len(layers) - 1:
            y = matrix(space.y, layer.y, size, m)
            through_relu(dz, y)
            if settings.layer_norm:
                x_hat = matrix(space.normalised, layer.y, size, m)
                gain = weights[layer.gain : layer.gain + m]
                through_norm(dz, x_hat, space.inverse_std[index], gain, matrix(space.gradient, layer.gain, 2, m))
        x = matrix(space.y, layers[index - 1].y, size, n) if index > 0 else space.observation[:size]
        np.dot(dz.T, x, matrix(space.gradient, layer.weight, m, n))
        sum_rows(dz, space.gradient[layer.bias : layer.bias + m])
        side = 1 - side
        if index > 0:
            np.dot(dz, matrix(weights, layer.weight, m, n), matrix(space.delta[side], 0, size, n))


@kernel
def through_relu(delta, y):  # type: ignore[no-untyped-def]
    """Gradient by the input of ReLU from that by its output, in place."""
    for row in range(len(y)):
        for j in range(y.shape[1]):
            delta[row, j] = delta[row, j] if y[row, j] > ZERO else ZERO


@kernel
def through_norm(delta, x_hat, inverse_std, gain, gradient):  # type: ignore[no-untyped-def]
    """Gradient by the input of LayerNorm from that by its output dy, in place; gradient (2, m) by gain and shift.

    d = dy gain,   dz = (d - mean d - x_hat mean(d x_hat)) / sqrt(var z + eps)
    """
    rows, m = delta.shape
    sum_rows(delta, gradient[1])
    for j in range(m):
        gradient[0, j] = ZERO
    for row in range(rows):
        sum_d, sum_dx = ZERO, ZERO
        for j in range(m):
            dx = delta[row, j] * x_hat[row, j]
            gradient[0, j] += dx
            sum_d += delta[row, j] * gain[j]
            sum_dx += dx * gain[j]
        mean_d, mean_dx = sum_d / np.float32(m), sum_dx / np.float32(m)
        for j in range(m):
            delta[row, j] = (delta[row, j] * gain[j] - mean_d - x_hat[row, j] * mean_dx) * inverse_std[row]


@kernel
def sum_rows(matrix, total):  # type: ignore[no-untyped-def]
    """Sum of matrix (rows, m) over its rows into total (m,)."""
    for j in range(len(total)):
        total[j] = ZERO
    for row in range(len(matrix)):
        for j in range(len(total)):
            total[j] += matrix[row, j]


@kernel
def standardised(weights, x):  # type: ignore[no-untyped-def]
    """Observations x (rows, D) as a standardising network takes them, in place; its statistics come first of all."""
    inputs = x.shape[1]
    for row in range(len(x)):
        for j in range(inputs):
            x[row, j] = min(max((x[row, j] - weights[j]) * weights[inputs + j], -CLIP), CLIP)


@kernel
def adam(brain, gradient, settings, updates):  # type: ignore[no-untyped-def]
    """Clip the gradient's global norm, then Adam's step number `updates` (Kingma & Ba 2015).

    m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2,   w -= rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)
    """
    online, _, first, second = brain
    square = ZERO
    for i in range(len(gradient)):
        square += gradient[i] * gradient[i]
    scale = np.float32(min(1.0, settings.gradient_clip / (np.sqrt(square) + CLIP_EPS)))
    halved = settings.learning_rate * 0.5 ** ((updates - 1) * settings.learning_rate_halves)
    step = np.float32(max(settings.learning_rate_end, halved) / (1.0 - 0.9**updates))
    root = np.float32(1.0 / np.sqrt(1.0 - 0.999**updates))
    for i in range(len(gradient)):
        g = scale * gradient[i]
        first[i] = BETA_1 * first[i] + (ONE - BETA_1) * g
        second[i] = BETA_2 * second[i] + (ONE - BETA_2) * g * g
        online[i] -= step * first[i] / (np.sqrt(second[i]) * root + ADAM_EPS)


@kernel
def follow(target, online, settings, updates):  # type: ignore[no-untyped-def]
    """The target network's step after gradient update number `updates`; see dqn.update_target."""
    if settings.target_rate > 0.0:
        rate = np.float32(settings.target_rate)
        for i in range(len(target)):
            target[i] += rate * (online[i] - target[i])
    elif updates % settings.target_period == 0:
        for i in range(len(target)):
            target[i] = online[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FASTMATH)
def td_updates(brain, memory, draws, layers, settings, space, updates):  # type: ignore[no-untyped-def]
    """One gradient update per row of draws (count, B), which holds rows of the memory; returns the mean loss.

    brain is (online, target, first moment, second moment), each (P,), changed in place; `updates` were made before.
    """
    count, size = draws.shape
    online, target = brain[0], brain[1]
    used = space.observation if settings.bootstraps and settings.double else space.observation[:size]
    loss = 0.0
    for i in range(count):
        for b in range(size):
            row = draws[i, b]
            for j in range(space.observation.shape[1]):
                space.observation[b, j] = memory.observation[row, j]
                if settings.bootstraps:
                    space.observation[size + b, j] = memory.next_observation[row, j]
        if settings.standardise:
            standardised(online, space.observation if settings.bootstraps else used)
        if settings.bootstraps:
            q = forward(target, layers, settings, space.observation[size:], space)
            for b in range(size):
                for j in range(q.shape[1]):
                    space.target_q[b, j] = q[b, j]
        delta = matrix(space.delta[0], 0, size, space.target_q.shape[1])
        q = forward(online, layers, settings, used, space)
        loss += loss_and_slope(memory, draws[i], settings, q, space.target_q, delta)
        backward(online, layers, settings, space, size)
        adam(brain, space.gradient, settings, updates + i + 1)
        if settings.bootstraps:
            follow(target, online, settings, updates + i + 1)
    return loss / max(count, 1)
