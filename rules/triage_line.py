"""One line of `jibao triage`: a judgement as JSON can carry it. 研判输出行。"""

from vocabulary.judgement import Judgement
from vocabulary.names import QUANTITY_UNITS


def triage_line(item_id: object, judgement: Judgement) -> dict[str, object]:
    """Return the line for an item; ids go back as they came. 输出一行。"""
    casualties = judgement.casualties
    return {
        "id": item_id,
        "verdict": str(judgement.verdict),
        "category": judgement.category and str(judgement.category),
        "subtype": judgement.subtype,
        "code": judgement.code,
        "severity": judgement.severity and str(judgement.severity),
        "deaths": casualties.deaths,
        "injured": casualties.injured,
        "missing": casualties.missing,
        "trapped": casualties.trapped,
        "must_report": judgement.must_report,
        "measures": [
            {
                "quantity": str(measure.quantity),
                "low": measure.low,
                "high": measure.high,
                "unit": QUANTITY_UNITS[measure.quantity],
                "span": [measure.start, measure.end],
            }
            for measure in judgement.measures
        ],
        "places": [
            {"name": place.name, "unit_id": place.unit_id, "span": [place.start, place.end]}
            for place in judgement.places
        ],
        "happened_at": judgement.happened and judgement.happened.earliest.isoformat(),
        "missing_elements": list(judgement.missing_elements),
        "reasons": [
            {
                "rule": reason.rule,
                "sentence": reason.sentence,
                "words": list(reason.words),
                "source": reason.source,
                "confidence": reason.confidence,
                "spans": [*map(list, reason.spans)],
            }
            for reason in judgement.reasons
        ],
    }
