"""What the shared book says, read beside the processes that write it. 读共用台账。"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class SharedReader:
    """Reads one book in PostgreSQL; each question sees what is committed then."""

    url: str

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query, whose values stand as `:name`."""
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]

    def count(self, table: str, where: str = "true", **values: object) -> int:
        """Return how many rows there are."""
        return int(self.rows(f"SELECT count(*) n FROM {table} WHERE {where}", **values)[0]["n"])

    def positions(self) -> dict[tuple[str, int], int]:
        """Return how far each partition of the log has been judged."""
        rows = self.rows("SELECT * FROM positions")
        return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    def waiting(self, now: int) -> dict[str, int]:
        """Return what waits to be judged, called, sent for the first time, or published."""
        due = "(state = 'pending' AND round = 0 OR next_at <= :now)"
        return {
            "in the inbox": self.count("inbox"),
            "to be sent": self.count("deliveries", due, now=now),
            "to be stepped": self.count("obligations", "next_at <= :now", now=now),
            "to be published": self.count("facts", "published_at IS NULL"),
        }
