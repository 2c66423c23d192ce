"""What a translation runs on: CTranslate2, loaded as it needs to be, and how much it may use."""

import os
from typing import Any


def ctranslate2() -> Any:
    """The library; never to be called before a fork."""
    # One OpenMP thread for each of several replicas: on CPUs that is twice as fast as the other way round,
    # and libgomp has deadlocked workers (LibreTranslate#1008). It reads the variable when it is loaded.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import ctranslate2 as library

    return library


def on_gpu(device: str) -> bool:
    """Whether CTranslate2 will take a GPU; `auto` takes one where there is one."""
    return device == "cuda" or (device == "auto" and ctranslate2().get_cuda_device_count() > 0)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
