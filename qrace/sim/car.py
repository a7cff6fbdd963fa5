"""The two car models: the lesson's QCar, and a grand-prix car one can race. Scalar rules; the simulator loops.

Controls are (steer, pedal) in [-1, 1], left and throttle positive.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import njit

CarName = Literal["lesson", "grand-prix"]

TICK_S = 0.05
"""The fixed tick of the world [s]."""
GRAVITY = 9.81
"""[m/s²]"""

# The lesson's car, in its own units: one unit is 1/6 m, one tick 1/20 s.
UNIT_M = 1.0 / 6.0
LESSON_TURN = np.deg2rad(10.0)
"""Turn per tick [rad]."""
LESSON_SPEED_STEP = 2.0 * UNIT_M / TICK_S
LESSON_SPEED_MIN = 6.0 * UNIT_M / TICK_S
LESSON_SPEED_MAX = 10.0 * UNIT_M / TICK_S
"""20 and 33.3 m/s."""

# The grand-prix car: round figures of a present formula car, per kilogram of its 800 kg.
WHEELBASE_M = 3.6
"""The longest that the rules of 2022 allow."""
STEER_MAX = 0.42
"""Front wheel angle at full lock [rad]: a turning radius of 8 m, a hairpin's."""
STEER_TIME_S = 0.2
"""From straight ahead to full steer [s]; a driver's hands."""
STEER_REACH = 1.08
"""Full steer asks for this share of the grip: a key never throws the car away, yet it can be made to slide wide."""
GRIP = 1.6
"""Friction coefficient of a warm slick."""
DOWNFORCE = 0.003
"""Downforce per mass and speed squared [1/m]: 1.5 g at 70 m/s, so about 4 g of grip."""
POWER = 800.0
"""Engine power per mass [W/kg]: 640 kW."""
THROTTLE_MAX = 13.0
"""Traction of the driven wheels at low speed [m/s²]."""
DRAG = 0.0013
"""Air resistance per mass and speed squared [1/m]; with POWER a top speed of (POWER / DRAG) ** (1/3) = 85 m/s."""
ROLLING = 0.25
"""Rolling resistance per mass [m/s²]."""
ENGINE_BRAKE = 1.5
"""Deceleration off the throttle [m/s²]."""


@dataclass(frozen=True)
class CarModel:
    """What the rest of the program needs to know of a car."""

    name: CarName
    kind: int
    """The number that kernels branch on."""
    length_m: float
    width_m: float
    start_speed: float
    """Speed of a standing start [m/s]; the lesson's car cannot stand."""
    top_speed: float
    """[m/s]"""
    steer_max: float
    """Front wheel angle at full lock [rad]; for the lesson's car the one that is drawn."""


CAR_MODELS: dict[CarName, CarModel] = {
    "lesson": CarModel("lesson", 0, 30 * UNIT_M, 2.0, LESSON_SPEED_MIN, LESSON_SPEED_MAX, 0.42),
    "grand-prix": CarModel("grand-prix", 1, 5.5, 2.0, 0.0, (POWER / DRAG) ** (1 / 3), STEER_MAX),
}


@njit(cache=True, nogil=True)
def drive_lesson(heading, speed, steer_control, pedal):  # type: ignore[no-untyped-def]
    """One tick of the lesson's QCar: turn 10° left or right, or change speed by 2 units; then roll straight on.

    Returns (heading, speed, steer, course): steer is the share of full lock, course the direction of motion [rad].
    """
    heading += LESSON_TURN * steer_control
    speed = min(max(speed + LESSON_SPEED_STEP * pedal, LESSON_SPEED_MIN), LESSON_SPEED_MAX)
    return heading, speed, steer_control, heading


@njit(cache=True, nogil=True)
def grip_limit(speed):  # type: ignore[no-untyped-def]
    """Largest acceleration of the tyres [m/s²]: the friction circle's radius, which grows with downforce."""
    return GRIP * (GRAVITY + DOWNFORCE * speed * speed)


@njit(cache=True, nogil=True)
def steer_limit(speed):  # type: ignore[no-untyped-def]
    """The front wheel angle of full steer [rad]: full lock when slow, a little more than the tyres hold when fast."""
    return min(STEER_MAX, np.arctan(WHEELBASE_M * STEER_REACH * grip_limit(speed) / max(speed * speed, 1.0)))


@njit(cache=True, nogil=True)
def drive_grand_prix(heading, speed, steer, steer_control, pedal):  # type: ignore[no-untyped-def]
    """One tick of a kinematic bicycle on tyres of finite grip (Rajamani, Vehicle Dynamics and Control, ch. 2).

    What steering, brakes and engine ask of the tyres is scaled back to the friction circle: too much makes the car run
    wide and brake less, it does not spin. Returns (heading, speed, steer, course) as `drive_lesson` does.
    """
    change = TICK_S / STEER_TIME_S
    steer += min(max(steer_control - steer, -change), change)
    tangent = np.tan(steer * steer_limit(speed))
    slip = np.arctan(0.5 * tangent)  # of the car's middle, half way between the axles
    curvature = np.cos(slip) * tangent / WHEELBASE_M
    grip = grip_limit(speed)
    lateral = speed * speed * curvature
    if pedal >= 0.0:
        wish = pedal * min(THROTTLE_MAX, POWER / max(speed, 1.0)) - (1.0 - pedal) * ENGINE_BRAKE
    else:
        wish = pedal * grip
    asked = np.sqrt(lateral * lateral + wish * wish)
    hold = min(1.0, grip / asked) if asked > 0.0 else 1.0
    faster = speed + (wish * hold - DRAG * speed * speed - ROLLING) * TICK_S
    faster = max(faster, 0.0)
    middle = 0.5 * (speed + faster)
    turn = middle * curvature * hold * TICK_S
    course = heading + 0.5 * turn + slip * hold
    return heading + turn, faster, steer, course
