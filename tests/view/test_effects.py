"""Crashes are brief, and there is a limit to how many are shown."""

import numpy as np
import pygame

from qrace.view.camera import Camera
from qrace.view.car_sprites import CarSprites
from qrace.view.effects import MOST, CrashEffects

BACK = (70, 70, 70)


def draw(crashes: CrashEffects, dt: float, metres: float = 40.0) -> np.ndarray:
    camera = Camera(pygame.Rect(0, 0, 160, 120))
    camera.fit((-metres, -metres, metres, metres))
    surface = pygame.Surface((160, 120))
    surface.fill(BACK)
    crashes.draw(surface, camera, CarSprites(), dt)
    return np.abs(pygame.surfarray.array3d(surface).astype(int) - BACK).sum(axis=2)


def test_a_crash_fades_and_is_gone_within_a_second() -> None:
    crashes = CrashEffects()
    crashes.add(0.0, 0.0, 1.0, 0.1, livery=2, number=5, car="lesson")
    sums = [int(draw(crashes, 0.1).sum()) for _ in range(10)]
    assert sums[0] > 0 and sums[-1] == 0
    assert len(crashes) == 0
    assert sums[6] < sums[1] / 2


def test_the_dust_spreads_around_the_place_of_the_crash() -> None:
    crashes = CrashEffects()
    crashes.add(0.0, 0.0, 0.0, 0.0, livery=0, number=1, car="grand-prix")
    early, late = draw(crashes, 0.05), draw(crashes, 0.4)
    for picture in (early, late):
        x, y = np.nonzero(picture)
        assert abs(x.mean() - 79.5) < 4 and abs(y.mean() - 59.5) < 4
    assert np.ptp(np.nonzero(late)[0]) > np.ptp(np.nonzero(early)[0])


def test_a_mass_of_crashes_is_bounded() -> None:
    crashes = CrashEffects()
    for number in range(10 * MOST):
        crashes.add(0.0, float(number), 0.0, 0.0, livery=number, number=number, car="lesson")
    assert len(crashes) == MOST
    draw(crashes, 0.01, metres=4000.0)
    crashes.clear()
    assert draw(crashes, 0.01).sum() == 0
