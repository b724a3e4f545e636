"""What the room knows already of the result somebody is about to record: nobody types it twice."""

from typing import Any

from mediation.models import Mediation
from mediation.placing import last_hearing
from mediation.room.notes import SECTIONS
from mediation.room.quorum import ABSENT, UNCALLED
from mediation.room.verbs import latest

ASKED = {"hold": ("minutes", "absent"), "no_show": ("absent", "note"), "adjourn": ("reason",)}


def result_of(mediation: Mediation, move: str) -> dict[str, Any]:
    """Initial values of the form of the move: who did not come, and the minutes in a few lines."""
    hearing = last_hearing(mediation) if move in ASKED else None
    if hearing is None:
        return {}
    presences = list(hearing.presences.filter(attendance__isnull=False).select_related("attendance"))
    away, uncalled = ([one for one in presences if one.state == state] for state in (ABSENT, UNCALLED))
    closed, kept = latest(hearing), getattr(hearing, "record", None)
    notes = closed.notes if closed else kept.notes if kept else {}
    said = {
        "absent": [str(one.attendance.party_id) for one in away],
        "minutes": "\n".join(f"{section.label}\N{FULLWIDTH COLON}{notes[section.name]}" for section in SECTIONS[3:] if notes.get(section.name)),
        "reason": "；".join(f"{one.name}没有通知到（{one.why}），补送通知后再开" for one in uncalled),
        "note": "；".join(f"{one.name}：{one.get_called_by_display()}，{one.called_proof}" for one in away),
    }
    return {name: said[name] for name in ASKED[move] if said[name]}
