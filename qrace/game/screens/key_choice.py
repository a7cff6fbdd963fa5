"""Keys: every action with its key, and another one for it at a press."""

from typing import TYPE_CHECKING

import pygame

from qrace.game.bindings import key_label
from qrace.game.keys import GROUPS, KEYS, Action, ModeName
from qrace.game.screens.dialogs import Message
from qrace.game.screens.page import Page
from qrace.game.screens.rows import Row
from qrace.view.help_overlay import KeyHelp

if TYPE_CHECKING:
    from qrace.game.game import Game

SIZE = (640, 640)
HINTS = (KeyHelp("Enter", "new key"), KeyHelp("Del", "as it was"), KeyHelp("Esc", "back"))
MODIFIERS = tuple(getattr(pygame, f"K_{side}{name}") for side in "LR" for name in ("SHIFT", "CTRL", "ALT", "META"))


class KeysScreen(Page):
    """All actions by group; Enter asks for the new key of the marked one."""

    def __init__(self, game: "Game") -> None:
        super().__init__(game, "Keys", size=SIZE, hints=HINTS)
        self._lines: list[Action | None] = []

    def build(self, body: pygame.Rect) -> None:
        rows: list[Row] = []
        self._lines = []
        keys = list(self.game.keys.rebindable())
        for title in GROUPS:
            group = [key for key in keys if key.group == title]
            if group:
                rows.append(Row(title, heading=True))
                self._lines.append(None)
            for key in group:
                rows.append(Row(_text(key.action), key.label, key=True))
                self._lines.append(key.action)
        self._list = self.add_rows(body, rows, self._ask)
        self.add_button("Close", self.game.back, primary=True)
        self.add_button("All as they were", self._reset_all)

    def _ask(self, index: int) -> None:
        action = self._lines[index]
        assert action is not None
        self.game.open(NewKey(self.game, action))

    def press(self, key: int, character: str) -> bool:
        action = self._lines[self._list.marked]
        if key not in (pygame.K_DELETE, pygame.K_BACKSPACE) or action is None:
            return False
        self.game.change_settings(keys=self.game.keys.reset(action))
        self.refresh()
        return True

    def _reset_all(self) -> None:
        self.game.change_settings(keys={})
        self.refresh()


class NewKey(Message):
    """Waits for one key, which becomes the action's."""

    def __init__(self, game: "Game", action: Action) -> None:
        text = f"Press the new key for: {_text(action)}."
        super().__init__(game, "New key", text, hints=(KeyHelp("Esc", "leave it as it is"),))
        self._action = action

    def process_event(self, event: pygame.event.Event) -> bool:
        pad = getattr(event, "from_pad", False)  # a gamepad has no keys to give
        if event.type != pygame.KEYDOWN or event.key == pygame.K_ESCAPE or pad:
            return super().process_event(event)
        if event.key not in MODIFIERS:
            self._take_key(event.key)
        return True

    def _take_key(self, code: int) -> None:
        game = self.game
        chosen, lost = game.keys.bind(self._action, code)
        game.back()
        game.change_settings(keys=chosen)
        told = f"{key_label(code)}: {_text(self._action)}."
        for action in lost:
            left = [key_label(other) for other in game.keys.codes(action)]
            now = f"has {' or '.join(left)} left" if left else "has no key now, choose another"
            told += f" “{_text(action)}” {now}."
        game.notices.tell(told)
        if game.screens.top is not None:
            game.screens.top.resize()


def _text(action: Action) -> str:
    """What an action does; it may do different things in different modes."""
    texts = [key.text for key in KEYS if key.action is action]
    text = "; ".join(dict.fromkeys(texts)) if len(texts) < len(ModeName) else texts[0]
    return text[:1].upper() + text[1:]
