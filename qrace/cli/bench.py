"""`bench`: measurements, one line each as soon as it is there."""

from collections.abc import Iterator
from dataclasses import fields

from qrace.cli.arguments import Bench
from qrace.cli.output import print_json

SEEDS = {"peers": 3, "ablation": 3}
"""Seeds where none are asked for; DEFAULT_SEEDS elsewhere."""
DEFAULT_SEEDS = 5


def run_bench(command: Bench) -> int:
    """Print every measurement as it comes; whatever ends it, those made so far are kept in --out."""
    if command.out is not None:
        from qrace.bench.table import check_out

        check_out(command.out)
    made: list[dict[str, object]] = []
    try:
        for row in _rows(command):
            made.append(row)
            if command.json:
                print_json(row)
            else:
                print("  ".join(f"{name} {_figure(value)}" for name, value in row.items()), flush=True)
    finally:
        if command.out is not None and made:
            from qrace.bench.table import write_tables

            write_tables(command.out, made, _words(command))
    return 0


def _rows(command: Bench) -> Iterator[dict[str, object]]:
    seeds = command.seeds or SEEDS.get(command.what, DEFAULT_SEEDS)
    match command.what:
        case "sim":
            from qrace.bench.sim import bench_sim

            return bench_sim()
        case "learn":
            from qrace.bench.learn import bench_learn

            return bench_learn(seeds)
        case "stay":
            from qrace.bench import stay

            return stay.bench_stay(seeds, command.until or stay.UNTIL_S)
        case "general":
            from qrace.bench import general

            return general.bench_general(seeds, command.until or general.UNTIL_S, command.tracks or ())
        case "update":
            from qrace.bench.update import bench_update

            return bench_update()
        case "peers":
            from qrace.bench import peers

            limit_s, track = command.limit or peers.LIMIT_S, command.track or peers.TRACK
            return peers.bench_peers(seeds, limit_s, track, command.car or "lesson")
        case "ablation":
            from qrace.bench import ablation

            return ablation.bench_ablation(seeds, command.seconds or ablation.SECONDS)
        case "drivers":
            from qrace.bench.drivers import bench_drivers

            return bench_drivers(command.train, command.seconds)
    from qrace.game.frame_bench import MEASURED_S, bench_frame

    return bench_frame(command.seconds or MEASURED_S, command.modes or (), command.soak)


def _words(command: Bench) -> list[str]:
    """The command line, without where its output went."""
    words = ["python", "main.py", "bench", command.what]
    for field in fields(command):
        value = getattr(command, field.name)
        if value is None or value is False or field.name in ("what", "json", "out"):
            continue
        values = value if isinstance(value, tuple) else () if value is True else (value,)
        words += [f"--{field.name}", *map(str, values)]
    return words


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
