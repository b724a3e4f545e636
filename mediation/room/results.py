"""What the room knows already of the result somebody is about to record: nobody types it twice."""

from typing import Any

from mediation.models import Mediation
from mediation.placing import last_hearing
from mediation.room.notes import SECTIONS
from mediation.room.verbs import latest

ASKED = {"hold": ("minutes", "absent"), "no_show": ("absent", "note")}


def result_of(mediation: Mediation, move: str) -> dict[str, Any]:
    """Initial values of the form of the move: who did not come, and the minutes in a few lines."""
    hearing = last_hearing(mediation) if move in ASKED else None
    if hearing is None:
        return {}
    presences = list(hearing.presences.filter(attendance__isnull=False).select_related("attendance"))
    away = [one for one in presences if not one.is_here]
    closed, kept = latest(hearing), getattr(hearing, "record", None)
    notes = closed.notes if closed else kept.notes if kept else {}
    said = {
        "absent": [str(one.attendance.party_id) for one in away],
        "minutes": "\n".join(f"{section.label}\N{FULLWIDTH COLON}{notes[section.name]}" for section in SECTIONS[3:] if notes.get(section.name)),
        "note": "；".join(f"{one.name}：{one.get_called_by_display()}，{one.called_proof}" for one in away),
    }
    return {name: said[name] for name in ASKED[move] if said[name]}
