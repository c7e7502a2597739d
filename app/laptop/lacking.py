"""What a laptop lacks for a real Kafka or PostgreSQL, and what mends it. 缺什么，如何补。"""


class LackingError(RuntimeError):
    """A server cannot be started here: a package is missing, or the network."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; mend with: {mend}")
        self.what = what
        self.mend = mend
