"""The whole loop of Stable-Baselines3's DQN on bars, when asked to: act, step, store, sample, and a gradient step on 256 for every four.

Usage: loop.py WIDTH ACTIONS QUANTITIES. Says 0 when it is ready; then answers each line `N` with its environment steps per second over N steps.
Observations are rows of WIDTH numbers, actions one number for price and quantity together; network 256-128, 500,000 transitions of replay.
"""

import os
import sys
import time

import gymnasium
import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3 import DQN

WIDTH, ACTIONS, QUANTITIES = (int(word) for word in sys.argv[1:4])
BARS, SESSION, FEE, WARM_UP = 200_000, 390, 0.0005, 2_000
torch.set_num_threads(os.cpu_count() or 1)


class Market(gymnasium.Env):
    observation_space = spaces.Box(-np.inf, np.inf, (WIDTH,), np.float32)
    action_space = spaces.Discrete(ACTIONS)

    def __init__(self):
        self.random = np.random.default_rng(0)
        self.features = self.random.standard_normal((BARS, WIDTH), dtype=np.float32)
        self.price = 100 + np.cumsum(0.01 * self.random.standard_normal(BARS))

    def reset(self, seed=None, options=None):
        self.bar, self.age, self.position = int(self.random.integers(BARS - SESSION - 1)), 0, 0.0
        return self.features[self.bar], {}

    def step(self, action):
        half = (QUANTITIES - 1) / 2
        target = (action % QUANTITIES - half) / half
        fee = FEE * self.price[self.bar] * abs(target - self.position)
        self.position = target
        self.bar += 1
        self.age += 1
        reward = target * (self.price[self.bar] - self.price[self.bar - 1]) - fee
        return self.features[self.bar], float(reward), False, self.age >= SESSION, {}


model = DQN(
    "MlpPolicy", Market(), learning_rate=3e-4, buffer_size=500_000, learning_starts=WARM_UP, batch_size=256, train_freq=4,
    gradient_steps=1, policy_kwargs={"net_arch": [256, 128]}, device="cpu", seed=0,
)  # fmt: skip
model.learn(WARM_UP + 100)
print(0, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    model.learn(int(line), reset_num_timesteps=False)
    print(int(line) / (time.perf_counter() - start), flush=True)
