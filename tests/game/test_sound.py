"""Sound in the window: when it is heard and when not, the key, and that no device is no trouble."""

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pygame
import pytest

from qrace.game.hearing import engine_power, tyre_work
from qrace.game.speaker import BEHIND_SHARE, Speaker
from qrace.sim.car import TICK_S, drive_grand_prix
from qrace.sound.effects import Effect
from qrace.sound.stream import Heard
from tests.game.helpers import Game, press, run

ROOT = Path(__file__).resolve().parents[2]


class Listener:
    """Takes the speaker's place and keeps what it is told."""

    def __init__(self, game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
        self.heard, self.played = Heard(), []
        monkeypatch.setattr(game.context.speaker, "hear", lambda heard: setattr(self, "heard", heard))
        monkeypatch.setattr(game.context.speaker, "play", lambda effect, loudness=1.0: self.played.append(effect))


@pytest.fixture
def listener(game: Game, monkeypatch: pytest.MonkeyPatch) -> Listener:
    return Listener(game, monkeypatch)


def test_the_whole_track_is_quiet_in_training_and_a_followed_car_is_heard(game: Game, listener: Listener) -> None:
    run(game, 0.5)
    assert listener.heard.loudness == 0.0 and listener.played == []
    press(game, pygame.K_c)
    run(game, 0.5)
    assert 0.0 < listener.heard.loudness < 1.0
    assert listener.heard.car == "lesson" and 20.0 <= listener.heard.speed <= 34.0
    training = listener.heard.loudness
    press(game, pygame.K_t)
    run(game, 0.2)
    assert listener.heard.loudness > training


def test_speed_pause_and_cards_make_it_quiet(game: Game, listener: Listener) -> None:
    press(game, pygame.K_c)
    run(game, 0.2)
    normal = listener.heard.loudness
    press(game, pygame.K_PLUS)
    run(game, 0.2)
    assert 0.0 < listener.heard.loudness < normal
    press(game, pygame.K_PLUS)
    run(game, 0.2)
    assert listener.heard.loudness == 0.0
    for _ in range(2):
        press(game, pygame.K_MINUS)
    for key in (pygame.K_SPACE, pygame.K_F1):
        press(game, key)
        run(game, 0.2)
        assert listener.heard.loudness == 0.0
        press(game, key)
        run(game, 0.2)
        assert listener.heard.loudness == normal


def test_a_crash_of_the_chosen_car_is_heard_in_follow_view(game: Game, listener: Listener) -> None:
    press(game, pygame.K_c)
    run(game, 0.2)
    scene = game.context.scene
    scene.crashes.add(0.0, 0.0, 0.0, 0.0, 0, scene.chosen + 1, "lesson")
    run(game, 0.2)
    assert Effect.CRASH in listener.played


def test_the_key_switches_it_and_the_focus_lowers_it(game: Game) -> None:
    speaker = game.context.speaker
    assert speaker.level == speaker.volume > 0.0
    press(game, pygame.K_m)
    assert speaker.level == 0.0 and "off" in game.notices.text
    press(game, pygame.K_m)
    assert "on" in game.notices.text
    for kind, share in ((pygame.WINDOWFOCUSLOST, BEHIND_SHARE), (pygame.WINDOWFOCUSGAINED, 1.0)):
        pygame.event.post(pygame.event.Event(kind))
        for event in pygame.event.get():
            game.process_event(event)
        assert speaker.level == pytest.approx(share * speaker.volume)


def test_power_and_tyres_are_told_from_the_motion() -> None:
    for pedal in (1.0, 0.5, 0.0):
        _, after, _, _ = drive_grand_prix(0.0, 40.0, 0.0, 0.0, pedal)
        expected = max(pedal - (1.0 - pedal) * 1.5 / 13.0, 0.0)
        assert engine_power("grand-prix", 40.0, (after - 40.0) / TICK_S) == pytest.approx(expected, abs=0.02)
    heading, speed, steer = 0.0, 50.0, 0.0
    quiet = tyre_work("grand-prix", speed, 0.0, 0.1)
    for _ in range(10):
        before = heading
        heading, speed, steer, _ = drive_grand_prix(heading, speed, steer, 1.0, 0.0)
    assert quiet == 0.0 and tyre_work("grand-prix", speed, 0.0, (heading - before) / TICK_S) > 0.7


def test_a_speaker_plays_on_a_device_and_closes() -> None:
    speaker = Speaker()
    speaker.start()
    end = monotonic() + 20.0
    while speaker.available is None and monotonic() < end:
        sleep(0.01)
    assert speaker.available
    speaker.hear(Heard("grand-prix", 50.0, 1.0, 0.0, 1.0))
    speaker.play(Effect.LAP)
    while not (pygame.mixer.Channel(0).get_busy() and pygame.mixer.get_busy()) and monotonic() < end:
        sleep(0.01)
    assert pygame.mixer.Channel(0).get_busy()
    speaker.close()
    assert pygame.mixer.get_init() is None


def test_no_device_is_no_trouble(tmp_path: Path) -> None:
    script = """
from time import monotonic, sleep
from qrace.game.speaker import Speaker
from qrace.sound.effects import Effect
from qrace.sound.stream import Heard
speaker = Speaker()
speaker.start()
end = monotonic() + 20
while speaker.available is None and monotonic() < end:
    sleep(0.01)
speaker.hear(Heard(loudness=1.0))
speaker.play(Effect.CRASH)
speaker.close()
print(speaker.available)
"""
    environment = {"SDL_AUDIODRIVER": "nothing-of-this-name", "PATH": "", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr.strip(), done.returncode) == ("False", "", 0)


def test_what_is_heard_never_changes_what_is_driven(game: Game, listener: Listener) -> None:
    press(game, pygame.K_c)
    run(game, 0.3)
    shown = game.context.scene.shown
    assert shown is not None
    before = shown.poses.copy()
    game.draw(game.display.surface, 0.0)
    assert np.array_equal(game.context.scene.shown.poses, before)
