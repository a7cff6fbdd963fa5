"""What the modes share: the road, the brain that learns on it, and the folder of saved brains."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from qrace.errors import printable
from qrace.game.brain_files import autosave, autosaves, free_paths, is_autosave
from qrace.game.greedy_laps import GreedyLaps
from qrace.game.recorder import Recorder, training_run
from qrace.race.records import Lap, RaceResult
from qrace.rl.checkpoint import Checkpoint, CheckpointError, load_checkpoint, save_elsewhere, save_new
from qrace.rl.config import Config
from qrace.rl.persona import Persona
from qrace.rl.trainer import Trainer
from qrace.sim.track import Track
from qrace.sim.track_files import RANDOM_PREFIX, builtin_tracks, load_track
from qrace.whole_file import OwnFile, file_stamp

THIS_BRAIN = "This brain"
"""What the brain at work is called in a race."""
AUTOSAVES_KEPT = 10


class Session:
    """One sitting. A brain that has learned something is never thrown away: it is saved before another takes its place.

    Attributes:
        track: the road.
        trainer: the brain and its cars.
        folder: where brains are saved.
        greedy_laps: how the learner did in the examinations on this road.
        recorder: keeps the laps and the training runs of this sitting.
    """

    def __init__(self, track: Track, trainer: Trainer, folder: Path, recorder: Recorder | None = None) -> None:
        """recorder: closed with the session; without one nothing is recorded."""
        self.track = track
        self.trainer = trainer
        self.folder = folder
        self.greedy_laps = GreedyLaps()
        self.recorder = recorder or Recorder()
        self._born = datetime.now()
        self._persona = Persona()
        """Of the file that the brain was last loaded from or saved to by name."""
        self._names = builtin_tracks()
        if track.name not in self._names and not track.name.startswith(RANDOM_PREFIX):
            self._names.insert(0, track.name)
        self._given = {track.name: track}
        self._saved_updates = trainer.agent.updates
        self._autosaved: OwnFile | None = None
        """The file that the brain is saved to without being asked, once there is one."""
        self._kept: tuple[Path, int] | None = None
        """The file that the brain was last loaded from or saved to by name, and the updates it had had then."""
        self._disk = ThreadPoolExecutor(1, "autosave")
        self._saving: tuple[Future[OwnFile], int, Checkpoint] | None = None
        """An autosave on its way to the disk: its file, the updates that the brain has had, and what is in it."""

    @property
    def config(self) -> Config:
        return self.trainer.config

    @property
    def brain_name(self) -> str:
        """What the brain is called in records: by its file, as long as it is what is in there, or by its birth."""
        if self._kept is None:
            return f"Brain {self._born:%d %b %H:%M:%S}"
        path, updates = self._kept
        if self.trainer.agent.updates == updates:
            return self._persona.name or printable(path.stem)
        return self._persona.trained_on(path.stem).name

    def record_laps(self, lap_times: Iterable[float | None]) -> None:
        """Keep the best of these clean laps of the brain, if it is a record of its own [s]."""
        times = [lap_s for lap_s in lap_times if lap_s is not None]
        if times:
            self.recorder.lap(self.track, Lap(self.config.env.car, self.brain_name, float(min(times))))

    def record_race(self, track: Track, result: RaceResult) -> None:
        """Keep a race's result; the brain at work goes into it by its own name."""
        entrants = [replace(e, name=self.brain_name) if e.name == THIS_BRAIN else e for e in result.entrants]
        self.recorder.race(track, replace(result, entrants=tuple(entrants)))

    def change_track(self, step: int) -> None:
        """Take the brain to the next (1) or previous (-1) road; behind the last built-in one lie random ones."""
        name = self._neighbour(step)
        self.go_to(self._given.get(name) or load_track(name))

    def go_to(self, track: Track) -> None:
        """Take the brain to a road; one that is neither built in nor random joins those that change_track goes through.

        A road of the same name, such as an older drawing of it, is forgotten.
        """
        trainer = Trainer.from_checkpoint(self.trainer.checkpoint(self.track.name), [track])
        trainer.metrics.best_lap_s = trainer.metrics.last_lap_s = None  # even where the new road has the old name
        self.trainer.close()
        self.trainer, self.greedy_laps = trainer, GreedyLaps()
        self._be_on(track)

    def _be_on(self, track: Track) -> None:
        self.track = track
        if not track.name.startswith(RANDOM_PREFIX):
            self._given[track.name] = track
            if track.name not in self._names:
                self._names.insert(0, track.name)

    def _neighbour(self, step: int) -> str:
        name, count = self.track.name, len(self._names)
        if name.startswith(RANDOM_PREFIX):
            position = count - 1 + max(1, int(name.removeprefix(RANDOM_PREFIX)))
        else:
            position = self._names.index(name)
        position += step
        if position < 0:
            return self._names[-1]
        return self._names[position] if position < count else f"{RANDOM_PREFIX}{position - count + 1}"

    def new_brain(self) -> Path | None:
        """Start over; returns the file that the old brain gets, None if it has one or has learned nothing."""
        kept = self._keep()
        config = replace(self.config, seed=self.config.seed + 1)
        self._take(Trainer(config, [self.track]))
        return kept

    def load(self, path: Path, track: Track | None = None) -> Path | None:
        """Go on with a saved brain, its car and senses, on another road if one is given.

        Returns the file that the old brain gets, None as above. Raises CheckpointError, and then nothing has changed.
        """
        checkpoint, track = load_checkpoint(path), track or self.track
        trainer = Trainer.from_checkpoint(checkpoint, [track])
        kept = self._keep()
        self._take(trainer)
        self._be_on(track)
        self.comes_from(path, checkpoint.persona)
        return kept

    def comes_from(self, path: Path, persona: Persona) -> None:
        """The brain at work is what is in this file."""
        self._kept, self._persona = (path, self.trainer.agent.updates), persona

    def file_moved(self, old: Path, new: Path, persona: Persona) -> None:
        """A saved brain has got another file and name; it may be the one at work."""
        if self._kept is not None and self._kept[0].resolve() == old.resolve():
            self._kept, self._persona = (new, self._kept[1]), persona
        elif self._autosaved is not None and self._autosaved.path.resolve() == old.resolve():
            self._autosaved, self._kept, self._persona = None, (new, self._saved_updates), persona

    def _take(self, trainer: Trainer) -> None:
        self.finish_autosave(wait=True)
        self.trainer.close()
        self.trainer, self.greedy_laps = trainer, GreedyLaps()
        self._saved_updates = trainer.agent.updates
        self._autosaved = self._kept = None
        self._persona = Persona()
        self._born = max(datetime.now(), self._born + timedelta(seconds=1.0))  # no two have the same name

    @property
    def unsaved(self) -> bool:
        """Whether the brain has learned since it was last saved, or its file is another's now, or gone."""
        return self.trainer.agent.updates > self._saved_updates or self._lost()

    def _lost(self) -> bool:
        by_name = self._kept is not None and self._kept[1] == self._saved_updates
        return not by_name and self._autosaved is not None and not self._autosaved.is_there()

    def _keep(self) -> Path | None:
        """Save by name the brain that is to go, with what it has learned since it was last loaded or saved so."""
        known = 0 if self._kept is None else self._kept[1]
        return self.save() if self.trainer.agent.updates > known else None

    def save(self) -> Path:
        """Save the brain under the next free number: models/oval-3.safetensors.

        One that has learned nothing since it was loaded or saved has its file already, and no copy is made, but of a
        file that goes when there are newer ones.
        """
        self.trainer.join()
        updates = self.trainer.agent.updates
        if self._kept is not None and self._kept[1] == updates:
            path = self._kept[0]
            if file_stamp(path) and not is_autosave(path):
                return path
        self.finish_autosave(wait=True)
        checkpoint = self._checkpoint(replace(self._persona, name="", about=""))
        path = save_new(checkpoint, free_paths(self.folder, self.track.name))
        self._note_saved(updates, path, checkpoint)
        self._kept, self._persona = (path, updates), checkpoint.persona
        return path

    def save_unasked(self) -> Path | None:
        """Save the brain, if it has learned since, under the name that this sitting's brain has for it.

        Raises CheckpointError when the folder does not take it, naming the place where the brain is instead.
        """
        if not self.unsaved:
            return None
        checkpoint, updates = self._own_checkpoint(), self.trainer.agent.updates
        try:
            self.finish_autosave(wait=True)
            saved = autosave(checkpoint, self._autosaved, self.folder, self.track.name)
        except CheckpointError as error:
            path = save_elsewhere(checkpoint, error)
            self._note_saved(updates, path, checkpoint)
            raise CheckpointError(f"{error} The brain is safe in {path}.") from error
        self._note_autosaved(updates, saved, checkpoint)
        return saved.path

    def begin_autosave(self) -> None:
        """As save_unasked, but the disk is waited for on another thread; finish_autosave tells how it went."""
        self.finish_autosave()
        if self.unsaved and self._saving is None:
            checkpoint = self._own_checkpoint()
            saved = self._disk.submit(autosave, checkpoint, self._autosaved, self.folder, self.track.name)
            self._saving = saved, self.trainer.agent.updates, checkpoint

    def finish_autosave(self, wait: bool = False) -> None:
        """Take note of an autosave that has ended, or wait for it. Raises CheckpointError if it failed."""
        if self._saving is not None and (wait or self._saving[0].done()):
            (saved, updates, checkpoint), self._saving = self._saving, None
            self._note_autosaved(updates, saved.result(), checkpoint)

    def _own_checkpoint(self) -> Checkpoint:
        """For a file whose name is none to call a brain by."""
        return self._checkpoint(replace(self._persona, name=self.brain_name, about=""))

    def _checkpoint(self, persona: Persona) -> Checkpoint:
        return replace(self.trainer.checkpoint(self.track.name), persona=persona)

    def _note_saved(self, updates: int, path: Path, checkpoint: Checkpoint) -> None:
        self._saved_updates = updates
        self.recorder.training_run(training_run(checkpoint, path))

    def _note_autosaved(self, updates: int, saved: OwnFile, checkpoint: Checkpoint) -> None:
        self._note_saved(updates, saved.path, checkpoint)
        before, self._autosaved = self._autosaved, saved
        if before is None or before.path != saved.path:
            others = [other for other in autosaves(self.folder) if other != saved.path]
            for old in others[AUTOSAVES_KEPT - 1 :]:
                with suppress(OSError):  # one too many is nothing to stop for
                    old.unlink()

    def close(self) -> None:
        """Wait for whatever runs in the background."""
        self._disk.shutdown()
        self.trainer.close()
        self.recorder.close()
