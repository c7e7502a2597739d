"""Where the last item of each partition lies. 最后一件。

A partition's end is not always there: the markers of a sender's transactions take offsets too, and
no reader is given them. Counted as items they would never be judged, and nobody would ever be late.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition

_LOOK_BACK = 50  # offsets: more markers than a sender leaves behind its last item
_WITHIN_SECONDS = 5.0
_POLL_MILLISECONDS = 200
Offsets = Mapping[TopicPartition, int]


@dataclass
class LastItems:
    """Looks back from the end of each partition that has come to rest, once for each rest."""

    consumer: AIOKafkaConsumer
    _ends: Offsets = field(default_factory=dict)
    _found: dict[TopicPartition, tuple[int, int]] = field(default_factory=dict)

    async def after(self, ends: Offsets) -> dict[TopicPartition, int]:
        """Return the offset after the last item of each partition; of one that moves, its end."""
        before, self._ends = self._ends, ends
        resting = [place for place, end in ends.items() if end and before.get(place) == end]
        for place in resting:
            if self._found.get(place, (0, 0))[0] != ends[place]:
                self._found[place] = ends[place], await self._look_back(place, ends[place])
        return dict(ends) | {place: self._found[place][1] for place in resting}

    async def _look_back(self, place: TopicPartition, end: int) -> int:
        begin = (await self.consumer.beginning_offsets([place]))[place]
        if begin == end:
            return 0
        start = max(begin, end - _LOOK_BACK)
        last = start if start > begin else 0
        self.consumer.assign([place])
        self.consumer.seek(place, start)
        try:
            async with asyncio.timeout(_WITHIN_SECONDS):
                while await self.consumer.position(place) < end:
                    read = await self.consumer.getmany(place, timeout_ms=_POLL_MILLISECONDS)
                    last = max([last, *(r.offset + 1 for r in read.get(place, ()))])
        finally:
            self.consumer.pause(place)  # to unsubscribe breaks the client's own loop
        return last
