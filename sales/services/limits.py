"""Bounds of sales intake. Doors build them from settings; tests use small ones."""

from dataclasses import dataclass

GB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, how long, how much."""

    upload_bytes: int = 4 * GB
    part_bytes: int = 16 << 20
    upload_hours: int = 48
    unpacked_bytes: int = 32 * GB
    block_bytes: int = 32 << 20
    engine_memory: str = "900MB"
    engine_threads: int = 2
    faults_kept: int = 10_000
    lease_seconds: float = 120.0
    items_per_entry: int = 16_000


DEFAULT = Limits()
