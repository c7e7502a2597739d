"""The servers that a shared book needs. 共用台账的服务。"""

from tests.laptop.fixtures import database_url, postgres

__all__ = ["database_url", "postgres"]
