"""naive_bayes.py LANGUAGES.TSV SPLIT: the share of the words whose language naive Bayes names.

Counts, in the train split, the four-letter pieces of each language's words, their ends marked, and
multiplies their probabilities. What is added to each count is chosen on the validation split.
"""

import csv
import math
import sys
from collections import Counter, defaultdict

LENGTH = 4
ADDED = (0.03, 0.1, 0.3, 1.0)


def pieces(word: str) -> list[str]:
    padded = "^" * (LENGTH - 1) + word + "$"
    return [padded[i : i + LENGTH] for i in range(len(padded) - LENGTH + 1)]


def accuracy(words, counts, different: int, added: float) -> float:
    log = math.log
    bottoms = {a: log(c.total() + added * different) for a, c in counts.items()}
    right = 0
    for word, language in words:
        found = pieces(word)

        def score(a: str) -> float:
            count = counts[a]
            return sum(log(count[p] + added) for p in found) - len(found) * bottoms[a]

        right += max(counts, key=score) == language
    return right / len(words)


def main() -> None:
    splits = defaultdict(list)
    with open(sys.argv[1], encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            splits[row["split"]].append((row["word"], row["language"]))
    counts = defaultdict(Counter)
    for word, language in splits["train"]:
        counts[language].update(pieces(word))
    different = len(set().union(*counts.values()))
    best = max(ADDED, key=lambda a: accuracy(splits["validation"], counts, different, a))
    print(accuracy(splits[sys.argv[2]], counts, different, best))


if __name__ == "__main__":
    main()
