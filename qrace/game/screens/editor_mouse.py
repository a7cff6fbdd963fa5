"""The mouse on the editor's canvas: the left button draws, the others and the wheel move the view."""

import pygame

from qrace.game.editing.hand import GROUND, Hand
from qrace.view.table_camera import TableCamera

WIDEN_M = 0.5
"""One notch of the wheel moves an edge so far [m]."""
CLICK_PX = 4
"""A button that moves the view by less is a click."""
VIEW_BUTTONS = (2, 3)


class EditorMouse:
    """Hands on what the left button does; pans and zooms by itself."""

    def __init__(self, hand: Hand, camera: TableCamera) -> None:
        self._hand, self._camera = hand, camera
        self._pointer: tuple[int, int] = camera.viewport.center
        self._grip: tuple[int, int] | None = None
        """Where a button has hold of the view."""
        self._panned = False

    def process_event(self, event: pygame.event.Event) -> bool:
        """Take what the mouse does on the canvas; whether it was there."""
        if event.type == pygame.MOUSEWHEEL:
            self._wheel(event)
            return True
        if event.type == pygame.WINDOWFOCUSLOST:
            self._hand.release(self._pointer)
            self._grip = None
            return False
        if event.type not in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            return False
        self._pointer = event.pos
        if event.type == pygame.MOUSEMOTION:
            return self._move(event.pos)
        if event.type == pygame.MOUSEBUTTONDOWN:
            return self._press(event)
        return self._release(event)

    def _move(self, pixel: tuple[int, int]) -> bool:
        if self._grip is not None:
            self._move_view(pixel)
        elif self._hand.held is not None:
            self._hand.move(pixel)
        elif self._camera.viewport.collidepoint(pixel):
            self._hand.hover(pixel)
        else:
            self._hand.under = GROUND
            return False
        return True

    def _press(self, event: pygame.event.Event) -> bool:
        if not self._camera.viewport.collidepoint(event.pos):
            return False
        if event.button == 1 and self._grip is None:
            self._hand.press(event.pos)
            if self._hand.on_bare_ground:
                self._grip, self._panned = event.pos, False
        elif event.button in VIEW_BUTTONS and self._hand.held is None:
            self._grip, self._panned = event.pos, False
        return True

    def _release(self, event: pygame.event.Event) -> bool:
        grip = self._grip
        if event.button == 1 and self._hand.held is not None:
            self._hand.release(event.pos)
        elif event.button not in VIEW_BUTTONS or grip is None:
            return False
        self._grip = None
        if event.button == 3 and not self._panned and (target := self._hand.find(event.pos)).kind == "point":
            self._hand.delete(target.index)
        return True

    def _move_view(self, pixel: tuple[int, int]) -> None:
        assert self._grip is not None
        moved = pixel[0] - self._grip[0], pixel[1] - self._grip[1]
        if self._panned or max(abs(moved[0]), abs(moved[1])) > CLICK_PX:
            self._camera.pan(moved)
            self._grip, self._panned = pixel, True

    def _wheel(self, event: pygame.event.Event) -> None:
        mods = pygame.key.get_mods()
        if mods & (pygame.KMOD_CTRL | pygame.KMOD_META):
            self._hand.widen(WIDEN_M * event.y, everywhere=True)
        elif mods & pygame.KMOD_SHIFT:
            self._hand.widen(WIDEN_M * (event.y or event.x), everywhere=False)
        elif self._camera.viewport.collidepoint(self._pointer):
            self._camera.zoom(event.y, self._pointer)
