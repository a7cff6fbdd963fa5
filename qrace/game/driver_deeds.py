"""What can be done with a saved driver in the window: let it learn on, watch it, race it."""

from typing import TYPE_CHECKING

from qrace.game.driver_files import SavedDriver
from qrace.game.limits import find_road, track_names
from qrace.game.race_choice import LAPS
from qrace.game.race_plan import RacePlan, Racer, entries_of, new_seed
from qrace.game.time_trial import PERSON
from qrace.race.rules import RaceRules
from qrace.rl.checkpoint import load_checkpoint, load_policy
from qrace.rl.persona import HIGHEST_NUMBER, MOST_LIVERIES
from qrace.sim.track import Track

if TYPE_CHECKING:
    from qrace.game.game import Game


def train_driver(game: "Game", driver: SavedDriver) -> None:
    """Let a driver learn on; its file stays as it is. Raises CheckpointError, and then nothing has changed."""
    _take(game, driver)
    game.train()


def watch_driver(game: "Game", driver: SavedDriver) -> None:
    """Let a driver show what it can. Raises CheckpointError, and then nothing has changed."""
    _take(game, driver)
    game.drive()


def race_driver(game: "Game", driver: SavedDriver) -> None:
    """Race a driver in a car of its kind, on its own road where it has one alone. Raises CheckpointError."""
    checkpoint = load_checkpoint(driver.path)
    env, policy = checkpoint.config.env, load_policy(checkpoint)
    you = Racer(PERSON, env, None, (driver.livery + 1) % MOST_LIVERIES, driver.number % HIGHEST_NUMBER + 1)
    entries = entries_of([you, Racer(driver.name, env, policy, driver.livery, driver.number)])
    rules = RaceRules(game.settings.crash_rule, game.settings.collisions)
    road = own_road(driver) or game.session.track
    game.commands.race(RacePlan(road, LAPS, rules, entries, lights_seed=new_seed()))


def _take(game: "Game", driver: SavedDriver) -> None:
    """Make it the brain of the sitting, on its own road where it has one alone."""
    session, scene = game.session, game.context.scene
    kept = session.load(driver.path, own_road(driver))
    game.context.drive_car = None  # the driver's, whatever was driven before
    if scene.track is not session.track:
        scene.change_track(session.track)
    told = f"{driver.name} on {session.track.title}."
    game.notices.tell(told + (f" The old brain is kept as {kept.name}." if kept else ""))


def own_road(driver: SavedDriver) -> Track | None:
    """The road that a driver was trained on, if that was one alone and it is still there."""
    names = [] if driver.description is None else track_names(driver.description.track)
    return find_road(names[0]) if len(names) == 1 else None
