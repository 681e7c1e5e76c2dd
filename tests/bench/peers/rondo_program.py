"""rondo as its users run it: `rondo prepare`, then `rondo train`, and what metrics.jsonl says."""

import json
import os
import pathlib
import random
import shutil
import subprocess
from typing import Dict, List, Sequence

import launch
import shapes

FIRST_CHARACTER = 0x4E00  # of some 20,000 that follow each other and are no space or line end
SYMBOLS = 2_000_000


def call(command: Sequence[object]) -> str:
    """Runs a program to its end and returns its output; a failure ends the script with both."""
    result = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **launch.MPI_ENVIRONMENT}, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        line = " ".join(map(str, command))
        raise SystemExit(f"{result.stdout}{result.stderr}exit code {result.returncode}: {line}")
    return result.stdout


def random_symbols(vocabulary: int, count: int = SYMBOLS) -> List[int]:
    """Every symbol once, then as they come: what a symbol is changes no operation of a step."""
    return [*range(vocabulary), *random.Random(1).choices(range(vocabulary), k=count - vocabulary)]


def timed_reports(program: Sequence[object], run: pathlib.Path, warm: int, timed: int,
                  launcher: Sequence[str] = (launch.PROGRAM,)) -> List[Dict]:
    """Of a whole run of `program`, which is `rondo train` and its options, in the folder `run`: the
    reports of its training steps, the first of `warm` steps; then the run is removed. There is one
    checkpoint, after the last report, and no validation. `launcher`: as launch.words makes it."""
    shutil.rmtree(run, ignore_errors=True)
    rest = ["--run", run, "--steps", warm + timed, "--report-every", warm,
            "--checkpoint-minutes", 0]  # fmt: skip
    call(launch.command(launcher, [*program, *rest]))
    with open(run / "metrics.jsonl", encoding="utf-8") as file:
        reports = [json.loads(line) for line in file]
    shutil.rmtree(run)
    return [report for report in reports if report.get("split") == "train"]


class Rondo:
    """The program, and a folder for data sets and runs."""

    def __init__(self, program: pathlib.Path, folder: pathlib.Path):
        self.program = program
        self.folder = folder

    def data_set(self, vocabulary: int) -> pathlib.Path:
        """A text of exactly so many different characters, all of it the training split."""
        prepared = self.folder / f"characters-{vocabulary}.rondo"
        if not prepared.exists():
            text = self.folder / f"characters-{vocabulary}.txt"
            characters = (chr(FIRST_CHARACTER + symbol) for symbol in random_symbols(vocabulary))
            text.write_text("".join(characters), encoding="utf-8")
            call([self.program, "prepare", "--task", "text", "--level", "char", "--validation", 0,
                  "--test", 0, "--input", text, "--output", prepared])  # fmt: skip
            text.unlink()
        found = json.loads(call([self.program, "inspect", prepared, "--json"]))
        if found["vocabulary_size"] != vocabulary:
            raise SystemExit(f"{prepared}: {found['vocabulary_size']} symbols, not {vocabulary}")
        return prepared

    def train(self, shape: shapes.Shape, mode: shapes.Mode, launcher: Sequence[str], warm: int,
              timed: int) -> float:
        """A whole run of warm + timed steps; symbols a second of the timed ones.

        `launcher`: as launch.words makes it. The first report, of the steps that warm up, is left
        out; there is one checkpoint, after the last report, and no validation.
        """
        program = [
            self.program, "train", "--data", self.data_set(shape.vocabulary),
            "--cell", shape.cell, "--layers", shape.layers, "--hidden", shape.hidden,
            "--lanes", mode.all_lanes(shape), "--window", shape.window,
            "--optimizer", "adam", "--clip-norm", 1, "--threads", mode.threads,
        ]  # fmt: skip
        reports = timed_reports(program, self.folder / "run", warm, timed, launcher)
        return timed_rate(reports, shape, mode, warm, timed)


def timed_rate(reports: Sequence[Dict], shape: shapes.Shape, mode: shapes.Mode, warm: int,
               timed: int) -> float:
    """Symbols a second between the first report and the last; both programs count alike."""
    first, last = reports[0], reports[-1]
    if (first["step"], last["step"]) != (warm, warm + timed):
        raise SystemExit(f"reports of steps {first['step']} to {last['step']}: not what was asked")
    own_count = 1e9 * last["gflops"] / last["tokens_per_second"]
    if abs(own_count - shape.operations()) > 1e-6 * own_count:
        raise SystemExit(f"{shape.name}: rondo counts {own_count:.0f} operations a symbol, "
                         f"this script {shape.operations()}")  # fmt: skip
    symbols = timed * mode.all_lanes(shape) * shape.window
    return symbols / (last["seconds"] - first["seconds"])
