"""What the demo city's rooms do, by the same function."""

from types import SimpleNamespace

from mediation.demo.room import sit
from mediation.demo.rooms import Table
from mediation.models import MinutesSignature
from tests.base import NOW
from tests.mediation.room_base import RoomTestCase


class DemoRoomTest(RoomTestCase):
    def test_everybody_signs_and_whoever_stayed_away_was_called(self) -> None:
        for away in (False, True):
            mediation = self.make_mediation("scheduled", None if not away else self.make_other_claim(), **({"room": self.room2, "mediator": self.mediator2} if away else {}))
            case = SimpleNamespace(clock=NOW, claim=mediation.claim)
            firms = [row.pk for row in mediation.claim.respondents.all()] if away else []
            sit(Table(case, None, mediation, self.mediator), "达成协议。", firms)
            hearing = mediation.hearings.get()
            self.assertEqual(hearing.presences.filter(state="absent").count(), len(firms))
            self.assertEqual(MinutesSignature.objects.filter(minutes__hearing=hearing).count(), 2 if away else 3)
