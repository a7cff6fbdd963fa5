"""The one table of keys."""

import pygame
import pytest

from qrace.game.keys import KEYS, Action, ModeName, Wheel, action_of, help_groups, hints, markdown_table


def key_down(code: int, mod: int = 0, character: str = "") -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=character)


@pytest.mark.parametrize("mode", ModeName)
def test_every_key_of_a_mode_does_what_the_table_says(mode: ModeName) -> None:
    for key in KEYS:
        for code in key.codes:
            mod = pygame.KMOD_LSHIFT if key.shift else 0
            expected = key.action if mode in key.modes else None
            others = [
                k.action for k in KEYS if k is not key and code in k.codes and mode in k.modes and k.shift == key.shift
            ]
            assert action_of(key_down(code, mod), mode) == (others[0] if others else expected)
            assert not (others and mode in key.modes), f"{key.label} means two things while {mode.value}"


def test_characters_count_wherever_a_keyboard_has_them() -> None:
    # On a German keyboard the bracket is on the 8 and the plus has a key of its own beside the return key.
    assert action_of(key_down(pygame.K_8, pygame.KMOD_MODE, "["), ModeName.TRAIN) is Action.PREVIOUS_TRACK
    assert action_of(key_down(pygame.K_RIGHTBRACKET, 0, "+"), ModeName.TRAIN) is Action.FASTER


def test_keys_without_meaning_do_nothing() -> None:
    assert action_of(key_down(pygame.K_F5), ModeName.TRAIN) is None
    assert action_of(key_down(pygame.K_b), ModeName.TRAIN) is None


@pytest.mark.parametrize("mode", ModeName)
def test_help_tells_every_key_of_the_mode_and_hints_tell_no_others(mode: ModeName) -> None:
    told = [entry.text for group in help_groups(mode) for entry in group.keys]
    assert sorted(told) == sorted(key.text for key in KEYS if mode in key.modes)
    assert {hint.text for hint in hints(mode)} <= {key.hint for key in KEYS if mode in key.modes}


def test_readme_table_has_a_row_per_key() -> None:
    rows = markdown_table().splitlines()[2:]
    assert len(rows) == len(KEYS)
    assert all(row.count("|") == 4 for row in rows)


def test_wheel_holds_and_lets_go() -> None:
    wheel = Wheel()
    wheel.process_event(key_down(pygame.K_LEFT))
    wheel.process_event(key_down(pygame.K_UP))
    assert wheel.controls == (1.0, 1.0)
    wheel.process_event(key_down(pygame.K_RIGHT))
    assert wheel.controls == (0.0, 1.0)  # both ways cancel
    wheel.process_event(pygame.event.Event(pygame.KEYUP, key=pygame.K_LEFT))
    wheel.process_event(pygame.event.Event(pygame.KEYUP, key=pygame.K_UP))
    assert wheel.controls == (-1.0, 0.0)
    wheel.process_event(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    assert wheel.controls == (0.0, 0.0)
