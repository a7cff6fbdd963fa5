"""The reference that the ray benchmark compares with, against circles on paper."""

import sys

import numpy as np
import pytest

from qrace.bench.ray_reference import exact_distances_m, ray_errors_m
from qrace.sim.sensors import SensorConfig
from qrace.sim.track import Track

RADIUS_M, HALF_WIDTH_M = 60.0, 8.0


@pytest.fixture(scope="module")
def ring() -> Track:
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    points = RADIUS_M * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Track.from_points("ring", points, HALF_WIDTH_M, HALF_WIDTH_M)


def test_the_reference_knows_a_ring(ring: Track) -> None:
    place = np.array([[RADIUS_M, 0.0]])
    outwards, inwards, tangent = 0.0, np.pi, 0.5 * np.pi
    distances = exact_distances_m(ring, place, np.array([[outwards, inwards, tangent, tangent]]), 50.0)
    chord = np.sqrt((RADIUS_M + HALF_WIDTH_M) ** 2 - RADIUS_M**2)
    assert distances[0] == pytest.approx([HALF_WIDTH_M, HALF_WIDTH_M, chord, chord], abs=0.1)
    assert exact_distances_m(ring, place, np.array([[tangent]]), 20.0) == pytest.approx(20.0)


def test_rays_agree_with_the_reference(ring: Track) -> None:
    sensors = SensorConfig(angles_deg=(60.0, 0.0, -60.0), range_m=40.0)
    errors = ray_errors_m(ring, sensors, 200, np.random.default_rng(1))
    assert errors.shape == (200, 3)
    assert errors.max() < 0.01


def test_without_shapely_the_cure_is_told(ring: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(Exception, match="pip install -r tests"):
        ray_errors_m(ring, SensorConfig(), 1, np.random.default_rng(0))
