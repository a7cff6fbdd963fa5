"""The badge: what matters most, in a line at the top left of the stage, for when the panel is closed."""

import pygame

from qrace.view import palette
from qrace.view.layout import BADGE_HEIGHT, PADDING
from qrace.view.panel import NOTHING, PanelContent
from qrace.view.type import FIGURE, LABEL, STRONG, Type


def draw_badge(surface: pygame.Surface, stage: pygame.Rect, type_: Type, content: PanelContent) -> None:
    """Draw it; see Layout.free_stage for what it leaves."""
    padding, best = type_.px(PADDING), content.headline[0]
    baseline = stage.top + padding + type_.px(12)
    words = [(content.mode, STRONG), (content.status, FIGURE.in_colour(content.status_colour))]
    if best.value != NOTHING:
        words += [(best.label, LABEL), (f"{best.value} {best.unit}".rstrip(), FIGURE)]
    gap = type_.px(12)
    width = sum(type_.width(text, style) + gap for text, style in words)
    track = type_.fit(content.track, LABEL, stage.width - width - 2 * padding)
    words.insert(2, (track, LABEL))
    width += type_.width(track, LABEL)
    box = pygame.Rect(stage.left + padding // 2, stage.top + padding // 2, width + padding, type_.px(BADGE_HEIGHT))
    pygame.draw.rect(surface, palette.PANEL, box)
    x = stage.left + padding
    for text, style in words:
        x = type_.left(surface, text, style, x, baseline + type_.px(2)) + gap
