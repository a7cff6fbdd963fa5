"""The widgets' look, in one place: pygame_gui's manager with QRace's palette, faces and sizes."""

from typing import Any

import pygame
import pygame_gui
from pygame_gui.core.drawable_shapes import RectDrawableShape  # noqa: F401  so that the first button need not wait

from qrace.view import palette
from qrace.view.palette import Colour, mix
from qrace.view.type import BODY, FONT_FOLDER, Face

ELEMENTS = ("button", "text_entry_line")
"""Those of pygame_gui's own that are used; all others paint themselves."""
PRIMARY = "@primary"
"""Class of the button that Enter stands for."""


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _font(face: Face, size: int, scale: float) -> dict[str, str]:
    return {"name": face.name.lower(), "size": str(round(size * scale)), "regular_path": str(FONT_FOLDER / face.value)}


def theme(scale: float) -> dict[str, Any]:
    """The theme at one scale of type, as pygame_gui takes it; made from the palette as it is now."""
    raised, rule, accent, text = palette.PANEL_RAISED, palette.RULE, palette.ACCENT, palette.TEXT
    lit = mix(raised, accent, 0.15)
    words = _font(Face.WORDS, BODY, scale)
    colours = {
        "normal_bg": raised, "hovered_bg": lit, "disabled_bg": palette.PANEL, "selected_bg": lit,
        "active_bg": palette.ACCENT_DARK, "dark_bg": palette.PANEL, "disabled_dark_bg": palette.PANEL,
        "normal_text": text, "hovered_text": text, "disabled_text": palette.TEXT_DIM, "selected_text": text,
        "active_text": text, "normal_border": rule, "hovered_border": palette.TEXT_DIM, "disabled_border": rule,
        "selected_border": accent, "active_border": accent, "text_cursor": accent,
    }  # fmt: skip
    made: dict[str, Any] = {"defaults": {"colours": {name: _hex(colour) for name, colour in colours.items()}}}
    for name in ELEMENTS:
        made[name] = {"font": words, "misc": {"shape": "rectangle", "border_width": "1", "shadow_width": "0"}}
    made["text_entry_line"]["misc"]["padding"] = f"{round(8 * scale)},2"
    made[PRIMARY] = {
        "font": _font(Face.STRONG, BODY, scale),
        "colours": {"normal_bg": _hex(palette.ACCENT_DARK), "hovered_bg": _hex(mix(palette.ACCENT_DARK, accent, 0.2))},
    }
    return made


class Gui:
    """The one UIManager of the window. The screen on top has its widgets in it; `clear` before another takes its turn.

    Attributes:
        manager: what pygame_gui's elements are made with.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        """size: of the window [px]; scale: of the type."""
        self._scale = scale
        self.manager = pygame_gui.UIManager(size, theme(scale), enable_live_theme_updates=False)

    def clear(self, size: tuple[int, int], scale: float) -> None:
        """Take all widgets away and get ready for a window of `size` and type of `scale`."""
        self.manager.set_window_resolution(size)
        self.manager.set_focus_set(None)
        self.manager.clear_and_reset()
        if scale != self._scale:
            self.restyle(scale)

    def restyle(self, scale: float) -> None:
        """Take the palette and a scale of type over; only while there are no widgets."""
        self._scale = scale
        self.manager.get_theme().load_theme(theme(scale))

    def draw(self, surface: pygame.Surface) -> None:
        self.manager.draw_ui(surface)
