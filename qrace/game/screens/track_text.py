"""How tracks are told in words."""

from qrace.sim.track import Track


def length_text(track: Track) -> str:
    """ "469 m" or "5.2 km"."""
    return f"{track.length_m / 1000:.1f} km" if track.length_m >= 1000.0 else f"{track.length_m:.0f} m"
