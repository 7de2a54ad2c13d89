"""Stable-Baselines3's DQN on a market given as files, when asked to: seconds of training until its Sharpe ratio on held-out bars is as asked.

Usage: time_to_score.py OBSERVATIONS PRICES TRAINING_BARS SESSION FEE PERIODS. OBSERVATIONS is row-major float32, one row a bar; PRICES float64.
Positions -1 to 1 in eleven steps, decided at the close of a bar and held over the next, at a fee on the change. Says 0 when it is ready; then
answers each line `SEED THRESHOLD LIMIT` with the seconds of training, without those of scoring every 2,000 steps; with LIMIT or more where it gave up.
"""

import os
import sys
import time

import gymnasium
import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3 import DQN

prices = np.fromfile(sys.argv[2], np.float64)
observations = np.fromfile(sys.argv[1], np.float32).reshape(len(prices), -1)
training_bars, session, fee, periods = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]), float(sys.argv[6])
LEVELS, EVERY = np.linspace(-1, 1, 11), 2_000
returns = prices[1:] / prices[:-1] - 1
torch.set_num_threads(os.cpu_count() or 1)


class Market(gymnasium.Env):
    observation_space = spaces.Box(-np.inf, np.inf, (observations.shape[1] + 1,), np.float32)
    action_space = spaces.Discrete(len(LEVELS))

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def observe(self):
        return np.append(observations[self.bar], np.float32(self.position))

    def reset(self, seed=None, options=None):
        self.bar, self.age, self.position = session * int(self.random.integers(training_bars // session)), 0, 0.0
        return self.observe(), {}

    def step(self, action):
        target = LEVELS[action]
        reward = target * returns[self.bar] - fee * abs(target - self.position)
        self.position = target
        self.bar += 1
        self.age += 1
        return self.observe(), 1e3 * float(reward), False, self.age >= session - 1, {}


def held_out_sharpe(model):
    """All held-out sessions side by side, greedily, each from flat to flat."""
    starts = np.arange(training_bars, len(prices) - session + 1, session)
    position, earned = np.zeros(len(starts)), []
    for age in range(session - 1):
        states = np.column_stack([observations[starts + age], position.astype(np.float32)])
        target = LEVELS[model.predict(states, deterministic=True)[0]]
        costs = fee * (np.abs(target - position) + (np.abs(target) if age == session - 2 else 0))
        earned.append(target * returns[starts + age] - costs)
        position = target
    earned = np.concatenate(earned)
    return float(earned.mean() / earned.std(ddof=1) * np.sqrt(periods)) if earned.any() else 0.0


print(0, flush=True)
for line in sys.stdin:
    seed, threshold, limit = int(line.split()[0]), *(float(word) for word in line.split()[1:])
    model = DQN(
        "MlpPolicy", Market(seed), learning_rate=3e-4, buffer_size=500_000, learning_starts=2_000, batch_size=256, train_freq=4,
        gradient_steps=1, policy_kwargs={"net_arch": [256, 128]}, device="cpu", seed=seed,
    )  # fmt: skip
    spent, sharpe = 0.0, -np.inf
    while spent < limit and sharpe < threshold:
        start = time.perf_counter()
        model.learn(EVERY, reset_num_timesteps=False)
        spent += time.perf_counter() - start
        sharpe = held_out_sharpe(model)
        print(f"seed {seed}: Sharpe {sharpe:.1f} after {spent:.0f} s", file=sys.stderr, flush=True)
    print(spent, flush=True)
