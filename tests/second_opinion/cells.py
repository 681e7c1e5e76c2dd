"""Cells and stacks that PyTorch has not, step by step from their papers' formulas, in rondo's
names."""

from typing import Dict

import torch

import philox


class Zoneout:
    """Krueger et al. 2017: which units of a state keep their values, at each step of a window."""

    HIDDEN, CELL = 14, 15  # the purposes of their random numbers

    def __init__(self, purpose: int, probability: float, seed: int):
        self.purpose, self.probability, self.seed = purpose, probability, seed

    def kept(self, window: int, layer: int, times: int, lanes: int, units: int) -> torch.Tensor:
        """True where a unit keeps its value: [time, lane, unit]."""
        key = philox.stream(self.seed, self.purpose, window, layer)
        drawn = philox.unit_floats(key, times, lanes, units)
        return torch.from_numpy(drawn < drawn.dtype.type(self.probability))

    def __call__(self, before, made, kept, training: bool):
        if training:
            return torch.where(kept, before, made)
        return self.probability * before + (1 - self.probability) * made


class Cells(torch.nn.Module):
    """A stack of layers of one cell. Parameters are named as in torch.nn.LSTM, with one bias a
    gate; forward() takes and gives what torch.nn.LSTM does. With `residual`, each layer's input is
    added to its output, from the second layer on; zoneouts are those of hidden and cell state."""

    window = 0  # the number of the one that forward() sees next

    def __init__(self, parameters: Dict[str, torch.Tensor], residual: bool = False, zoneouts=()):
        super().__init__()
        self.residual = residual
        self.zoneouts = zoneouts
        self.layers = sum(name.startswith("weight_hh_l") for name in parameters)
        for name, value in parameters.items():
            setattr(self, name, torch.nn.Parameter(torch.empty_like(value)))

    def of_layer(self, name: str, layer: int) -> torch.Tensor:
        return getattr(self, f"{name}_l{layer}")

    def initial(self, what: str, lanes: int) -> torch.Tensor:
        """Where the lanes' states begin, in all layers: at a parameter, or at zero."""
        zero = self.of_layer("weight_hh", 0).new_zeros(self.of_layer("weight_hh", 0).shape[1])
        rows = [getattr(self, f"initial_{what}_l{layer}", zero) for layer in range(self.layers)]
        return torch.stack(rows)[:, None, :].expand(-1, lanes, -1)

    # Whether biases belong to the sums of the products that step() is given.
    biased_sums = True

    def step(self, layer: int, a: torch.Tensor, c: torch.Tensor):
        """Hidden and cell state from the pre-activations of all gates and the cell state before."""
        raise NotImplementedError

    def step_of_parts(self, layer, of_input, of_state, h, c):
        """The same from the input's and the state's parts of all gates, and the state before."""
        return self.step(layer, of_input + of_state, c)

    def normalized(self, layer: int, a: torch.Tensor, numbers) -> torch.Tensor:
        """Each vector of a batch of several, side by side, normalised by itself, with gains and
        biases number so and so."""
        units = self.of_layer("weight_hh", layer).shape[1]
        gains, biases = self.of_layer("gain", layer), self.of_layer("bias", layer)
        return torch.cat(
            [
                torch.nn.functional.layer_norm(
                    part,
                    (units,),
                    gains[number * units : (number + 1) * units],
                    biases[number * units : (number + 1) * units],
                    1e-5,
                )
                for number, part in zip(numbers, a.split(units, dim=-1))
            ],
            dim=-1,
        )

    def forward(self, inputs: torch.Tensor, state):
        hidden = self.of_layer("weight_hh", 0).shape[1]
        if state is None:
            state = tuple(self.initial(what, inputs.shape[1]) for what in ("hidden", "cell"))
        last_h, last_c = [], []
        for layer in range(self.layers):
            h, c = state[0][layer], state[1][layer]
            of_input = torch.nn.functional.linear(
                inputs,
                self.of_layer("weight_ih", layer),
                self.of_layer("bias", layer) if self.biased_sums else None,
            )
            times, lanes = inputs.shape[:2]
            kept = [z.kept(self.window, layer, times, lanes, hidden) for z in self.zoneouts]
            outputs = []
            for t, a in enumerate(of_input):
                of_state = h @ self.of_layer("weight_hh", layer).T
                before = h, c
                h, c = self.step_of_parts(layer, a, of_state, h, c)
                if self.zoneouts:
                    h, c = (
                        zoneout(old, made, mask[t], self.training)
                        for zoneout, old, made, mask in zip(self.zoneouts, before, (h, c), kept)
                    )
                outputs.append(h)
            sums = self.residual and layer > 0
            inputs = torch.stack(outputs) + (inputs if sums else 0)
            last_h.append(h)
            last_c.append(c)
        return inputs, (torch.stack(last_h), torch.stack(last_c))


class Lstm(Cells):
    """torch.nn.LSTM's: gates i, f, g, o."""

    def step(self, layer, a, c):
        i, f, g, o = a.chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class CoupledLstm(Cells):
    """Greff et al. 2017, CIFG: gates f, g, o; the input gate is 1 - f."""

    def step(self, layer, a, c):
        f, g, o = a.chunk(3, dim=-1)
        f = torch.sigmoid(f)
        c = f * c + (1 - f) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class PeepholeLstm(Cells):
    """Gers & Schmidhuber 2000: gates i, f, g, o, of which i and f see c before, o sees c after."""

    def step(self, layer, a, c):
        i, f, g, o = a.chunk(4, dim=-1)
        p_i, p_f, p_o = self.of_layer("peephole", layer).chunk(3)
        i, f = torch.sigmoid(i + p_i * c), torch.sigmoid(f + p_f * c)
        c = f * c + i * torch.tanh(g)
        return torch.sigmoid(o + p_o * c) * torch.tanh(c), c


class NormLstm(Cells):
    """Ba et al. 2016, gate by gate: i, f, g, o, and the cell state on its way out."""

    biased_sums = False

    def step(self, layer, a, c):
        i, f, g, o = self.normalized(layer, a, range(4)).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.normalized(layer, c, [4])), c


class NormGru(Cells):
    """Ba et al. 2016, gate by gate: r, z, and the two parts of n."""

    biased_sums = False

    def step_of_parts(self, layer, of_input, of_state, h, c):
        units = h.shape[1]
        both = (of_input + of_state)[:, : 2 * units]
        r, z = torch.sigmoid(self.normalized(layer, both, [0, 1])).chunk(2, dim=-1)
        of_input = self.normalized(layer, of_input[:, 2 * units :], [2])
        of_state = self.normalized(layer, of_state[:, 2 * units :], [3])
        n = torch.tanh(of_input + r * of_state)
        return (1 - z) * n + z * h, c


CELLS = {
    "lstm": Lstm,
    "lstm-coupled": CoupledLstm,
    "lstm-peephole": PeepholeLstm,
    "lstm-norm": NormLstm,
    "gru-norm": NormGru,
}
