"""The world: tracks, cars, sensors, laps. SI units and radians; numpy and numba only, no pygame, no torch."""
