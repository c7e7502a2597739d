"""The servers that benchmarks may be told to stand on. 测速所用的服务。"""

from tests.laptop.fixtures import kafka, postgres

__all__ = ["kafka", "postgres"]
