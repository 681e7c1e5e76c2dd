"""Turns of rondo and a peer over sequences, on one core: what classes.py and steps.py share."""

import argparse
import json
import os
import pathlib
import statistics
import time
from typing import Callable, Dict, Iterable, List, Tuple

import torch

import measure
from rondo_program import timed_reports
from torch_ways import Ways

ROOT = pathlib.Path(__file__).resolve().parents[3]
WARM = 5  # steps of rondo's that do not count, and of a report


class Training:
    """`rondo train` with `options`, and how fast it is: `items` a second, of which `of_reports` says
    how many the reports of some steps tell."""

    def __init__(self, program: pathlib.Path, folder: pathlib.Path, options: List[object],
                 of_reports: Callable[[List[Dict]], float]):
        self.command = [program, "train", *options, "--optimizer", "adam", "--clip-norm", 1,
                        "--threads", 1]  # fmt: skip
        self.folder, self.of_reports = folder, of_reports

    def run(self, timed: int) -> Dict:
        """Items a second, items an update, useful operations an item, the filled share of windows."""
        reports = timed_reports(self.command, self.folder / "run", WARM, timed)
        seconds = reports[-1]["seconds"] - reports[0]["seconds"]
        items = self.of_reports(reports[1:])
        operations = sum(1e9 * later["gflops"] * (later["seconds"] - earlier["seconds"])
                         for earlier, later in zip(reports, reports[1:]))  # fmt: skip
        return {"rate": items / seconds, "an_update": items / timed, "operations": operations / items,
                "filled": statistics.mean(report["filled"] for report in reports[1:])}  # fmt: skip

    def steps_for(self, seconds: float, first: Dict) -> int:
        return max(2, round(seconds * first["rate"] / first["an_update"] / WARM)) * WARM


def targets_of(reports: List[Dict]) -> float:
    return sum(report["targets"] for report in reports)


def add_arguments(add: Callable) -> None:
    add("--runs", type=int, default=5, help="turns (default: %(default)s)")
    add("--seconds", type=float, default=4, help="of a side in a turn (default: %(default)s)")
    add("--core", type=int, default=0, help="which one works (default: %(default)s)")
    add("--build", type=pathlib.Path, default=ROOT / "build" / "release",
        help="folder of the programs rondo and peers_peak")  # fmt: skip
    add("--json", type=pathlib.Path, metavar="FILE", help="write the results there too")


def take_core(given: argparse.Namespace) -> None:
    os.sched_setaffinity(0, {given.core})
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # as rondo does


def compare(given: argparse.Namespace, training: Training, peer_of: Callable[[Dict], Ways],
            work: float = 0) -> Tuple[Dict, Ways]:
    """A record of medians over turns, and the peer. `peer_of`: what rondo's first run tells, to a Ways of
    torch_ways.py; `work`: operations an item, 0: as rondo counts them."""
    peak = measure.Peak(given.build / "peers_peak", [given.core])
    first = training.run(4 * WARM)
    work = work or first["operations"]
    peer = peer_of(first)
    peer.choose(given.seconds / 2)
    timed = training.steps_for(given.seconds, first)
    turns = []
    for _ in range(given.runs):
        theirs = peer.run(given.seconds)
        ours = training.run(timed)
        top = peak.measure()
        turns.append({"ratio": ours["rate"] / theirs, "rondo": ours["rate"], "pytorch": theirs,
                      "rondo_share": ours["rate"] * work / top, "filled": ours["filled"],
                      "pytorch_share": theirs * work / top})  # fmt: skip
    record = {key: statistics.median(turn[key] for turn in turns) for key in turns[0]}
    return {"an_update": round(first["an_update"]), "pytorch_way": f"{peer.way}, {peer.optimizer}",
            "pytorch_trials": peer.trials, **record, **spread(turn["ratio"] for turn in turns)}, peer  # fmt: skip


def spread(ratios: Iterable[float]) -> Dict[str, float]:
    ratios = list(ratios)
    return {"ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}


def text_of(record: Dict) -> str:
    return f"{record['ratio']:.2f} ({record['least']:.2f} .. {record['most']:.2f})"


def run_all(given: argparse.Namespace, names: List[str], record_of: Callable[[str], Dict],
            line_of: Callable[[Dict], str]) -> None:
    records = []
    for name in names:
        start = time.monotonic()
        record = {"shape": name, **record_of(name)}
        records.append(record)
        print(f"{name:<20} {line_of(record)}; {time.monotonic() - start:.0f} s", flush=True)
        if given.json:
            given.json.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
