"""The servers that the tests of this folder share. 本目录共用的服务。"""

from tests.laptop.fixtures import database_url, kafka, postgres

__all__ = ["database_url", "kafka", "postgres"]
