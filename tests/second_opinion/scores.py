#!/usr/bin/env python3
"""A second opinion on figures of texts: sacrebleu's BLEU and chrF, and error rates, of the same answers.

Made-up pairs, with marks, numbers and letters beyond ASCII. What is measured is rondo's baseline, a
symbol for each symbol, which is learned here once more by IBM model 1. BLEU, chrF, error rates and
exact matches must agree to 1e-9. Exit code 0 when all agree, 1 when not.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import sacrebleu

import edits

MARKS = ["3,000.5", "it's", "(x-y)", "1-2", "\u00e9t\u00e9.", "a.b", "..", "&amp;", "&quot;so&quot;", "na\u00efve,", "<skipped>",
         "50%", "\u00bfqu\u00e9?", "\u65e5\u672c\u3002", "end.", "-", "\u2026", "x/y", "don\u2019t"]  # fmt: skip


def make_pairs(draw, count):
    """Each symbol that is read has one or two that it says; order and number differ a little."""
    read = [f"w{i}" for i in range(60)]
    says = {word: draw.sample(MARKS + [f"v{i}" for i in range(40)], draw.choice((1, 2))) for word in read}
    pairs = []
    for _ in range(count):
        words = draw.choices(read, weights=[1 / (i + 1) for i in range(60)], k=draw.randint(1, 14))
        said = [draw.choice(says[word]) for word in words if draw.random() > 0.1] or ["v0"]
        if draw.random() < 0.2:
            draw.shuffle(said)
        pairs.append((" ".join(words), " ".join(said)))
    return pairs


def learn(pairs, rounds=5):
    """IBM model 1 (Brown et al. 1993), with a symbol beside those that are read: None."""
    shares = collections.defaultdict(dict)
    for read, said in pairs:
        for one in read.split() + [None]:
            for other in said.split():
                shares[one][other] = 1.0
    for _ in range(rounds):
        sums = {one: dict.fromkeys(own, 0.0) for one, own in shares.items()}
        for read, said in pairs:
            words = read.split() + [None]
            for other in said.split():
                total = 0.0
                for one in words:
                    total += shares[one][other]
                for one in words:
                    sums[one][other] += shares[one][other] / total
        for one, own in sums.items():
            total = sum(own.values())
            shares[one] = {other: value / total for other, value in own.items()}
    return {one: max(own, key=own.get) for one, own in shares.items()}


def rate(given, said):
    return sum(map(edits.distance, given, said)) / sum(map(len, given))


def figures(given, said):
    return {
        "cer": rate(given, said),
        "wer": rate([text.split() for text in given], [text.split() for text in said]),
        "exact_match": sum(a == b for a, b in zip(given, said)) / len(given),
        "bleu": sacrebleu.metrics.BLEU().corpus_score(said, [given]).score,
        "chrf": sacrebleu.metrics.CHRF().corpus_score(said, [given]).score,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rondo", default=pathlib.Path(__file__).resolve().parents[2] / "build/release/rondo")
    options = parser.parse_args()
    right = True
    for seed in range(5):
        draw = random.Random(seed)
        pairs = make_pairs(draw, 400)
        train, test = pairs[:300], pairs[300:]
        with tempfile.TemporaryDirectory() as folder:
            at = pathlib.Path(folder)
            for name, part in (("train", train), ("test", test)):
                for side, suffix in ((0, "read"), (1, "said")):
                    lines = "".join(pair[side] + "\n" for pair in part)
                    (at / f"{name}.{suffix}").write_text(lines, encoding="utf-8")
            data = at / "pairs.rondo"
            subprocess.run(
                [options.rondo, "prepare", "--task", "transduce", "--format", "lines", "--input", at / "train.read",
                 "--target-input", at / "train.said", "--test-input", at / "test.read", "--test-target-input",
                 at / "test.said", "--source", "source:word", "--target", "target:word", "--validation", "0",
                 "--output", data],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            told = subprocess.run(
                [options.rondo, "eval", "--baseline", "--data", data, "--split", "test", "--json"],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
        own = json.loads(told)["metrics"]
        likeliest = learn(train)
        said = [" ".join(likeliest[w] for w in read.split() if w in likeliest) for read, _ in test]
        known = {word for _, text in train for word in text.split()}
        given = [" ".join(w if w in known else "<unk>" for w in text.split()) for _, text in test]
        ours = figures(given, said)
        for name, value in ours.items():
            agrees = abs(value - own[name]) <= 1e-9 * max(1, abs(value))
            right = right and agrees
            print(f"seed {seed} {name:12}{own[name]:24.15g}{value:24.15g}{'' if agrees else '  DIFFERS'}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
