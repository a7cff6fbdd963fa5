"""Progress and laps, from the walk of each car's centre: nothing can be skipped, nothing is gained backwards.

Every car carries `crossings`, the start-line crossings since it was placed, forward less backward, and `line`, the
highest value that has reached. Only a new highest value counts: reversing over the line and back is no lap.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def line_fraction(vertices, first, px, py, dx, dy):  # type: ignore[no-untyped-def]
    """Share of the motion p → p + d at which it crosses the start line, in [0, 1]."""
    rx, ry = vertices[first, 0], vertices[first, 1]
    ex, ey = vertices[first + 1, 0] - rx, vertices[first + 1, 1] - ry
    across = dx * ey - dy * ex
    if across == 0.0:
        return 0.0
    return min(max(((rx - px) * ey - (ry - py) * ex) / across, 0.0), 1.0)


@njit(cache=True, nogil=True)
def cross_line(n, time_s, line, lap_start_s, laps, last_lap_s, best_lap_s):  # type: ignore[no-untyped-def]
    """Car n has crossed the line forward, further than ever, `time_s` after it was placed: close and open a lap."""
    line[n] += 1
    if not np.isnan(lap_start_s[n]):
        laps[n] += 1
        last_lap_s[n] = time_s - lap_start_s[n]
        if not last_lap_s[n] >= best_lap_s[n]:  # also true for the first lap, when best is nan
            best_lap_s[n] = last_lap_s[n]
    lap_start_s[n] = time_s
