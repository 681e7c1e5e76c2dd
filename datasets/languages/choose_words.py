"""choose_words.py FOLDER OUTPUT: a table of words, their languages and their splits.

Reads the word lists of FOLDER. Of each language the same number of words, of those that consist of
letters, lower-cased, and stand in no other list. All words with the same first five letters are in
one split. What is chosen, and for which split, hangs on SHA-256 alone.
"""

import hashlib
import heapq
import sys
from pathlib import Path

LISTS = {
    "dutch": "dutch",
    "english": "american-english",
    "french": "french",
    "german": "ngerman",
    "italian": "italian",
    "polish": "polish",
    "portuguese": "portuguese",
    "spanish": "spanish",
}
WORDS = 40_000  # of a language
MOST_FORMS = 4  # as which a list may write one lower-cased word: Reis, reis, REIS


def place(text: str) -> int:
    """A number below 2**64 that looks drawn."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def words_of(path: Path):
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word = line.strip().lower()
            if word.isalpha():
                yield word


def split_of(word: str) -> str:
    twentieth = place("split " + word[:5]) % 20
    return {0: "test", 1: "validation"}.get(twentieth, "train")


def main() -> None:
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    for name in LISTS.values():
        if not (folder / name).is_file():
            sys.exit(f"choose_words.py: there is no {folder / name}: README.md names the packages")

    # Polish writes out all inflected forms, four million words: its list is gone through twice, and
    # never held.
    languages = {}  # a word: its language, or none where it stands in several lists
    for language, name in LISTS.items():
        if language == "polish":
            continue
        for word in words_of(folder / name):
            if languages.setdefault(word, language) != language:
                languages[word] = None
    for word in words_of(folder / LISTS["polish"]):
        if word in languages:
            languages[word] = None

    chosen = []
    for language, name in LISTS.items():
        own = (
            (place(word), word)
            for word in words_of(folder / name)
            if languages.get(word, "polish") == language
        )
        first = sorted(set(heapq.nsmallest(WORDS * MOST_FORMS, own)))[:WORDS]
        if len(first) < WORDS:
            sys.exit(f"choose_words.py: {folder / name} has {len(first)} words of its own")
        chosen += [(number, word, language) for number, word in first]
    with output.open("w", encoding="utf-8") as table:
        table.write("word\tlanguage\tsplit\n")
        for _, word, language in sorted(chosen):
            table.write(f"{word}\t{language}\t{split_of(word)}\n")


if __name__ == "__main__":
    main()
