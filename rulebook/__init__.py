"""The law as data: dated, cited, one table a file. 规章。"""

from rulebook.lines import Mistake
from rulebook.loading import RulebookError, load

__all__ = ["Mistake", "RulebookError", "load"]
