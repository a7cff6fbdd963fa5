"""Plays what qrace.sound makes, on a thread of its own: no frame ever waits for a sound, or for a sound card.

The engine is a stream: stretches of samples, each rendered while the one before it plays. Where there is no sound
device, everything here does nothing.
"""

import ctypes
import logging
import sys
from queue import Empty, SimpleQueue
from threading import Event, Thread

import pygame

from qrace.sound.effects import MAKERS, Effect
from qrace.sound.stream import STRETCH, CarStream, Heard
from qrace.sound.synthesis import SAMPLE_RATE, to_int16

BUFFER = STRETCH // 2
"""Samples that the mixer asks for at a time; stretches are a multiple of it, or there would be gaps between them."""
POLL_S = 0.012
"""How often a running stream is looked after: a quarter of a stretch."""
IDLE_S = 1.0
"""… and a silent one, unless something is to be heard."""
DEFAULT_VOLUME = 0.5
BEHIND_SHARE = 0.25
"""What is left of the volume while another window has the focus."""
CLOSE_S = 2.0
NO_DEVICE = "No sound: %s."


class Speaker:
    """What the game holds of its sound. Silent until `start`.

    Attributes:
        volume: 0 to 1.
        on: whether anything is to be heard.
        available: whether there is a sound device; None until that is known.
    """

    def __init__(self, volume: float = DEFAULT_VOLUME, on: bool = True) -> None:
        self.volume = volume
        self.on = on
        self.available: bool | None = None
        self._focused = True
        self._heard = Heard()
        self._waiting: SimpleQueue[tuple[Effect, float]] = SimpleQueue()
        self._woken, self._closed = Event(), Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Find the sound device and make the sounds, in the background."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="speaker", daemon=True)
            self._thread.start()

    @property
    def level(self) -> float:
        """The volume as it is now: nothing while off, low while another window has the focus."""
        return self.volume * self.on * (1.0 if self._focused else BEHIND_SHARE)

    def set_level(self, volume: float, on: bool) -> None:
        """Volume, 0 to 1, and whether anything is to be heard at all."""
        self.volume, self.on = volume, on

    def process_event(self, event: pygame.event.Event) -> None:
        """The window's focus comes and goes."""
        if event.type in (pygame.WINDOWFOCUSLOST, pygame.WINDOWFOCUSGAINED):
            self._focused = event.type == pygame.WINDOWFOCUSGAINED

    def hear(self, heard: Heard) -> None:
        """Listen to this car; once a frame."""
        self._heard = heard
        if heard.loudness > 0.0 and self.level > 0.0:
            self._woken.set()

    def play(self, effect: Effect, loudness: float = 1.0) -> None:
        """Play a short sound, once."""
        if self._thread is not None and self.available is not False and self.level * loudness > 0.0:
            self._waiting.put((effect, loudness))
            self._woken.set()

    def close(self) -> None:
        """Fall silent and let go of the device."""
        self._closed.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        try:
            _open_device()
        except pygame.error as error:
            self.available = False
            logging.getLogger(__name__).info(NO_DEVICE, error)
            return
        try:
            self._serve()
        finally:
            pygame.mixer.stop()
            pygame.mixer.quit()

    def _serve(self) -> None:
        """Make the sounds, then look after the stream and play what waits, until closed."""
        sounds = {effect: pygame.mixer.Sound(buffer=to_int16(make()).tobytes()) for effect, make in MAKERS.items()}
        stream, channel = CarStream(), pygame.mixer.Channel(0)
        self.available = True
        while not self._closed.is_set():
            self._play_waiting(sounds)
            silent = stream.silent and self._heard.loudness * self.level == 0.0
            if not silent and channel.get_queue() is None:
                samples = stream.render(self._heard, self.level)
                channel.queue(pygame.mixer.Sound(buffer=samples.tobytes()))
            elif silent:
                self._woken.clear()
            self._woken.wait(IDLE_S) if silent else self._closed.wait(POLL_S)

    def _play_waiting(self, sounds: dict[Effect, pygame.mixer.Sound]) -> None:
        while True:
            try:
                effect, loudness = self._waiting.get_nowait()
            except Empty:
                return
            channel = pygame.mixer.find_channel()
            if channel is not None:
                channel.set_volume(min(self.level * loudness, 1.0))
                channel.play(sounds[effect])


def _open_device() -> None:
    """Open the mixer. Raises pygame.error where there is no sound device."""
    if sys.platform.startswith("linux"):
        _silence_alsa()
    pygame.mixer.init(SAMPLE_RATE, -16, 1, BUFFER, allowedchanges=0)
    pygame.mixer.set_reserved(1)  # the first channel is the stream's


def _silence_alsa() -> None:
    """Without a sound card ALSA writes seven lines to the terminal, unless another function takes its messages.

    That function must be one of C: ALSA calls it from threads of its own while this one holds Python's lock.
    """
    try:
        does_nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(does_nothing)
    except (OSError, AttributeError):
        pass  # another sound system, which says nothing anyway
