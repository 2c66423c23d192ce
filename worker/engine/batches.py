"""Which sentences go to the model together: sorted by length, so that little is padding."""

from bisect import bisect_left
from collections.abc import Sequence


def batches(lengths: Sequence[int], most_tokens: int, replicas: int = 1) -> list[list[int]]:
    """Places of sentences, batch by batch, the longest first; a batch's padded size is at most
    `most_tokens` (a sentence that is longer is a batch of its own).

    The number of batches is a multiple of `replicas` where there are sentences enough, and the batches
    are of about one size, so that no replica waits for the last one.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    cut = _cut(order, lengths, most_tokens)
    wanted = len(cut) + -len(cut) % max(replicas, 1)
    if len(order) < wanted:
        return cut
    # A larger budget never makes more batches: the least that makes no more than are wanted is fairest.
    budget = bisect_left(range(most_tokens), -wanted, key=lambda size: -len(_cut(order, lengths, size)))
    cut = _cut(order, lengths, budget)
    while len(cut) < wanted:
        whole = max(range(len(cut)), key=lambda n: (len(cut[n]) > 1, lengths[cut[n][0]] * len(cut[n])))
        half = len(cut[whole]) // 2
        cut[whole : whole + 1] = [cut[whole][:half], cut[whole][half:]]
    return cut


def _cut(order: Sequence[int], lengths: Sequence[int], most_tokens: int) -> list[list[int]]:
    parts: list[list[int]] = []
    for place in order:
        if parts and lengths[parts[-1][0]] * (len(parts[-1]) + 1) <= most_tokens:
            parts[-1].append(place)
        else:
            parts.append([place])
    return parts
