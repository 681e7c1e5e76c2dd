"""What communication costs PyTorch's DistributedDataParallel: a step with its sums over gloo, and the
same step of the same processes without them (no_sync), in turn. Beside it: communication.cpp.

    tests/bench/network/hosts 4 1gbit build/torch/bin/python tests/bench/network/ddp_communication.py \
        MEETING [HIDDEN LANES STEPS]

MEETING: name of a file that does not exist yet, where the ranks find each other. Two LSTM layers,
windows of 64, LANES lanes in all; medians of 20 steps each.
"""

import contextlib
import pathlib
import statistics
import sys
import time

import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
from torch_trainer import Training, own_rank, own_size  # noqa: E402

WARM_STEPS = 2


def report(training: Training, ranks: int, hidden: int, lanes: int, seconds: dict) -> None:
    parameters = 1e-6 * sum(each.numel() for each in training.parameters)
    print(f"{ranks} ranks, {parameters:.2f} M parameters ({hidden} hidden), {lanes} lanes")
    ddp, alone = (1e3 * statistics.median(seconds[name]) for name in ("ddp", "alone"))
    for name, median in (("ddp", ddp), ("alone", alone)):
        least, most = (1e3 * function(seconds[name]) for function in (min, max))
        print(f"{name:<7}{median:9.2f} ms a step ({least:.2f} .. {most:.2f})")
    print(f"{100 * (1 - alone / ddp):.1f} % communication")


def main() -> None:
    meeting, *numbers = sys.argv[1:]
    hidden, lanes, steps = [*map(int, numbers), *(512, 64, 20)[len(numbers) :]]
    rank, ranks = own_rank(), own_size()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting}", rank=rank, world_size=ranks
    )
    shape = {"cell": "lstm", "layers": 2, "hidden": hidden, "vocabulary": 65, "window": 64}
    training = Training(shape, max(1, lanes // ranks), ranks)
    model = training.model("eager")
    seconds = {"ddp": [], "alone": []}
    for step in range(-WARM_STEPS, steps):
        for name, together in (("ddp", contextlib.nullcontext), ("alone", model.no_sync)):
            torch.distributed.barrier()
            begun = time.perf_counter()
            with together():
                training.step(model)
            torch.distributed.barrier()  # until the slowest rank is done
            if step >= 0:
                seconds[name].append(time.perf_counter() - begun)
    if rank == 0:
        report(training, ranks, hidden, lanes, seconds)
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
