"""The lesson's words, each with what it means here and its value now."""

from dataclasses import dataclass

from qrace.game.modes.mode import count_text, number_text
from qrace.rl.agent import Agent
from qrace.rl.config import LearnerConfig
from qrace.rl.dqn_agent import DQNAgent
from qrace.rl.q_table import QTableAgent


@dataclass(frozen=True)
class Term:
    """A word of the lesson."""

    name: str
    value: str
    meaning: str


def terms(agent: Agent, config: LearnerConfig) -> list[Term]:
    """What this brain learns by, in the order of the lesson."""
    found = [_exploration(agent)]
    if isinstance(agent, QTableAgent):
        return [*found, _table(agent)]
    if isinstance(agent, DQNAgent):
        return [*found, _memory(agent), *_target(config), *_steps(config), *_average(config)]
    return [*found, *_returns(config), *_average(config)]


def _exploration(agent: Agent) -> Term:
    if agent.explored is None:
        return Term("Epsilon-greedy", f"ε {number_text(agent.epsilon, 3)}", "the share of actions drawn at random")
    share = f"{100 * agent.explored:.0f} %"
    return Term("Exploration", share, "of actions are not the best known: near ties are drawn by a softmax")


def _table(agent: QTableAgent) -> Term:
    rows, known = len(agent.table), int(agent.table.any(axis=1).sum())
    return Term(
        "Q-table", f"{count_text(known)} of {count_text(rows)}", "rows met so far, one for each way to read the rays"
    )


def _memory(agent: DQNAgent) -> Term:
    memory, batch = agent.memory, count_text(agent.config.batch_size)
    kept = f"{count_text(memory.size)} of {count_text(memory.capacity)}"
    return Term("Replay memory", kept, f"transitions kept; each update learns from {batch} of them, drawn at random")


def _target(config: LearnerConfig) -> list[Term]:
    if config.target_update == "soft":
        target = Term(
            "Target network", f"{100 * config.target_rate:g} %", "a copy that follows so slowly; it values s′"
        )
    else:
        target = Term("Target network", f"{config.target_period}", "updates between two copies of it; it values s′")
    told = {
        True: "the network chooses a′, its slow copy values it",
        False: "the slow copy chooses a′ and values it, too high on the whole",
    }
    return [target, Term("Double DQN", "on" if config.double else "off", told[config.double])]


def _steps(config: LearnerConfig) -> list[Term]:
    steps = config.n_step
    return [Term("n-step", f"{steps}", "rewards are summed before max Q is asked")] if steps > 1 else []


def _average(config: LearnerConfig) -> list[Term]:
    if not config.average_rate:
        return []
    share = f"1 of {count_text(round(1.0 / config.average_rate))}"
    return [Term("Average", share, "parts of the weights per update; it drives, and is examined")]


def _returns(config: LearnerConfig) -> list[Term]:
    return [
        Term("No replay", f"{config.rollout_steps} steps", "of all cars at once are learnt from, then forgotten (PQN)"),
        Term(
            "λ-return", f"λ {config.trace:g}", "mixes rewards of the next steps with max Q; there is no target network"
        ),
    ]
