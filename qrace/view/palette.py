"""Every colour of QRace, by name. No other module writes down a colour, or keeps one: `use` changes them.

A quiet evening race seen from above: the ground is dark, the road and the cars carry the light. One accent hue (a cool
cyan) marks whatever is chosen: the chosen car, its rays, its action. Good and bad differ in lightness too.
"""

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

# The ground and what stands on it.
GROUND: Colour = (21, 31, 34)
GROUND_NEAR_ROAD: Colour = (36, 51, 53)
"""Lit a little by the road."""
VERGE: Colour = (44, 60, 61)
"""The shoulder of the road, off its edge."""
TREE: Colour = (18, 34, 33)
TREE_LIT: Colour = (31, 52, 48)
SHADOW: Colour = (6, 9, 10)

# The road.
ROAD: Colour = (82, 78, 73)
ROAD_SHADE: Colour = (58, 55, 53)
"""The road beside its edges."""
EDGE_LINE: Colour = (206, 201, 190)
KERB_RED: Colour = (178, 60, 50)
KERB_WHITE: Colour = (214, 208, 198)
START_WHITE: Colour = (228, 224, 215)
START_BLACK: Colour = (28, 28, 29)
ROAD_MARK: Colour = (134, 129, 122)
"""Grid boxes and arrows painted on the road."""
PARAPET: Colour = (158, 153, 146)
"""The low walls of a bridge."""
TYRE_MARK: Colour = (24, 22, 21)

# Cars.
LIVERIES: tuple[Colour, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (240, 228, 66),
    (204, 121, 167),
    (0, 158, 115),
    (213, 94, 0),
    (236, 236, 232),
    (0, 114, 178),
)
"""Okabe and Ito, "Color Universal Design" (2008), neighbours far apart; their black is white here."""
LIVERY_NAMES: tuple[str, ...] = ("orange", "sky", "yellow", "pink", "green", "red", "white", "blue")
LIVERY_INKS: tuple[Colour, ...] = (
    (24, 20, 12),
    (12, 22, 30),
    (28, 26, 10),
    (30, 14, 23),
    (8, 22, 17),
    (28, 12, 4),
    (26, 26, 26),
    (244, 248, 250),
)
"""The colour of the number on each livery."""
TYRE: Colour = (17, 17, 18)
RIM: Colour = (74, 76, 79)
GLASS: Colour = (22, 28, 33)
CARBON: Colour = (38, 39, 41)
HELMET: Colour = (240, 238, 232)
HEADLIGHT: Colour = (255, 244, 214)
BRAKE_LIGHT: Colour = (255, 70, 54)
TAIL_LIGHT: Colour = (120, 30, 27)

# The one accent: the chosen car, its rays, its action, the focused control.
ACCENT: Colour = (104, 208, 222)
ACCENT_DARK: Colour = (28, 84, 96)
RAY_NEAR: Colour = (196, 246, 250)
"""A ray that meets the edge close by; the same hue as RAY_FAR, lighter."""
RAY_FAR: Colour = (44, 128, 146)

# Crashes.
PUFF: Colour = (188, 186, 180)

# Panels, text, charts.
PANEL: Colour = (14, 20, 23)
PANEL_RAISED: Colour = (25, 35, 39)
"""A control or a bar's empty track on a panel."""
RULE: Colour = (42, 55, 60)
"""Thin separators and a chart's grid."""
TEXT: Colour = (230, 234, 232)
TEXT_DIM: Colour = (150, 164, 167)
"""Labels and units; at least 4.5 : 1 on PANEL and PANEL_RAISED."""
GOOD: Colour = (92, 205, 160)
WARN: Colour = (240, 190, 84)
BAD: Colour = (240, 122, 84)


# Schemes: what they have other than what is above, which is the first of them.
SCHEMES: dict[str, dict[str, object]] = {
    "okabe-ito": {},
    # Paul Tol, "Colour Schemes" (SRON technical note 3.2, 2021), light and bright.
    "tol": {
        "LIVERIES": (
            (238, 136, 102),
            (119, 170, 221),
            (238, 221, 136),
            (255, 170, 187),
            (68, 187, 153),
            (204, 51, 17),
            (236, 236, 232),
            (68, 119, 170),
        ),
        "LIVERY_INKS": (
            (30, 14, 8),
            (10, 20, 30),
            (28, 26, 10),
            (30, 14, 20),
            (6, 22, 17),
            (255, 255, 255),
            (26, 26, 26),
            (255, 255, 255),
        ),
        "LIVERY_NAMES": ("apricot", "sky", "straw", "rose", "mint", "red", "white", "blue"),
        "ACCENT": (153, 221, 255),
        "ACCENT_DARK": (34, 78, 110),
        "RAY_NEAR": (214, 240, 255),
        "RAY_FAR": (62, 118, 160),
        "GOOD": (68, 187, 153),
        "WARN": (238, 221, 136),
        "BAD": (238, 136, 102),
    },
    "high-contrast": {
        "GROUND": (6, 10, 11),
        "GROUND_NEAR_ROAD": (12, 18, 19),
        "VERGE": (20, 28, 29),
        "TREE": (10, 20, 19),
        "TREE_LIT": (18, 32, 30),
        "ROAD": (58, 57, 56),
        "ROAD_SHADE": (44, 43, 42),
        "EDGE_LINE": (255, 255, 255),
        "KERB_RED": (226, 70, 56),
        "KERB_WHITE": (255, 255, 255),
        "ROAD_MARK": (186, 184, 180),
        "LIVERIES": (
            (255, 176, 0),
            (110, 200, 255),
            (255, 244, 80),
            (240, 140, 200),
            (0, 200, 145),
            (255, 104, 24),
            (255, 255, 255),
            (60, 140, 255),
        ),
        "LIVERY_INKS": ((0, 0, 0),) * 8,
        "ACCENT": (64, 232, 255),
        "ACCENT_DARK": (0, 84, 98),
        "RAY_NEAR": (214, 250, 255),
        "RAY_FAR": (60, 160, 182),
        "PANEL": (0, 0, 0),
        "PANEL_RAISED": (30, 36, 38),
        "RULE": (112, 126, 130),
        "TEXT": (255, 255, 255),
        "TEXT_DIM": (206, 216, 218),
        "GOOD": (116, 255, 190),
        "WARN": (255, 216, 70),
        "BAD": (255, 150, 110),
    },
}
_FIRST = {name: globals()[name] for scheme in SCHEMES.values() for name in scheme}
_in_use = ["okabe-ito"]


def scheme() -> str:
    """The name of the scheme that is in use."""
    return _in_use[0]


def use(name: str) -> None:
    """Give all colours their values in this scheme; what has been painted with the old ones stays as it is.

    There is one screen and one pair of eyes before it, so the scheme is the program's and not an object's.
    """
    globals().update(_FIRST | SCHEMES[name])
    _in_use[0] = name


def mix(start: Colour, end: Colour, share: float) -> Colour:
    """The colour `share` (0 to 1) of the way from `start` to `end`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio" and "relative luminance")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
