"""Type: two bundled families, four sizes, every string rendered once.

Inter for words and JetBrains Mono for figures, so that a changing number does not shift the ones beside it. Both are
under the SIL Open Font License (assets/fonts/OFL.txt).
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

import pygame

from qrace.errors import printable
from qrace.view import palette
from qrace.view.palette import Colour

FONT_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "fonts"

SMALL, BODY, LARGE, TITLE = 12, 14, 18, 28
"""The type scale [px at scale 1]."""

CACHED_STRINGS = 1024
"""Rendered strings kept; the panel shows about sixty at a time."""


class Face(Enum):
    """A bundled font file."""

    WORDS = "Inter-Regular.otf"
    STRONG = "Inter-SemiBold.otf"
    FIGURES = "JetBrainsMono-Regular.ttf"
    FIGURES_STRONG = "JetBrainsMono-Medium.ttf"


@dataclass(frozen=True, eq=False)  # compared by identity, which makes a fast key of the cache
class Style:
    """How a string looks; a few constants and their colours."""

    face: Face
    size: int
    ink: Colour | str
    """A colour, or the name of one in the palette, which may be another in another scheme."""

    @property
    def colour(self) -> Colour:
        """As the palette has it now."""
        return getattr(palette, self.ink) if isinstance(self.ink, str) else self.ink

    @cache  # noqa: B019  the styles live as long as the program
    def in_colour(self, colour: Colour) -> "Style":
        return replace(self, ink=colour)


LABEL = Style(Face.WORDS, SMALL, "TEXT_DIM")
HEADING = Style(Face.STRONG, SMALL, "TEXT")
WORDS = Style(Face.WORDS, BODY, "TEXT")
STRONG = Style(Face.STRONG, BODY, "TEXT")
HEADLINE = Style(Face.STRONG, LARGE, "TEXT")
DISPLAY = Style(Face.STRONG, TITLE, "TEXT")
FIGURE = Style(Face.FIGURES, BODY, "TEXT")
FIGURE_SMALL = Style(Face.FIGURES, SMALL, "TEXT_DIM")
FIGURE_LARGE = Style(Face.FIGURES_STRONG, TITLE, "TEXT")


class Type:
    """Sets text at one scale. Strings are cached, so that drawing one again is a blit."""

    def __init__(self, scale: float = 1.0) -> None:
        if not pygame.font.get_init():
            pygame.font.init()
        self._fonts: dict[Style, tuple[pygame.font.Font, int]] = {}
        self._strings: OrderedDict[tuple[str, Style], pygame.Surface] = OrderedDict()
        self.scale = scale

    def set_scale(self, scale: float) -> None:
        """Change the size of all text, as a window that is resized does."""
        if scale != self.scale:
            self.scale = scale
            self._fonts.clear()
            self.forget()

    def forget(self) -> None:
        """Render everything anew: the palette has another scheme."""
        self._strings.clear()

    def px(self, length: float) -> int:
        """A length of the layout at scale 1, in pixels of this scale."""
        return round(length * self.scale)

    def font(self, style: Style) -> pygame.font.Font:
        return self._font(style)[0]

    def _font(self, style: Style) -> tuple[pygame.font.Font, int]:
        """The font and its ascent [px]."""
        known = self._fonts.get(style)
        if known is None:
            font = pygame.font.Font(FONT_FOLDER / style.face.value, self.px(style.size))
            known = self._fonts[style] = font, font.get_ascent()
        return known

    def render(self, text: str, style: Style) -> pygame.Surface:
        """The string with a transparent background; what no font can show, such as a null, gets a mark."""
        key = (text, style)
        surface = self._strings.get(key)
        if surface is None:
            surface = self.font(style).render(printable(text), True, style.colour)
            self._strings[key] = surface
            if len(self._strings) > CACHED_STRINGS:
                self._strings.popitem(last=False)
        else:
            self._strings.move_to_end(key)
        return surface

    def width(self, text: str, style: Style) -> int:
        return self.render(text, style).get_width()

    def left(self, surface: pygame.Surface, text: str, style: Style, x: float, baseline: float) -> int:
        """Draw from x rightwards; returns where the string ends [px]."""
        image = self.render(text, style)
        surface.blit(image, (x, baseline - self._font(style)[1]))
        return round(x) + image.get_width()

    def right(self, surface: pygame.Surface, text: str, style: Style, x: float, baseline: float) -> int:
        """Draw so that the string ends at x; returns where it begins [px]."""
        start = round(x) - self.width(text, style)
        self.left(surface, text, style, start, baseline)
        return start

    def centre(self, surface: pygame.Surface, text: str, style: Style, x: float, baseline: float) -> None:
        self.left(surface, text, style, round(x - self.width(text, style) / 2), baseline)

    def fit(self, text: str, style: Style, width: float) -> str:
        """The string, or its beginning and an ellipsis where it is wider than `width` pixels."""
        text = printable(text)
        if len(text) <= width and self.font(style).size(text)[0] <= width:
            return text
        text = text[: max(round(width), 0)]  # a character is a pixel wide at least
        while text and self.font(style).size(text + "…")[0] > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """The words of a sentence on lines of at most `width` pixels; a longer word, such as a path, is shortened."""
        lines: list[str] = []
        for word in map(printable, text.split()):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.font(style).size(joined)[0] <= width:
                lines[-1] = joined
            else:
                lines.append(self.fit(word, style, width))
        return lines
