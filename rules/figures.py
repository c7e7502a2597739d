"""The figures that grades and floors rest on, from casualties and measures. 定级的数。"""

from collections.abc import Iterable, Mapping

from vocabulary.judgement import Casualties, Measure
from vocabulary.terms import Quantity

Figures = Mapping[Quantity, float]
"""What is known, by quantity; what is not there is unknown, never zero."""


def figures(casualties: Casualties, measures: Iterable[Measure]) -> Figures:
    """Return each known figure by its lower end. 已知的数。

    The injured count as badly hurt until somebody says how badly; people who were poisoned and
    came to a doctor are the patients of the health ladders.
    """
    known = {measure.quantity: measure.low for measure in measures}
    for quantity, count in (
        (Quantity.DEATHS, casualties.deaths),
        (Quantity.INJURED, casualties.injured),
        (Quantity.MISSING, casualties.missing),
        (Quantity.TRAPPED, casualties.trapped),
    ):
        if count is None:
            known.pop(quantity, None)
        else:
            known[quantity] = count
    injured = known.get(Quantity.INJURED)
    if injured is not None:
        if Quantity.SERIOUSLY_INJURED not in known:
            slightly = known.get(Quantity.SLIGHTLY_INJURED, 0)
            known[Quantity.SERIOUSLY_INJURED] = max(0, injured - slightly)
        known[Quantity.PATIENTS] = max(injured, known.get(Quantity.PATIENTS, 0))
    return known


def highest(casualties: Casualties, measures: Iterable[Measure]) -> Figures:
    """Return each known figure by its upper end, where one was told. 上限。"""
    known = dict(figures(casualties, measures))
    for measure in measures:
        if measure.high is not None and measure.quantity in known:
            known[measure.quantity] = max(known[measure.quantity], measure.high)
    return known
