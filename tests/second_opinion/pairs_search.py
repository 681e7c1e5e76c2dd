"""What a model of pairs_model.py says of its sources: greedily, or by a beam."""

from typing import List

import torch

from pairs_model import PairModel, Source


def _picked(states: list, rows: torch.Tensor) -> list:
    return [tuple(part[rows] for part in each) if isinstance(each, tuple) else each[rows]
            for each in states]  # fmt: skip


@torch.no_grad()
def translate(model: PairModel, read: torch.Tensor, lengths: torch.Tensor, end: int, beam: int,
              longest: int, penalty: float = 1.0) -> List[List[int]]:
    """The likeliest text of each source, by log probability over its length to the power of `penalty`:
    all sources and their beams in one batch, those that are done leave it. `beam` 1: greedily."""
    model.eval()
    source = model.encode(read, lengths)
    count = len(lengths)
    rows = torch.arange(count).repeat_interleave(beam)
    source = Source(source.states[rows], source.keys[rows], source.hidden_from[rows],
                    _picked(source.begin, rows))  # fmt: skip
    states, owner = source.begin, torch.arange(count)
    logs = torch.full((count, beam), -torch.inf, dtype=torch.float64)
    logs[:, 0] = 0
    texts = torch.zeros(count * beam, 0, dtype=torch.int64)
    symbols = torch.full((count * beam,), end)
    fed = source.states.new_zeros(count * beam, model.shape.hidden)
    best = [(-torch.inf, []) for _ in range(count)]
    for length in range(1, longest + 1):
        values = model.embedding_1(symbols)
        if model.shape.feeding:
            fed, states = model.step(values, fed, states, source)
            said = fed
        else:
            said, states = model.say(values[None], source, states)
            said = said[0]
        steps = torch.log_softmax(model.output(said).double(), -1)
        vocabulary = steps.shape[1]
        totals = (logs[..., None] + steps.view(-1, beam, vocabulary)).flatten(1)
        logs, chosen = totals.topk(beam, 1)
        parents = (chosen // vocabulary + torch.arange(len(owner))[:, None] * beam).flatten()
        symbols = (chosen % vocabulary).flatten()
        texts = torch.cat([texts[parents], symbols[:, None]], 1)
        states, fed = _picked(states, parents), fed[parents]
        ended = symbols.view(-1, beam) == end
        for row, place in ended.nonzero().tolist():
            score = float(logs[row, place]) / length**penalty
            if score > best[owner[row]][0]:
                best[owner[row]] = (score, texts[row * beam + place, :-1].tolist())
        logs = logs.masked_fill(ended, -torch.inf)
        # A text that goes on loses probability: it can at most keep what it has at the longest length.
        bound = logs.amax(1) / longest**penalty
        kept = torch.tensor([bool(bound[i] > best[owner[i]][0]) for i in range(len(owner))])
        if not kept.any():
            break
        if not kept.all():
            rows = kept.repeat_interleave(beam)
            owner, logs, symbols = owner[kept], logs[kept], symbols[rows]
            texts, fed, states = texts[rows], fed[rows], _picked(states, rows)
            source = Source(source.states[rows], source.keys[rows], source.hidden_from[rows], [])
    model.train()
    return [text for _, text in best]
