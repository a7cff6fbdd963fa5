"""What only a process of its own shows: signals, closed pipes, a missing display, and what gets imported."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qrace.rl.checkpoint import load_checkpoint

ROOT = Path(__file__).parents[2]
MAIN = [sys.executable, str(ROOT / "main.py")]
TRAIN = [*MAIN, "train", "--preset", "q-table", "--cars", "2", "--seconds", "100", "--json", "--out"]


def start(out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([*TRAIN, str(out)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_training_saves(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path / "m.safetensors")
    assert process.stdout is not None
    process.stdout.readline()  # the first progress line: training has begun
    process.send_signal(number)
    rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    saved = json.loads(rest.splitlines()[-1])
    assert (saved["event"], saved["interrupted"]) == ("saved", True)
    assert load_checkpoint(tmp_path / "m.safetensors").counters["metrics"]["steps"] == saved["steps"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports closed pipes otherwise")
def test_a_training_that_nobody_reads_saves_and_ends_quietly(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*TRAIN, str(tmp_path / "m.safetensors")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    assert process.wait(timeout=60) == 141
    assert load_checkpoint(tmp_path / "m.safetensors").config.cars == 2
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")
def test_a_training_whose_terminal_is_closed_saves(tmp_path: Path) -> None:
    import pty

    window, terminal = pty.openpty()
    words = [*TRAIN[:-2], "--out", str(tmp_path / "m.safetensors")]
    process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
    os.close(terminal)
    shown = b""
    while b" steps" not in shown:  # the first figures: training has begun
        shown += os.read(window, 1_000)
    os.close(window)
    process.send_signal(signal.SIGHUP)
    process.wait(timeout=60)
    assert load_checkpoint(tmp_path / "m.safetensors").counters["metrics"]["steps"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows reports closed pipes otherwise")
def test_a_bar_that_nobody_reads_ends_no_training(tmp_path: Path) -> None:
    words = [*MAIN, "train", "--preset", "q-table", "--cars", "2", "--steps", "20", "--json", "--out"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*words, str(tmp_path / "m.safetensors")], stdout=subprocess.PIPE, stderr=write, check=False)
    os.close(write)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "saved"
    assert load_checkpoint(tmp_path / "m.safetensors").counters["metrics"]["steps"] == 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has such a device")
def test_a_disk_that_is_full_ends_no_training_and_is_told_in_one_line(tmp_path: Path) -> None:
    train = ["train", "--preset", "q-table", "--cars", "2", "--steps", "20", "--json"]
    for words in ([*train, "--out", str(tmp_path / "m.safetensors")], ["reference", "oval"], ["--help"]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([*MAIN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
        assert done.stderr.splitlines()[-1].startswith("The output cannot be used (No space left on device)")
    assert load_checkpoint(tmp_path / "m.safetensors").counters["metrics"]["steps"] == 20


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other terminals")
def test_json_lines_go_to_stdout_though_the_bar_is_on_a_terminal(tmp_path: Path) -> None:
    import pty

    window, terminal = pty.openpty()
    words = [*MAIN, "train", "--preset", "q-table", "--cars", "2", "--steps", "20", "--json", "--out"]
    done = subprocess.run(
        [*words, str(tmp_path / "m.safetensors")], stdout=subprocess.PIPE, stderr=terminal, text=True, check=True
    )
    os.close(terminal)
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events[0] == "progress" and events[-1] == "saved"
    assert b"steps" in os.read(window, 10_000)
    os.close(window)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_a_line_names_the_headless_command() -> None:
    plain = {key: value for key, value in os.environ.items() if "DISPLAY" not in key and not key.startswith("SDL_")}
    done = subprocess.run(MAIN, env=plain, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and "python main.py train" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has such displays")
def test_a_display_that_does_not_answer_is_one_line_too() -> None:
    hidden = ("DISPLAY", "SDL_", "XDG_RUNTIME_DIR")
    plain = {key: value for key, value in os.environ.items() if not any(part in key for part in hidden)}
    done = subprocess.run(MAIN, env=plain | {"DISPLAY": ":77"}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "python main.py train" in done.stderr


def imported(code: str) -> set[str]:
    """Which of the slow packages are there after running a line of Python in this folder."""
    slow = ("torch", "pygame", "numba", "numpy")
    code = f"import sys; {code}; sys.stderr.write(' '.join(name for name in {slow} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split("\n")[-1].split())


def test_the_words_are_read_before_anything_heavy_is_imported() -> None:
    assert imported("from qrace.cli import main; main(['train', '--trak'])") == set()


def test_the_window_opens_before_the_learner_is_imported() -> None:
    assert imported("import qrace.game.window") == {"pygame", "numpy"}


def test_the_names_of_the_library_are_looked_up_late() -> None:
    assert imported("import qrace; assert 'QRace' in dir(qrace)") == set()
    assert "numpy" in imported("from qrace import Track")
