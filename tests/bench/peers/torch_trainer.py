"""The same training in PyTorch: one rank, started by torch_peer.py, alone or by mpirun.

Rank 0 reads commands from its standard input, a JSON list a line (a name, then arguments), and
passes them to the other ranks. It answers each with a line of JSON, which is {"error": sentence} if
the command failed.

    python torch_trainer.py SETTINGS      SETTINGS in JSON: see main
"""

import datetime
import json
import os
import sys
import time
from typing import Iterator

import torch
from torch import nn

CLIP_NORM = 1.0
LAYERS = {"tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Model(nn.Module):
    """Embedding, recurrent layers over the whole window, linear layer, mean cross-entropy."""

    def __init__(self, cell: str, layers: int, hidden: int, vocabulary: int):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.recurrent = LAYERS[cell](hidden, hidden, layers)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, symbols, targets, state):
        outputs, state = self.recurrent(self.embedding(symbols), state)
        logits = self.head(outputs)
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten()), state


class Training:
    """A model, its optimizer, and a cursor in data that lies in memory, a column a lane."""

    def __init__(self, shape: dict, lanes: int, ranks: int):
        self.window = shape["window"]
        self.vocabulary = shape["vocabulary"]
        model = Model(shape["cell"], shape["layers"], shape["hidden"], shape["vocabulary"])
        self.parameters = list(model.parameters())
        if ranks > 1:
            model = nn.parallel.DistributedDataParallel(model, gradient_as_bucket_view=True)
        self.models = {"eager": model}
        self.optimizer = None
        self.choose_optimizer("fused")
        length = 64 * self.window
        self.symbols = torch.randint(self.vocabulary, (length + 1, lanes))
        self.at = 0
        self.state = None

    def choose_optimizer(self, name: str) -> None:
        self.optimizer = torch.optim.Adam(self.parameters, lr=0.002, **{name: True})

    def model(self, variant: str) -> nn.Module:
        if variant not in self.models:
            self.models[variant] = torch.compile(self.models["eager"])
        return self.models[variant]

    def step(self, model: nn.Module) -> None:
        begin, end = self.at, self.at + self.window
        self.at = end % (len(self.symbols) - 1)
        self.optimizer.zero_grad(set_to_none=True)
        loss, state = model(self.symbols[begin:end], self.symbols[begin + 1 : end + 1], self.state)
        loss.backward()
        self.update()
        self.state = (
            tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        )

    def update(self) -> None:
        nn.utils.clip_grad_norm_(self.parameters, CLIP_NORM, foreach=True)
        self.optimizer.step()

    def run(self, variant: str, steps: int) -> dict:
        """Seconds of so many steps, from when all ranks are ready to when all are done."""
        model = self.model(variant)
        barrier()
        start = time.perf_counter()
        for _ in range(steps):
            self.step(model)
        barrier()
        return {"seconds": time.perf_counter() - start}

    def time_updates(self, name: str, count: int) -> dict:
        """Seconds of an update by one of Adam's two forms, with the last step's gradients."""
        self.choose_optimizer(name)
        self.update()
        start = time.perf_counter()
        for _ in range(count):
            self.update()
        return {"seconds": (time.perf_counter() - start) / count}


def barrier() -> None:
    if torch.distributed.is_initialized():
        torch.distributed.barrier()


def commands(rank: int, ranks: int) -> Iterator[list]:
    """What rank 0 is told, on every rank."""
    while True:
        line = [sys.stdin.readline() if rank == 0 else None]
        if ranks > 1:
            torch.distributed.broadcast_object_list(line, src=0)
        if not line[0]:
            return
        yield json.loads(line[0])


def own_rank() -> int:
    """As Open MPI or MPICH told this process; 0 when it was started alone."""
    return int(os.environ.get("OMPI_COMM_WORLD_RANK", os.environ.get("PMI_RANK", "0")))


def own_size() -> int:
    """Of the world that Open MPI or MPICH started; 1 when this process was started alone."""
    return int(os.environ.get("OMPI_COMM_WORLD_SIZE", os.environ.get("PMI_SIZE", "1")))


def main() -> None:
    """Settings: shape (its numbers by name), lanes of a rank, threads, ranks, and meeting: the name
    of a file that does not exist yet, where the ranks find each other."""
    settings = json.loads(sys.argv[1])
    rank, ranks = own_rank(), settings["ranks"]
    torch.set_num_threads(settings["threads"])
    torch.set_flush_denormal(True)  # as rondo does
    torch.manual_seed(1 + rank)
    if ranks > 1:
        torch.distributed.init_process_group(
            "gloo", init_method="file://" + settings["meeting"], rank=rank, world_size=ranks,
            timeout=datetime.timedelta(hours=6),  # idle while others have the machine
        )  # fmt: skip
    training = Training(settings["shape"], settings["lanes"], ranks)
    known = {"run": training.run, "time_updates": training.time_updates,
             "choose_optimizer": training.choose_optimizer}  # fmt: skip

    def answer(result: dict) -> None:
        if rank == 0:
            print(json.dumps(result), flush=True)

    answer({"version": torch.__version__})
    for name, *arguments in commands(rank, ranks):
        try:
            answer(known[name](*arguments) or {})
        except Exception as error:  # what torch.compile raises has no common base
            sentence = str(error).strip().splitlines() or [""]
            answer({"error": f"{type(error).__name__}: {sentence[0]}"})
    if ranks > 1:
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
