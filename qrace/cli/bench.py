"""`bench`: measurements, one line each as soon as it is there."""

from collections.abc import Iterator

from qrace.cli.arguments import Bench
from qrace.cli.output import print_json


def run_bench(command: Bench) -> int:
    """Print every measurement as it comes."""
    for row in _rows(command):
        if command.json:
            print_json(row)
        else:
            print("  ".join(f"{name} {_figure(value)}" for name, value in row.items()), flush=True)
    return 0


def _rows(command: Bench) -> Iterator[dict[str, object]]:
    if command.what == "sim":
        from qrace.bench.sim import bench_sim

        return bench_sim()
    if command.what == "learn":
        from qrace.bench.learn import bench_learn

        return bench_learn(command.seeds)
    from qrace.game.frame_bench import bench_frame

    return bench_frame()


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
