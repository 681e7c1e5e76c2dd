"""How many symbols have to be put in, left out or exchanged to make one list of another (Levenshtein)."""


def distance(given, said) -> int:
    row = list(range(len(said) + 1))
    for i, symbol in enumerate(given):
        before, row[0] = row[0], i + 1
        for j, other in enumerate(said):
            before, row[j + 1] = row[j + 1], min(before + (symbol != other), row[j] + 1, row[j + 1] + 1)
    return row[-1]
