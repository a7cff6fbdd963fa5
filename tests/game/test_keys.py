"""The one table of keys."""

import pygame
import pytest

from qrace.errors import QRaceError
from qrace.game.bindings import Bindings, check_chosen, key_code, key_label, key_name
from qrace.game.keys import KEYS, Action, ModeName, markdown_table

DEFAULT = Bindings()
action_of, hints, help_groups = DEFAULT.action_of, DEFAULT.hints, DEFAULT.help_groups


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


def test_a_key_chosen_for_an_action_is_its_only_one_everywhere() -> None:
    chosen, lost = DEFAULT.bind(Action.PAUSE, pygame.K_F5)
    assert chosen == {"PAUSE": ("F5",)} and lost == []
    bindings = Bindings(chosen)
    assert bindings.action_of(key_down(pygame.K_F5), ModeName.TRAIN) is Action.PAUSE
    assert bindings.action_of(key_down(pygame.K_SPACE), ModeName.TRAIN) is None
    assert "F5" in [hint.key for hint in bindings.hints(ModeName.RACE) if hint.text == "pause"]
    told = {key.text: key.key for group in bindings.help_groups(ModeName.TRAIN) for key in group.keys}
    assert told["pause, and go on"] == "F5"


def test_a_key_that_was_taken_is_told_and_given() -> None:
    chosen, lost = DEFAULT.bind(Action.PAUSE, pygame.K_h)
    assert lost == [Action.HELP] and chosen == {"PAUSE": ("h",), "HELP": ("F1",)}
    bindings = Bindings(chosen)
    assert bindings.action_of(key_down(pygame.K_h), ModeName.TRAIN) is Action.PAUSE
    assert bindings.action_of(key_down(pygame.K_F1), ModeName.TRAIN) is Action.HELP
    assert bindings.reset(Action.PAUSE) == {"HELP": ("F1",)}
    chosen, lost = bindings.bind(Action.PANEL, pygame.K_h)
    assert lost == [Action.PAUSE] and chosen["PAUSE"] == ()
    bindings = Bindings(chosen)
    assert bindings.action_of(key_down(pygame.K_h), ModeName.TRAIN) is Action.PANEL
    assert next(key.label for key in bindings.keys if key.action is Action.PAUSE) == "none"


def test_no_two_actions_share_a_key_whatever_is_chosen() -> None:
    """Bind every action in turn to a key of another one."""
    bindings, codes = Bindings(), [code for key in KEYS for code in key.codes]
    for place, key in enumerate(list(bindings.rebindable())):
        bindings = Bindings(bindings.bind(key.action, codes[(7 * place) % len(codes)])[0])
        for mode in ModeName:
            held = [(code, k.shift) for k in bindings.keys if mode in k.modes for code in set(k.codes)]
            assert len(held) == len(set(held))


def test_a_chosen_key_goes_before_a_character_that_it_types() -> None:
    bindings = Bindings(DEFAULT.bind(Action.PAUSE, pygame.K_RIGHTBRACKET)[0])
    assert bindings.action_of(key_down(pygame.K_RIGHTBRACKET, 0, "+"), ModeName.TRAIN) is Action.PAUSE


def test_keys_have_names_for_the_file_and_for_people() -> None:
    for code in (pygame.K_SPACE, pygame.K_a, pygame.K_F5, pygame.K_LEFTBRACKET, pygame.K_KP_PLUS, 246, 1073742050):
        assert key_code(key_name(code)) == code
    labels = [key_label(code) for code in (pygame.K_SPACE, pygame.K_a, pygame.K_PAGEUP, pygame.K_KP5, 246)]
    assert labels == ["Space", "A", "Page up", "Keypad 5", "Ö"]


@pytest.mark.parametrize(
    "chosen", [{"FLY": ("a",)}, {"MENU": ("a",)}, {"PAUSE": ("NONSENSE",)}, {"PAUSE": ("KEY_-1",)}]
)
def test_what_does_not_exist_cannot_be_chosen(chosen: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(QRaceError, match="there is no"):
        check_chosen(chosen)
