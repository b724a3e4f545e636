"""A hearing that takes place, for the tests of its room."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from grid.models import Person
from grid.refused import Refused
from mediation.models import Hearing, Mediation, Presence
from mediation.room import verbs
from mediation.room.verbs import Came
from tests.base import NOW
from tests.mediation.base import MediationTestCase

NOTES = {"opening": "核对身份，宣读权利义务。", "undisputed": "欠2026年1月工资8000元。", "result": "达成协议，分两期支付。"}
HERE = Came("came", paper="id_card", last_four="123X")
FIRM_HERE = Came("came", by="legal", stands_in="王经理", paper="licence", last_four="0001")
AWAY = Came("absent", called_by="phone", called_proof="3月1日9:20通话两分钟", why="说来不了")


def glass(shade: int = 0) -> SimpleUploadedFile:
    """A name on the glass; another `shade`, another name."""
    file = io.BytesIO()
    Image.new("RGB", (64, 24), (shade, shade, shade)).save(file, "PNG")
    return SimpleUploadedFile("signature.png", file.getvalue(), "image/png")


class RoomTestCase(MediationTestCase):
    def open_room(self, mediation: Mediation | None = None) -> Hearing:
        return (mediation or self.make_mediation("scheduled")).hearings.get()

    def door(self, hearing: Hearing, side: str) -> Any:
        return hearing.attendances.filter(party_kind=side).first()

    def everybody_in(self, hearing: Hearing, person: Person | None = None) -> list[Presence]:
        who = person or self.mediator
        return [
            verbs.sign_in(hearing, self.mediator, now=NOW), verbs.check_in(hearing, self.door(hearing, "worker"), who, now=NOW, said=HERE),
            verbs.check_in(hearing, self.door(hearing, "respondent"), who, now=NOW, said=FIRM_HERE),
        ]  # fmt: skip

    def closed(self, hearing: Hearing) -> Any:
        """Everybody here, rights read, minutes closed."""
        self.everybody_in(hearing)
        verbs.read_rights(hearing, self.mediator, now=NOW)
        kept = verbs.save_notes(hearing, self.mediator, now=NOW, notes=NOTES, version=0)
        return verbs.close(hearing, self.mediator, now=NOW, version=kept.version)

    def refusal(self, act: Any, *args: Any, **kwargs: Any) -> str:
        with self.assertRaises(Refused) as caught:
            act(*args, **kwargs)
        self.assertTrue(caught.exception.message)
        return caught.exception.code
