"""The same language model in PyTorch: embedding, recurrent layers, linear output.

Everything that computes is PyTorch's own (nn.Embedding, nn.RNN, nn.LSTM, nn.GRU, nn.Linear,
cross_entropy, clip_grad_norm_, optim.Adam), but for the cells that PyTorch has not (cells.py). What
is written here is the way parameters are named.
"""

from typing import Dict, Iterator, NamedTuple

import numpy
import torch

import cells
import packed_lanes

PYTORCHS = ("tanh", "relu", "lstm", "gru", "lstm-projected")
# A model's name: its cell, and rondo's flags for it.
WRITTEN = ("lstm-coupled", "lstm-peephole", "lstm-norm", "gru-norm")
MODELS = {cell: (cell, ()) for cell in (*PYTORCHS, *WRITTEN)}
MODELS["lstm-projected"] = ("lstm-projected", ("--projection", "19"))
MODELS["lstm-projected, tied"] = ("lstm-projected", ("--projection", "19", "--tied"))
MODELS["lstm with residuals"] = ("lstm", ("--residual",))
MODELS["gru, tied"] = ("gru", ("--tied",))
MODELS["lstm with zoneout"] = ("lstm", ("--zoneout", "0.1", "--zoneout-cell", "0.4"))
MODELS["lstm, initial state"] = ("lstm", ("--initial-state", "trained"))
MODELS["gru-norm, initial state"] = ("gru-norm", ("--initial-state", "trained"))
MODELS["gru-norm with zoneout"] = ("gru-norm", ("--zoneout", "0.2"))
ACTIVATION_PENALTY, TEMPORAL_PENALTY = 2.0, 1.0
MODELS["lstm with penalties"] = (
    "lstm",
    ("--activation-penalty", str(ACTIVATION_PENALTY), "--temporal-penalty", str(TEMPORAL_PENALTY)),
)
SEED = 7  # of rondo's runs


def value_of(flags, name: str) -> float:
    return float(flags[flags.index(name) + 1]) if name in flags else 0.0


def set_biases(first, second, bias: torch.Tensor, cell: str, hidden: int) -> None:
    """PyTorch's two biases of a layer from rondo's one; what rondo has not is held at zero."""
    with torch.no_grad():
        first.copy_(bias[: len(first)])
        second.zero_()
    if cell != "gru":
        second.requires_grad_(False)
        return
    with torch.no_grad():
        second[2 * hidden :].copy_(bias[3 * hidden :])
    candidate_only = torch.zeros_like(second)
    candidate_only[2 * hidden :] = 1
    second.register_hook(lambda gradient: gradient * candidate_only)


def joined_biases(first, second, cell: str, hidden: int) -> numpy.ndarray:
    """The way back."""
    return numpy.concatenate([first, second[2 * hidden :]]) if cell == "gru" else first


class Step(NamedTuple):
    loss: float  # nats a target, before the update
    gradient_norm: float  # before clipping


class Twin(torch.nn.Module):
    """Built from a checkpoint's parameters: name -> array, as rondo names and lays them out.

    rondo has one bias a gate where PyTorch has two that are added. PyTorch's second one is held at
    zero here, outside of norm and optimizer; but GRU's candidate needs both, and rondo's fourth
    slot (r, z, n, m) is PyTorch's second bias of the candidate.
    """

    def __init__(self, model: str, parameters: Dict[str, numpy.ndarray]):
        super().__init__()
        tensors = {name: torch.from_numpy(value.copy()) for name, value in parameters.items()}
        vocabulary, embedding = tensors["embedding.weight"].shape
        outputs = tensors["rnn.weight_hh_l0"].shape[1]
        layers = sum(name.startswith("rnn.weight_hh_l") for name in tensors)
        cell, flags = MODELS[model]
        residual = "--residual" in flags
        self.tied = "--tied" in flags
        self.penalties = "--activation-penalty" in flags
        hidden = tensors["rnn.weight_hr_l0"].shape[1] if cell == "lstm-projected" else outputs
        self.cell, self.layers, self.hidden = cell, layers, hidden
        zoneouts = ()
        if "--zoneout" in flags:
            zoneouts = (
                cells.Zoneout(cells.Zoneout.HIDDEN, value_of(flags, "--zoneout"), SEED),
                cells.Zoneout(cells.Zoneout.CELL, value_of(flags, "--zoneout-cell"), SEED),
            )
        written = residual or zoneouts or "--initial-state" in flags  # in cells.py
        self.two_biases = cell in PYTORCHS and not written  # PyTorch's own
        self.embedding = torch.nn.Embedding(vocabulary, embedding)
        if not self.two_biases:
            prefix = "rnn."
            own = {n[len(prefix) :]: t for n, t in tensors.items() if n.startswith(prefix)}
            self.rnn = cells.CELLS[cell](own, residual, zoneouts)
        elif cell == "lstm-projected":
            self.rnn = torch.nn.LSTM(embedding, hidden, layers, proj_size=outputs)
        elif cell in ("tanh", "relu"):
            self.rnn = torch.nn.RNN(embedding, hidden, layers, nonlinearity=cell)
        else:
            self.rnn = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](embedding, hidden, layers)
        self.output = torch.nn.Linear(outputs, vocabulary)
        if self.tied:
            self.output.weight = self.embedding.weight
        self.to(tensors["embedding.weight"].dtype)
        self._load(tensors)

    def _load(self, tensors: Dict[str, torch.Tensor]) -> None:
        own = dict(self.named_parameters())
        for layer in range(self.layers if self.two_biases else 0):
            bias = tensors.pop(f"rnn.bias_l{layer}")
            first, second = own.pop(f"rnn.bias_ih_l{layer}"), own.pop(f"rnn.bias_hh_l{layer}")
            set_biases(first, second, bias, self.cell, self.hidden)
        if own.keys() != tensors.keys():
            raise ValueError(f"parameters differ by name: {own.keys() ^ tensors.keys()}")
        with torch.no_grad():
            for name, parameter in own.items():
                if parameter.shape != tensors[name].shape:
                    raise ValueError(
                        f"{name} has shape {tuple(tensors[name].shape)} in the checkpoint, "
                        f"{tuple(parameter.shape)} in PyTorch"
                    )
                parameter.copy_(tensors[name])

    def parameters_as_rondo_names_them(self) -> Dict[str, numpy.ndarray]:
        """The way back: the parameters in rondo's names and layout."""
        named = {name: value.detach().numpy().copy() for name, value in self.named_parameters()}
        for layer in range(self.layers if self.two_biases else 0):
            first = named.pop(f"rnn.bias_ih_l{layer}")
            second = named.pop(f"rnn.bias_hh_l{layer}")
            named[f"rnn.bias_l{layer}"] = joined_biases(first, second, self.cell, self.hidden)
        return named

    def loss(self, window: packed_lanes.Window, state, label_smoothing: float = 0.0,
             number: int = 0):
        """Means over the valid targets, of cross entropy and of the outputs' penalty, and the state
        behind the window, which is the training's `number`th."""
        self.rnn.window = number
        inputs, targets = torch.from_numpy(window.inputs), torch.from_numpy(window.targets)
        outputs, state = self.rnn(self.embedding(inputs), state)
        logits = self.output(outputs)
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=packed_lanes.MASKED,
            label_smoothing=label_smoothing,
        )  # fmt: skip
        return loss, self.penalty(outputs, targets != packed_lanes.MASKED), state

    def penalty(self, outputs: torch.Tensor, valid: torch.Tensor):
        if not self.penalties:
            return 0
        size = outputs.pow(2).mean(-1)
        change = (outputs[1:] - outputs[:-1]).pow(2).mean(-1)
        total = ACTIVATION_PENALTY * size[valid].sum() + TEMPORAL_PENALTY * change[valid[1:]].sum()
        return total / valid.sum()


def detached(state):
    """Hidden state is carried from window to window, gradients are not."""
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


class Rules(NamedTuple):
    """What a training does to gradients, rates and labels beside the optimizer's own."""

    clip_norm: float
    clip_value: float = 0.0  # 0: none
    label_smoothing: float = 0.0
    window: int = 0  # the rate is for windows of this length, and goes with each one's own; 0: not


def train(
    twin: Twin,
    windows: Iterator[packed_lanes.Window],
    steps: int,
    rate: float,
    rules: Rules,
    optimizer_of=torch.optim.Adam,
    after_update=lambda twin: None,
) -> Iterator[Step]:
    """One Step an update, by optimizer_of(parameters, lr=rate): Adam with PyTorch's defaults."""
    trained = [parameter for parameter in twin.parameters() if parameter.requires_grad]
    optimizer = optimizer_of(trained, lr=rate)
    state = None
    for number in range(steps):
        window = next(windows)
        loss, penalty, state = twin.loss(
            window, None if window.starts_epoch else state, rules.label_smoothing, number
        )
        state = detached(state)
        # A parameter that a window does not reach, an initial state, has the gradient 0, not none.
        optimizer.zero_grad(set_to_none=False)
        (loss + penalty).backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, rules.clip_norm)
        if rules.clip_value > 0:
            torch.nn.utils.clip_grad_value_(trained, rules.clip_value)
        if rules.window > 0:
            optimizer.param_groups[0]["lr"] = rate * len(window.inputs) / rules.window
        optimizer.step()
        after_update(twin)
        yield Step(loss.item(), float(norm))


def evaluate(twin: Twin, windows: Iterator[packed_lanes.Window]) -> float:
    """The mean loss of one pass over the windows."""
    twin.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for window in windows:
            if window.starts_epoch and state is not None:
                break
            loss, _, state = twin.loss(window, state)
            valid = int((window.targets != packed_lanes.MASKED).sum())
            total += loss.item() * valid if valid else 0.0
            count += valid
    twin.train()
    return total / count
