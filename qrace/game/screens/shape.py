"""Where a page lies in the window."""

from enum import Enum, auto

from pygame import Rect

from qrace.view.layout import PADDING
from qrace.view.type import Type

COLUMN_WIDTH = 320
"""[px at scale 1]"""


class Shape(Enum):
    """The three ways."""

    CARD = auto()
    """In the middle; the mode behind a veil."""
    FULL = auto()
    """Over the whole window."""
    COLUMN = auto()
    """Down the left side; the mode beside it in full light."""

    def frame(self, window: Rect, size: tuple[int, int], type_: Type) -> Rect:
        """The page [px]; size: of a card, if the window has so much room [px at scale 1]."""
        if self is Shape.FULL:
            return window.copy()
        if self is Shape.COLUMN:
            return Rect(0, 0, min(type_.px(COLUMN_WIDTH), window.width), window.height)
        most = window.inflate(-2 * type_.px(PADDING), -2 * type_.px(PADDING)).size
        card = Rect(0, 0, min(type_.px(size[0]), most[0]), min(type_.px(size[1]), most[1]))
        card.center = window.center
        return card
