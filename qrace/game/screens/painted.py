"""What lists, cards and sliders are: elements that paint themselves once per change, not per frame."""

import pygame
from pygame_gui.core import UIElement
from pygame_gui.core.interfaces import IUIManagerInterface

from qrace.view import palette


class Painted(UIElement):
    """A subclass says how it looks in `_paint`, and sets `_dirty` when it looks otherwise; so does the focus."""

    def __init__(self, rect: pygame.Rect, manager: IUIManagerInterface, kind: str) -> None:
        """kind: its name in the theme."""
        super().__init__(rect, manager, None, starting_height=1, layer_thickness=1, element_id=[kind])
        self._dirty = True

    def update(self, time_delta: float) -> None:
        super().update(time_delta)
        if self._dirty:
            self._dirty = False
            image = pygame.Surface((int(self.rect.width), int(self.rect.height)), pygame.SRCALPHA)
            image.fill(palette.PANEL)
            self._paint(image)
            self._set_image(image)

    def focus(self) -> None:
        super().focus()
        self._dirty = True

    def unfocus(self) -> None:
        super().unfocus()
        self._dirty = True

    def _paint(self, image: pygame.Surface) -> None:
        """Draw on an image of the element's size that has the panel's colour."""
        raise NotImplementedError
