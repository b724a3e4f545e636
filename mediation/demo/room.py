"""What happens in the room of a demo hearing: who came, what was said, who signed."""

from collections.abc import Collection
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.demo.papers import png, scribble
from mediation.demo.rooms import Table
from mediation.parties import RESPONDENT
from mediation.placing import last_hearing
from mediation.room import signing, verbs
from mediation.room.notes import BEGINNINGS, USUAL
from mediation.room.verbs import Came

SIGNED_ROWS = 240  # of a written page: a name
HERE = Came("came", paper="id_card", last_four="0017")
FOR_THE_FIRM = Came("came", by="agent", stands_in="项目部经理", authority="special", paper="id_card", last_four="2214")
STAYED_AWAY = Came("absent", called_by="phone", called_proof="开会前一日 16:10 通话三分钟，对方称知道", why="电话通知后仍未到场")


def sit(table: Table, words: str, away: Collection[Any] = ()) -> None:
    """Checked in, read to, minuted, closed and signed. `away`: ids of parties that did not come."""
    now, hearing = table.case.clock, last_hearing(table.mediation)
    assert hearing is not None
    mediator, rng = hearing.mediator, Random(table.case.claim.number)
    verbs.sign_in(hearing, mediator, now=now)
    for attendance in hearing.attendances.all():
        said = STAYED_AWAY if attendance.party_id in away else FOR_THE_FIRM if attendance.party_kind == RESPONDENT else HERE
        verbs.check_in(hearing, attendance, mediator, now=now, said=said)
    if any(one.is_here for one in hearing.presences.exclude(capacity=verbs.MEDIATOR)):
        verbs.read_rights(hearing, mediator, now=now)
    kept = verbs.save_notes(hearing, mediator, now=now, notes={"opening": BEGINNINGS[USUAL]["opening"], "result": words}, version=0)
    minutes = verbs.close(hearing, mediator, now=now, version=kept.version)
    for presence in sorted(hearing.presences.all(), key=lambda one: one.capacity == verbs.MEDIATOR):  # he signs last
        if presence.is_here:
            name = SimpleUploadedFile("signature.png", png(scribble(rng)[:SIGNED_ROWS]), "image/png")
            signing.sign(minutes, presence, mediator, now=now, seen=minutes.sha256, picture=name)
