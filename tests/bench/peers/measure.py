"""One comparison: rondo and PyTorch take turns on the same cores, the peak is measured between."""

import dataclasses
import json
import pathlib
import shlex
import statistics
import subprocess
import time
from typing import Dict, List, Optional, Sequence

import launch
import shapes
from rondo_program import Rondo
from torch_peer import TorchPeer


class Hold:
    """Work that runs under a command, if there is one: a lock as in "flock /tmp/lock", or whatever
    else keeps a machine quiet. The command gets a program as its arguments; the work begins when
    that program runs and ends before it does."""

    LONGEST = 30  # seconds after which others come first

    def __init__(self, command: str):
        self.command = shlex.split(command)
        self.holder: Optional[subprocess.Popen] = None
        self.since = 0.0

    def __enter__(self) -> "Hold":
        if self.command:
            self.holder = subprocess.Popen(
                [*self.command, "sh", "-c", "echo; exec cat"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            if not self.holder.stdout.readline():
                raise SystemExit(f"{self.command} did not run the program that it was given")
            self.since = time.monotonic()
        return self

    def __exit__(self, *_) -> None:
        if self.holder is not None:
            self.holder.stdin.close()
            self.holder.wait()
            self.holder = None

    def give_way(self) -> None:
        """To be called between two pieces of work."""
        if self.holder is not None and time.monotonic() - self.since > self.LONGEST:
            self.__exit__()
            self.__enter__()


class Peak:
    """Multiply-add units at their limit: operations a second, of all cores in use together."""

    def __init__(self, program: pathlib.Path, cores: Sequence[int]):
        self.program = program
        self.cores = cores
        self.vector = ""

    def measure(self) -> float:
        loops = [
            subprocess.Popen(["taskset", "-c", str(core), str(self.program)],
                             stdout=subprocess.PIPE, text=True)
            for core in self.cores
        ]  # fmt: skip
        answers = [json.loads(loop.communicate()[0]) for loop in loops]
        self.vector = answers[0]["vector"]
        return sum(answer["operations_per_second"] for answer in answers)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What all comparisons of a run of the script have in common."""

    rondo: Rondo
    python: pathlib.Path
    runs: int  # turns
    seconds: float  # of each side in a turn, about
    compile_too: bool
    hold: str  # see Hold
    link: str  # rate of the links between hosts

    def measure(self, peak: Peak, shape: shapes.Shape, mode: shapes.Mode) -> Dict:
        """A record of the results (see results.py), without the names of shape and mode."""
        threads = mode.ranks * mode.threads
        warm, timed = shapes.steps_for(shape, self.seconds, peak.measure() / threads)
        launcher = launch.words(mode, peak.cores, self.link)
        self.rondo.data_set(shape.vocabulary)
        turns: List[Dict[str, float]] = []
        with TorchPeer(self.python, self.rondo.folder, shape, mode, launcher) as torch:
            torch.start()
            with Hold(self.hold) as hold:
                torch.choose_update()
                if self.compile_too:
                    hold.give_way()
                    torch.choose_form()
                for _ in range(self.runs):
                    hold.give_way()
                    turns.append(self._turn(torch, peak, shape, mode, launcher, warm, timed))
            return {
                "steps": timed, "vector": peak.vector,
                "pytorch_version": torch.version, "pytorch_variant": torch.describe(),
                "pytorch_trials": torch.trials, **summary(turns), "turns": turns,
            }  # fmt: skip

    def _turn(self, torch: TorchPeer, peak: Peak, shape: shapes.Shape, mode: shapes.Mode,
              launcher: Sequence[str], warm: int, timed: int) -> Dict[str, float]:
        torch.start()
        torch.warm_up()
        peaks = [peak.measure()]
        torch.run(1)  # what the other side left in the caches counts against neither
        symbols = timed * mode.all_lanes(shape) * shape.window
        pytorch_rate = symbols / torch.run(timed)
        if mode.hosts:  # the network is made anew for each program
            torch.stop()
        peaks.append(peak.measure())
        rondo_rate = self.rondo.train(shape, mode, launcher, warm, timed)
        peaks.append(peak.measure())
        return {
            "rondo": rondo_rate,
            "pytorch": pytorch_rate,
            "pytorch_share": shapes.share_of_peak(shape, pytorch_rate, max(peaks[:2])),
            "rondo_share": shapes.share_of_peak(shape, rondo_rate, max(peaks[1:])),
            "peak": max(peaks),
        }


def summary(turns: Sequence[Dict[str, float]]) -> Dict[str, float]:
    """Medians over the turns; a ratio is of one turn's two rates, which the same moment gave."""
    ratios = [turn["rondo"] / turn["pytorch"] for turn in turns]
    medians = {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}
    return {**medians, "ratio": statistics.median(ratios), "ratio_least": min(ratios),
            "ratio_most": max(ratios)}  # fmt: skip
