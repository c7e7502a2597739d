"""Read records whose header names are no text. 非文本的消息头。

A name of other bytes than UTF-8 raises inside aiokafka's reader, each time anew, so that one record
of a stranger would stop its partition for ever. Such a batch is read again by aiokafka's slower
reader, with what cannot be decoded replaced.
"""

from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy


def read_any_header_name() -> None:
    """Let every consumer of this process read them."""
    fetcher.MemoryRecords = _Kept
    fetcher.PartitionRecords = _Patient


class _Kept(MemoryRecords):  # type: ignore[misc]
    """The usual reader, which keeps the bytes it was given."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.content = content


class _Patient(fetcher.PartitionRecords):  # type: ignore[misc]
    """Goes on with the slower reader, from the record at which the usual one failed."""

    _records: Any
    _records_iterator: Any

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except UnicodeDecodeError:
            self._records = _Lenient(self._records.content)
            self._records_iterator = self._unpack_records()
            return super().__next__()


class _Lenient(_MemoryRecordsPy):  # type: ignore[misc]
    def next_batch(self) -> Any:
        content = self._next_slice
        self._cache_next()
        return _LenientBatch(content)


class _LenientBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    _buffer: Any

    def _read_msg(self) -> Any:
        self._buffer = _Buffer(self._buffer)
        return super()._read_msg()


class _Buffer(bytearray):
    """Gives slices that decode whatever they hold."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return _Name(found) if isinstance(place, slice) else found


class _Name(bytes):
    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:
        return super().decode(encoding, errors)
