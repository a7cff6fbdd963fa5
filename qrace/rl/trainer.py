"""Training, one step at a time: the same step for the window and for the headless command."""

import shlex
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.rl.agent import make_agent
from qrace.rl.agent_state import restore_scalars
from qrace.rl.champion import ChampionSearch
from qrace.rl.checkpoint import Checkpoint, load_policy
from qrace.rl.config import Config
from qrace.rl.metrics import Metrics
from qrace.rl.policy import Driver
from qrace.sim.track import Track

Tensors = dict[str, NDArray[np.float32]]


class Trainer:
    """N cars that share one brain, and the brain that learns from what they live through.

    The same config, tracks and number of steps give the same weights on the same machine, whether the updates run in
    the background or not: a step's actions are chosen by the weights from before the last step's updates, and those
    have always ended before the step is stored.

    Attributes:
        env: the cars.
        agent: the brain that learns.
        metrics: the counters.
        champion: the best greedy driver so far, and how it and the learner did.
        seconds: wall clock spent in steps and updates [s].
    """

    def __init__(
        self, config: Config, tracks: Sequence[Track], examined_on: Sequence[Track] | None = None, steps: int = 0
    ) -> None:
        """Cars that know nothing, on these tracks; the champion is chosen on the same or on others of its own.

        steps: how many the brain that is to come has made already, so that its world begins in another way each time.
        Raises QRaceError when there is not enough memory.
        """
        children = np.random.SeedSequence((config.seed, steps)).spawn(2)
        env_rng, champion_rng = map(np.random.default_rng, children)
        self.config = config
        try:
            self.env = VectorEnv(tracks, config.env, config.cars, env_rng)
            self.env.stagger()
            actions = len(self.env.actions.names)
            self.agent = make_agent(config.learner, self.env.observer.size, actions, config.cars, config.seed)
        except MemoryError as error:
            raise QRaceError("This training needs more memory than there is: try fewer cars, --set cars=16.") from error
        self.metrics = Metrics(epsilon=self.agent.epsilon)
        self.champion = ChampionSearch(config.env, examined_on or tracks, champion_rng)
        self.seconds = 0.0
        self._chosen_from = np.zeros_like(self.env.observation)
        self._worker: ThreadPoolExecutor | None = None
        self._pending: Future[None] | None = None

    def step(self, background: bool = False) -> None:
        """One decision of every car, and the gradient updates that it makes due.

        With `background` the updates run on a second thread, beside the next step's driving or the drawing of a frame;
        the next step's store, or join(), waits for them.
        """
        begin = time.perf_counter()
        env, agent = self.env, self.agent
        np.copyto(self._chosen_from, env.observation)  # the env overwrites its own array
        action = agent.explore(self._chosen_from)
        env.step(action)
        self.metrics.record(env)
        self._examine()
        self.join()
        agent.store(self._chosen_from, action, env.reward, env.next_observation, env.terminated, env.truncated)
        if self.champion.idle and agent.updates:
            self.champion.begin(agent.frozen())
        agent.publish()
        if background:
            self._worker = self._worker or ThreadPoolExecutor(1, "learner")
            self._pending = self._worker.submit(self._learn)
        else:
            self._learn()
        self.seconds += time.perf_counter() - begin

    def join(self) -> None:
        """Wait for the updates of the last step; raises what went wrong in them."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            pending.result()

    def close(self) -> None:
        """Wait for the updates and end the second thread."""
        self.join()
        if self._worker is not None:
            self._worker.shutdown()
            self._worker = None

    def checkpoint(self, name: str, command: str = "") -> Checkpoint:
        """All that is needed to drive and to go on training, but for the replay memory.

        A learner that has blown up is left behind: its champion goes on in its place.
        """
        self.join()
        tensors, scalars = self.agent.get_state()
        best = self.best_policy().tensors()
        if not finite(tensors):
            tensors = begun_again(tensors, best)
        return Checkpoint(
            name=name,
            config=self.config,
            tensors=tensors | best,
            counters={"agent": scalars, "metrics": self.metrics.counters(), "trainer": self._counters()},
            track=self._track_names,
            best_lap_s=self.metrics.best_lap_s,
            command=command,
            seconds=self.seconds,
        )

    @classmethod
    def from_checkpoint(
        cls, checkpoint: Checkpoint, tracks: Sequence[Track], examined_on: Sequence[Track] | None = None
    ) -> "Trainer":
        """Go on training a saved brain, on any tracks; the replay memory fills anew before the next update.

        Lap times of other tracks stay behind.
        Raises QRaceError when the saved counters are damaged.
        """
        metrics, kept = Metrics(), checkpoint.counters.get("trainer", {})
        metrics.restore(checkpoint.counters.get("metrics", {}))
        (examined,) = restore_scalars({"examined": 0} | kept, ("examined",))
        trainer = cls(checkpoint.config, tracks, examined_on, metrics.steps)
        trainer.agent.set_state(checkpoint.tensors, checkpoint.counters.get("agent", {}))
        trainer.metrics = metrics
        metrics.epsilon = trainer.agent.epsilon
        if kept.get("roads", checkpoint.track) != trainer._track_names:
            metrics.best_lap_s = metrics.last_lap_s = None
        trainer.champion.defend(load_policy(checkpoint), examined)
        trainer.seconds = checkpoint.seconds
        return trainer

    @property
    def blown_up(self) -> bool:
        """Whether some of what the learner knows is no number any more: its steps were too large."""
        self.join()
        return not finite(self.agent.get_state()[0])

    def best_policy(self) -> Driver:
        """The champion, or the learner as it is now while there is none."""
        self.join()
        return self.champion.policy or self.agent.frozen()

    def _counters(self) -> dict[str, int | str]:
        """What goes on where it stood; `roads` are the names of the roads, whatever words led to them."""
        return {"examined": self.champion.examined, "roads": self._track_names}

    @property
    def _track_names(self) -> str:
        return shlex.join(track.name for track in self.env.simulator.tracks)

    def _learn(self) -> None:
        agent, metrics = self.agent, self.metrics
        due = agent.updates_due()
        if due:
            metrics.loss = agent.update(due)
            metrics.updates, metrics.epsilon = agent.updates, agent.epsilon

    def _examine(self) -> None:
        champion, metrics = self.champion, self.metrics
        if not champion.advance(self.config.examined_per_step):
            return
        found = (*champion.latest, *champion.evaluations)
        metrics.record_laps(e.best_lap_s for e in found if e.best_lap_s is not None)
        if metrics.first_clean_lap_step is None and any(e.standing_lap_clean for e in found):
            metrics.first_clean_lap_step = metrics.steps


def finite(tensors: Tensors) -> bool:
    """Whether all that these tensors hold are numbers."""
    return all(np.isfinite(tensor).all() for tensor in tensors.values())


def begun_again(learner: Tensors, champion: Tensors) -> Tensors:
    """A learner's tensors with what the champion knows, and no moments yet."""

    def at_first(name: str) -> NDArray[np.float32]:
        part, _, parameter = name.partition(".")
        if part.endswith("_moment"):
            return np.zeros_like(learner[name])
        return champion[f"champion.{parameter}" if parameter else "champion"]

    return {name: at_first(name) for name in learner}
