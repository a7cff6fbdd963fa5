"""What the window asks of a screen: something that covers the mode, which goes on below or stands still.

To add a screen:

1. Write `qrace/game/screens/NAME.py` with a class that extends `Page` (page.py). `__init__(self, game)` calls
   `super().__init__(game, "Title", ...)`: a card, a full page or a column; with `hints` for the line at the bottom.
2. Override `build(self, body)`: make the widgets in that rectangle, with `add_rows` (a scrolling list, see rows.py),
   `add_button` (bottom right, the first is the one for Enter) or any pygame_gui element on `self.gui.manager`, handed
   to `add(element)`. It is called again when the window has another size and when the screen is on top again, so it
   shows what is true now; `refresh()` asks for it. Keep it under 10 ms: `RowList` paints a hundred rows in two.
3. Override `press(key, character)` for keys of its own (return True if used), `update` and `draw` (call super) for what
   moves. Esc, arrows, Tab, Enter, Space, the mouse and the gamepad work already. QRaceError becomes a notice.
4. Open it with `game.open(NameScreen(game))`, leave it with `game.back()`, or `game.enter(NameMode)`, which closes all.
   A line in registry.py puts it on the title, and lets others open it by name: `game.open_named("Drivers")`.
5. Test it like tests/game/test_screens.py: post keys and clicks, check `game.screens.top` and what has changed.
"""

from typing import Protocol

import pygame


class Screen(Protocol):
    """One thing on the stack of screens. It is made when it is opened and closed when it is left."""

    @property
    def pauses(self) -> bool:
        """Whether the mode below stands still."""
        ...

    @property
    def covers(self) -> bool:
        """Whether nothing below can be seen, so that it need not be drawn."""
        ...

    @property
    def column(self) -> int:
        """Width of the strip at the window's left that it fills while the mode is seen beside it [px], mostly 0."""
        ...

    def process_event(self, event: pygame.event.Event) -> bool:
        """Take an event; whether it has been used. F11 and F12, when not used, do what they always do."""
        ...

    def update(self, dt: float, deadline: float) -> None:
        """Let dt seconds pass; what can wait does so from `deadline` (perf_counter time)."""
        ...

    def draw(self, surface: pygame.Surface, dt: float) -> None:
        """Draw over what is on the surface."""
        ...

    def resize(self) -> None:
        """Lay everything out anew: it has come to the top, or the window, the scale or the colours have changed."""
        ...

    def close(self) -> None:
        """Leave for good."""
        ...
