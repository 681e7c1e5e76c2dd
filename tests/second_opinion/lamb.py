"""LAMB, which PyTorch has not, in PyTorch: You et al. 2020, algorithm 2, with the identity for phi."""

import torch


class Lamb(torch.optim.Optimizer):
    def __init__(self, trained, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(trained, {"lr": lr, "betas": betas, "eps": eps, "decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weights in group["params"]:
                self._step_of(weights, group)

    def _step_of(self, weights, group):
        state = self.state[weights]
        if not state:
            state["t"] = 0
            state["m"] = torch.zeros_like(weights)
            state["v"] = torch.zeros_like(weights)
        state["t"] += 1
        beta1, beta2 = group["betas"]
        state["m"] = beta1 * state["m"] + (1 - beta1) * weights.grad
        state["v"] = beta2 * state["v"] + (1 - beta2) * weights.grad**2
        m_hat = state["m"] / (1 - beta1 ** state["t"])
        v_hat = state["v"] / (1 - beta2 ** state["t"])
        direction = m_hat / (v_hat.sqrt() + group["eps"]) + group["decay"] * weights
        of_weights, of_direction = weights.norm(), direction.norm()
        trust = of_weights / of_direction if of_weights > 0 and of_direction > 0 else 1.0
        weights -= group["lr"] * trust * direction
