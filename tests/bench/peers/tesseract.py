#!/usr/bin/env python3
"""rondo and Tesseract's trainer, given the same lines and the same processor minutes on the same cores.

    apt-get install tesseract-ocr bible-kjv python3-pil python3-numpy FONTS     # printed-kjv.recipe names them
    launch/quickstart printed-kjv --max-steps 1                                 # makes the lines
    tests/bench/peers/tesseract.py build/quickstart/printed-kjv --json build/tesseract.json

FOLDER holds lines.tsv (image, text, font, split) and printed-kjv.rondo. rondo trains by the recipe's
configuration to its end; `lstmtraining` starts from nothing, with the network and the rate of tesstrain, and
gets as many processor seconds, then up to --longer times as many, to find when it comes to rondo's error.
Both are stopped by nobody: their checkpoints are copied when processor time, of all threads, reaches a point
of the curve. What turns pictures into Tesseract's training files is not counted, nor is any evaluation: both
read the test's pictures by their own programs, and one function here counts the edits.

Debian's tesseract-ocr has all programs, but not langdata's radical-stroke.txt, without which
combine_lang_model does nothing; an empty one will do where the characters are passed through, as here. Nor
has it Latin.unicharset: it warns that properties are incomplete, which training does not use.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[3]
NETWORK = "[1,36,0,1 Ct3,3,16 Mp3,3 Lfys48 Lfx96 Lrx96 Lfx192 O1c1]"  # of tesstrain
RATE = "0.002"  # of tesstrain, where no model is gone on from
TICKS = os.sysconf("SC_CLK_TCK")


def edits(one: str, other: str) -> int:
    """The fewest characters to put in, leave out or exchange."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1]


def share_wrong(said, right) -> float:
    """Edits for each character of the right texts."""
    if len(said) != len(right):
        raise SystemExit(f"{len(said)} lines were read, of {len(right)}")
    return sum(map(edits, said, right)) / sum(map(len, right))


def box_file(text: str, width: int, height: int) -> str:
    """Tesseract's: each character somewhere in the line, then the line's end."""
    whole = [f"{character} 0 0 {width} {height} 0\n" for character in text]
    return "".join(whole) + f"\t {width} {height} {width + 1} {height + 1} 0\n"


def png_size(path: pathlib.Path):
    head = path.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def quietly(command, **options) -> str:
    """Runs a program to its end; a failure ends the script with what it said."""
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)  # fmt: skip
    if result.returncode != 0:
        line = " ".join(map(str, command))
        raise SystemExit(f"{result.stderr[-2000:]}exit code {result.returncode}: {line}")
    return result.stdout


def words_by_page(table: str, pages: int):
    """Of Tesseract's output `tsv` the text of each page; of one without a word it is empty."""
    texts = [[] for _ in range(pages)]
    heading, *rows = table.splitlines()
    if not heading.startswith("level\tpage_num"):
        raise SystemExit(f"tesseract gave no table, but {heading!r}")
    for row in rows:
        cells = row.split("\t")
        if cells[0] == "5":
            texts[int(cells[1]) - 1].append(cells[11])
    return [" ".join(words) for words in texts]


def read_by_tesseract(images, data: pathlib.Path, work: pathlib.Path, model: str):
    """What the model, of the folder `data`, reads in each picture, taken for one line."""
    (work / "read.list").write_text("".join(f"{image}\n" for image in images))
    # The name `tsv` would do the same, but stands for a file in the folder of Debian's own models.
    said = quietly(["tesseract", work / "read.list", "stdout", "--psm", 13, "--tessdata-dir", data, "-l", model,
                    "-c", "tessedit_create_tsv=1"],
                   env={**os.environ, "OMP_THREAD_LIMIT": "1"})  # fmt: skip
    return words_by_page(said, len(images))


class Lines:
    """lines.tsv: of each split the pictures and their texts."""

    def __init__(self, folder: pathlib.Path):
        self.images, self.texts = {}, {}
        rows = (folder / "lines.tsv").read_text(encoding="utf-8").splitlines()[1:]
        for image, text, _, split in (row.split("\t") for row in rows):
            self.images.setdefault(split, []).append((folder / image).resolve())
            self.texts.setdefault(split, []).append(text)


def processor_seconds(process: int) -> float:
    """Of all its threads, so far; nothing once it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / TICKS


def train(command, environment, log: pathlib.Path, newest, points, most, copies: pathlib.Path):
    """Runs a trainer and copies its newest checkpoint when its processor seconds reach a point, to
    COPIES-NUMBER; ends it after `most` of them. Returns [(processor seconds, the copy)], and the
    wall's seconds."""
    taken, start, seconds = [], time.monotonic(), 0.0
    with open(log, "w", encoding="utf-8") as to:
        trainer = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=to,
                                   stderr=subprocess.STDOUT, env={**os.environ, **environment})  # fmt: skip
    left = sorted(points)

    def take():
        checkpoint = newest()
        if checkpoint is None:
            return
        copy = copies.with_name(f"{copies.name}-{len(taken)}{checkpoint.suffix}")
        shutil.copyfile(checkpoint, copy)
        taken.append((seconds, copy))

    while trainer.poll() is None:
        now = processor_seconds(trainer.pid)
        seconds = now if now == now else seconds
        if seconds >= most:
            break
        if left and seconds >= left[0]:
            del left[0]
            take()
        time.sleep(0.05)
    take()
    if trainer.poll() is None:
        trainer.terminate()
    elif trainer.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {trainer.returncode}: see {log}")
    trainer.wait()
    return taken, time.monotonic() - start


class Rondo:
    def __init__(self, arguments, lines: Lines, work: pathlib.Path):
        self.arguments, self.lines, self.work = arguments, lines, work
        self.table = work / "test.tsv"
        rows = zip(lines.images["test"], lines.texts["test"])
        table = "".join(f"{image}\t{text}\n" for image, text in rows)
        self.table.write_text(f"image\ttext\n{table}", encoding="utf-8")

    def train(self, points):
        run = self.work / "rondo-run"
        shutil.rmtree(run, ignore_errors=True)

        def newest():
            return max(run.glob("checkpoint-*.h5"), default=None)

        given = self.arguments
        command = [*given.cores_words, given.rondo, "train", "--config", given.config,
                   "--data", given.folder / "printed-kjv.rondo", "--run", run, "--threads", len(given.cores),
                   "--checkpoint-every", 25, "--validate-every", 1_000_000]  # fmt: skip
        return train(command, {}, self.work / "rondo.log", newest, points, float("inf"), self.work / "rondo")

    def read(self, checkpoint: pathlib.Path):
        said = quietly([self.arguments.rondo, "predict", "--checkpoint", checkpoint, "--input", self.table,
                        "--json"])  # fmt: skip
        return [json.loads(line)["answer"] for line in said.splitlines()]


class Tesseract:
    def __init__(self, arguments, lines: Lines, work: pathlib.Path):
        self.arguments, self.lines, self.work = arguments, lines, work
        self.starter = work / "starter" / "lines" / "lines.traineddata"

    def prepare(self):
        """The training files, and a traineddata that knows the characters and has no network yet."""
        folder = self.work / "lstmf"
        folder.mkdir(exist_ok=True)

        def make(image, text):
            base = folder / image.stem
            if base.with_suffix(".lstmf").exists():
                return
            shutil.copyfile(image, base.with_suffix(".png"))
            base.with_suffix(".box").write_text(box_file(text, *png_size(image)), encoding="utf-8")
            quietly(["tesseract", base.with_suffix(".png"), base, "--psm", 13, "lstm.train"],
                    env={**os.environ, "OMP_THREAD_LIMIT": "1"})  # fmt: skip

        with ThreadPoolExecutor(os.cpu_count()) as workers:
            list(workers.map(make, self.lines.images["train"], self.lines.texts["train"]))
        made = [folder / f"{image.stem}.lstmf" for image in self.lines.images["train"]]
        (self.work / "train.list").write_text("".join(f"{file}\n" for file in made if file.exists()))
        missing = sum(not file.exists() for file in made)
        if missing:
            print(f"tesseract made no training file of {missing} of {len(made)} lines", file=sys.stderr)
        (self.work / "all.txt").write_text("\n".join(self.lines.texts["train"]) + "\n", encoding="utf-8")
        characters = self.work / "unicharset"
        quietly(["unicharset_extractor", "--output_unicharset", characters, "--norm_mode", 2,
                 self.work / "all.txt"])  # fmt: skip
        (self.work / "radical-stroke.txt").write_text("# none\n")
        (self.work / "starter").mkdir(exist_ok=True)
        quietly(["combine_lang_model", "--input_unicharset", characters, "--script_dir", self.work,
                 "--output_dir", self.work / "starter", "--lang", "lines",
                 "--pass_through_recoder"])  # fmt: skip

    def train(self, points, most):
        checkpoint = self.work / "tesseract_checkpoint"
        for old in self.work.glob("tesseract_*"):
            old.unlink()
        command = [*self.arguments.cores_words, "lstmtraining", "--traineddata", self.starter, "--net_spec",
                   NETWORK, "--model_output", self.work / "tesseract", "--learning_rate", RATE,
                   "--train_listfile", self.work / "train.list", "--max_iterations", 10_000_000,
                   "--target_error_rate", 0.0001]  # fmt: skip

        def newest():
            return checkpoint if checkpoint.exists() else None

        threads = {"OMP_THREAD_LIMIT": str(len(self.arguments.cores))}
        log = self.work / "tesseract.log"
        return train(command, threads, log, newest, points, most, self.work / "point")

    def read(self, checkpoint: pathlib.Path):
        quietly(["lstmtraining", "--stop_training", "--continue_from", checkpoint, "--traineddata",
                 self.starter, "--model_output", self.work / "model.traineddata"])  # fmt: skip
        return read_by_tesseract(self.lines.images["test"], self.work, self.work, "model")


def minutes(seconds: float) -> str:
    return f"{seconds / 60:7.2f} processor minutes"


def compared(own, theirs) -> str:
    """Of two curves, (processor seconds, share wrong) each: equal time, and time to equal error."""
    spent, error = own[-1]
    at_spent = next((wrong for seconds, wrong in theirs if seconds >= spent), theirs[-1][1])
    said = [f"after{minutes(spent)}: rondo {100 * error:.2f} %, Tesseract {100 * at_spent:.2f} %"]
    for name, curve, goal in (("Tesseract", theirs, error), ("rondo", own, at_spent)):
        reached = next((seconds for seconds, wrong in curve if wrong <= goal), None)
        end = f"not within{minutes(curve[-1][0])}" if reached is None else f"after{minutes(reached)}"
        said.append(f"{name} is at {100 * goal:.2f} % {end}")
    return "\n".join(said)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rondo", type=pathlib.Path, default=ROOT / "build/release/rondo")
    parser.add_argument("--config", type=pathlib.Path, default=ROOT / "datasets/printed-kjv/printed-kjv.conf")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench/tesseract")
    parser.add_argument("--cores", default="0", help="for taskset, one or several: 0 or 0,1")
    parser.add_argument("--longer", type=float, default=3, help="times as long as rondo, at most (3)")
    parser.add_argument("--every", type=float, default=60, help="processor seconds between points (60)")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.cores_words = ["taskset", "-c", arguments.cores]
    arguments.cores = arguments.cores.split(",")
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    lines = Lines(arguments.folder)
    right = lines.texts["test"]
    rondo, tesseract = Rondo(arguments, lines, work), Tesseract(arguments, lines, work)
    tesseract.prepare()
    results = {"cores": len(arguments.cores), "load": os.getloadavg(),
               "lines": {split: len(texts) for split, texts in lines.texts.items()}}  # fmt: skip

    def curve_of(name, reader, trained):
        taken, wall = trained
        curve = [(seconds, share_wrong(reader.read(checkpoint), right)) for seconds, checkpoint in taken]
        for seconds, wrong in curve:
            print(f"{name:10}{minutes(seconds)}  {100 * wrong:6.2f} % of characters wrong", flush=True)
        results[name] = {"curve": curve, "wall_seconds": wall}
        return curve

    points = [arguments.every * i for i in range(1, 1000)]
    own = curve_of("rondo", rondo, rondo.train(points))
    spent, error = own[-1]
    theirs = curve_of("Tesseract", tesseract, tesseract.train([*points, spent], arguments.longer * spent))
    print("\n" + compared(own, theirs))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
