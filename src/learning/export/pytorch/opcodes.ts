/** Opcodes of Python's pickle, protocol 2, as far as a state dict needs them (cpython Lib/pickletools.py). */
export const OP = {
  protocol: 0x80,
  mark: 0x28,
  emptyDict: 0x7d,
  setItems: 0x75,
  text: 0x58,
  global: 0x63,
  integer: 0x4a,
  false: 0x89,
  emptyTuple: 0x29,
  tuple: 0x74,
  persistentId: 0x51,
  reduce: 0x52,
  stop: 0x2e,
} as const;

/** The only classes and functions that a state dict names, each of which `torch.load(weights_only=True)` allows. */
export const NAMES = {
  rebuild: 'torch._utils\n_rebuild_tensor_v2\n',
  storage: 'torch\nFloatStorage\n',
  orderedDict: 'collections\nOrderedDict\n',
} as const;
