"""Whole training steps of the branching dueling double DQN in PyTorch on the CPU, when asked to.

Usage: step.py TRUNK HEAD AUXILIARY time|processor, such as 200,256,128 0 0 time (0: heads of one layer). Says 0 when it is ready; then answers
each line `eager N` (autograd and Adam as they come) or `compiled N` (torch.compile and fused Adam) with its steps per second over N steps; with
`processor` in one thread, per second of the processor.
A step gathers its states by index, weighs the losses by importance, clips the gradients' norm, moves the target and gives back the TD errors.
"""

import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, BARS, BRANCHES = 256, 20_000, (21, 11)
SIZES, HEAD, AUXILIARY = [int(size) for size in sys.argv[1].split(",")], int(sys.argv[2]), int(sys.argv[3])
clock = {"time": time.perf_counter, "processor": time.process_time}[sys.argv[4]]
torch.set_num_threads(1 if sys.argv[4] == "processor" else os.cpu_count() or 1)
torch.manual_seed(0)


def dense(*sizes):
    layers = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        width = SIZES[-1]
        head = lambda hidden, outputs: dense(width, hidden, outputs) if hidden else dense(width, outputs)
        self.trunk = nn.Sequential(dense(*SIZES), nn.ReLU())
        self.value = head(HEAD, 1)
        self.branches = nn.ModuleList(head(HEAD, bins) for bins in BRANCHES)
        self.volatility = head(AUXILIARY, 1)

    def values(self, features):
        advantages = [branch(features) for branch in self.branches]
        return [self.value(features) + a - a.mean(1, keepdim=True) for a in advantages]


class Agent:
    def __init__(self, compiled):
        self.online, self.target = Network(), Network()
        self.parameters, self.followers = list(self.online.parameters()), list(self.target.parameters())
        self.adam = torch.optim.Adam(self.parameters, lr=3e-4, fused=compiled or None)
        self.loss = torch.compile(self.losses) if compiled else self.losses

    def losses(self, states, nexts, actions, reward, discount, weight, volatility):
        with torch.no_grad():
            chosen = [q.argmax(1, keepdim=True) for q in self.online.values(self.online.trunk(nexts))]
            worth = self.target.values(self.target.trunk(nexts))
            expected = torch.stack([q.gather(1, a).squeeze(1) for q, a in zip(worth, chosen)]).mean(0)
            returns = reward + discount * expected
        features = self.online.trunk(states)
        taken = [q.gather(1, a[:, None]).squeeze(1) for q, a in zip(self.online.values(features), actions)]
        each = [(weight * F.smooth_l1_loss(q, returns, reduction="none")).mean() for q in taken]
        auxiliary = F.mse_loss(self.online.volatility(features).squeeze(1), volatility)
        return torch.stack(each).mean() + 0.1 * auxiliary, sum((returns - q).abs() for q in taken).detach()

    def step(self, batch):
        bars, nexts, *rest = batch
        loss, errors = self.loss(FEATURES[bars], FEATURES[nexts], *rest)
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.followers, self.parameters, 0.005)
        return loss.item(), errors.numpy()


def batch():
    index = lambda bound: torch.randint(0, bound, (BATCH,))
    return index(BARS), index(BARS), [index(bins) for bins in BRANCHES], *(torch.rand(BATCH) for _ in range(4))


FEATURES = torch.randn(BARS, SIZES[0])
BATCHES = [batch() for _ in range(8)]
agents = {}
print(0, flush=True)
for line in sys.stdin:
    kind, count = line.split()
    if kind not in agents:
        agents[kind] = Agent(kind == "compiled")
        for n in range(10):
            agents[kind].step(BATCHES[n % 8])
    start = clock()
    for n in range(int(count)):
        agents[kind].step(BATCHES[n % 8])
    print(int(count) / (clock() - start), flush=True)
