"""Which places of the county does a text name? 地名。

The gazetteer is the county's own: its units and the villages and communities they look after. A
name stands for itself only: “石壁村” is found, a 石壁村 of the next county is found as well, and a
person decides.
"""

from collections.abc import Iterator

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.county import County
from vocabulary.judgement import PlaceTold
from vocabulary.terms import UnitKind

_SHORTEST = 2  # letters of a name without its last: 青石 of 青石镇 is too little by itself
_LEVELS = ("街道", "镇", "乡")


class Gazetteer:
    """The county's names, in one automaton. 县地名录。"""

    def __init__(self, county: County) -> None:
        """Build the automaton: some milliseconds, once for each county."""
        names = dict(_names(county))
        self._names = tuple(names.items())
        self._find = AhoCorasick(
            names or {"\0": ""}, matchkind=MatchKind.LeftmostLongest, store_patterns=False
        ).find_matches_as_indexes
        self._county_name = county.name

    def find(self, text: str) -> tuple[PlaceTold, ...]:
        """Return the places that the text names, in order, each once. 读出地名。"""
        found: dict[str, PlaceTold] = {}
        for index, start, end in self._find(text):
            name, unit_id = self._names[index]
            found.setdefault(name, PlaceTold(name, unit_id, start, end))
        return tuple(found.values())

    def is_here(self, text: str) -> bool:
        """Say whether the text names the county or any place in it."""
        return self._county_name in text or bool(self.find(text))


def _names(county: County) -> Iterator[tuple[str, str]]:
    for unit in county.units.values():
        if unit.kind is UnitKind.TOWNSHIP:
            yield unit.name, unit.unit_id
            short = next((unit.name.removesuffix(e) for e in _LEVELS if unit.name.endswith(e)), "")
            if len(short) > _SHORTEST:
                yield short, unit.unit_id
        for place in unit.places:
            yield place, unit.unit_id
