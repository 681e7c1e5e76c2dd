#!/usr/bin/env python3
"""What PyTorch learns in as many updates: a recipe of texts that steps spell (`transcribe`), with torch.nn
and its CTC loss.

Reads a recipe and a prepared data set, trains the same network with PyTorch's own initial weights, as
many updates of as many sequences, the same optimizer, schedule, clipping and dropouts, and prints the
rate of wrong characters on validation and test, of each step's likeliest class. Batches are drawn and
padded, not packed; nothing is augmented: a recipe that asks for that is refused, and has to be copied
without.

    learning_spellings.py fraktur-lines.rondo not-augmented.conf --sequences 14 --steps 2303
"""

import h5py
import numpy
import torch

import edits
import sequences

AUGMENTED = ("stretch", "shift-features", "noise", "mask-steps", "mask-features")


class Lines:
    """Of one split: frames, `stacked` of them side by side as a step, and texts."""

    def __init__(self, file, split, stacked):
        starts, own = file[f"{split}/starts"][...], file[f"{split}/target_starts"][...]
        mean, deviation = (file[f"columns/0/{name}"][...] for name in ("mean", "deviation"))
        frames, said = file[f"{split}/columns/0"], file[f"{split}/columns/1"][...]
        width = len(mean)
        frames = frames[...].reshape(-1, width)
        self.steps = []
        for begin, end in zip(starts, starts[1:]):
            one = (frames[begin:end] - mean) / deviation
            one = numpy.pad(one, ((0, -len(one) % stacked), (0, 0))).reshape(-1, stacked * width)
            self.steps.append(torch.from_numpy(one.astype(numpy.float32)))
        self.texts = [torch.from_numpy(said[a : b - 1].astype(numpy.int64))  # the end is not spelt
                      for a, b in zip(own, own[1:])]  # fmt: skip

    def __len__(self):
        return len(self.steps)

    def batch(self, numbers):
        steps = [self.steps[n] for n in numbers]
        return (torch.nn.utils.rnn.pad_sequence(steps), torch.tensor([len(one) for one in steps]),
                [self.texts[n] for n in numbers])  # fmt: skip


class Speller(torch.nn.Module):
    # False: the reversed direction begins in the padding, which is not the same and, in PyTorch, faster.
    packed = True

    def __init__(self, recipe, width, symbols):
        super().__init__()
        hidden, self.both = int(recipe["hidden"]), "bidirectional" in recipe
        self.rnn = sequences.LAYERS[recipe["cell"]](
            width, hidden, int(recipe["layers"]), bidirectional=self.both,
            dropout=float(recipe.get("dropout", 0)))  # fmt: skip
        self.after = torch.nn.Dropout(float(recipe.get("dropout-output", 0)))
        self.head = torch.nn.Linear((1 + self.both) * hidden, symbols + 1)
        if recipe["cell"] == "lstm":
            sequences.set_forget_bias(self.rnn, hidden)

    def forward(self, steps, lengths):
        """Log probabilities [step, sequence, symbol]; the blank is the last one."""
        if self.packed:
            packed = torch.nn.utils.rnn.pack_padded_sequence(steps, lengths, enforce_sorted=False)
            states, _ = torch.nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0])
        else:
            states, _ = self.rnn(steps)
        return torch.log_softmax(self.head(self.after(states)), -1)

    def loss(self, steps, lengths, texts):
        """A sequence weighs 1, however long."""
        return torch.nn.functional.ctc_loss(
            self(steps, lengths), torch.cat(texts), lengths, torch.tensor([len(text) for text in texts]),
            blank=self.head.out_features - 1, reduction="sum", zero_infinity=True) / len(texts)  # fmt: skip


@torch.no_grad()
def error_of(model, lines):
    model.eval()
    wrong = symbols = 0
    for numbers in numpy.array_split(numpy.arange(len(lines)), -(-len(lines) // 50)):
        steps, lengths, texts = lines.batch(numbers)
        likeliest = model(steps, lengths).argmax(-1)
        blank = model.head.out_features - 1
        for i, text in enumerate(texts):
            own = torch.unique_consecutive(likeliest[: lengths[i], i]).tolist()
            wrong += edits.distance(text.tolist(), [one for one in own if one != blank])
            symbols += len(text)
    model.train()
    return 100 * wrong / symbols


def main() -> None:
    arguments = sequences.parse_arguments(__doc__)
    recipe = sequences.recipe_of(arguments)
    if any(key in recipe for key in AUGMENTED):
        raise SystemExit("this script does not augment")
    with h5py.File(arguments.data) as file:
        symbols = len(file["columns/1/ends"])
        splits = {name: Lines(file, name, int(recipe.get("stack-frames", 1)))
                  for name in ("train", "validation", "test")}  # fmt: skip
    train = splits["train"]
    model = Speller(recipe, train.steps[0].shape[1], symbols)

    def loss_of(numbers):
        return model.loss(*train.batch(numbers))

    def tell(step, seconds):
        print(f"step {step}: {error_of(model, splits['validation']):.2f} % of validation's characters wrong, "
              f"{seconds:.0f} s", flush=True)  # fmt: skip

    sequences.train(model, recipe, arguments, len(train), loss_of, 200, tell)
    print(f"test {error_of(model, splits['test']):.2f} %")


if __name__ == "__main__":
    main()
