"""What the timeline of a claim says of its mediation."""

from arrears.telling import tell
from mediation.lifecycle import MEDIATION
from mediation.tellings import TELLINGS
from tests.mediation.base import MediationTestCase


class TellingTest(MediationTestCase):
    def test_every_move_has_a_sentence_of_its_own(self) -> None:
        moves = {f"mediation.{move.name}" for move in MEDIATION.moves if move.name != "agree"}
        in_the_room = ("reminded", "present", "rights_read", "minutes_closed", "minutes_corrected", "signed", "sign_refused", "begun_before")
        beside = {"agreement", *(f"mediation.{name}" for name in (*in_the_room, "unsuited", "suits_again", "party_contact", "party_stopped", "way_changed", "online_watched", "online_unwatched", "online_recorded", "online_recording_removed", "online_recording_lost", "recusal_asked", "recusal_granted", "recusal_denied", "draft", "missed", "pursued", "mark_asked", "mark_given", "mark_changed", "mark_looked_at"))}
        self.assertEqual(moves | beside, TELLINGS.keys())

    def test_a_whole_mediation_reads_like_a_story(self) -> None:
        mediation = self.make_mediation("scheduled")
        self.make_move(mediation, "postpone")
        self.make_move(mediation, "no_show")
        self.make_move(mediation, "undo")
        self.make_move(mediation, "hold")
        self.make_move(mediation, "agree")
        told = [tell(event) for event in mediation.claim.events.exclude(kind__in=["register", "accept", "handle", "settle", "service"])]
        self.assertEqual(
            [one.title for one in reversed(told)],
            [
                "申请调解，2026-03-02 收到",
                "受理调解申请，调解员条和",
                "安排调解会：2026-03-03 09:00–10:30，第一调解室，调解员条和",
                "调解会由 2026-03-03 09:00–10:30 改到 2026-03-03 14:00–15:00，第一调解室",
                "调解会到场登记：宿迁宏远劳务有限公司",
                "调解会有人缺席：宿迁宏远劳务有限公司",
                "更正误登的调解会结果，恢复为已排期",
                "已开调解会",
                f"达成调解协议 {mediation.claim.number}-调1：支付 ¥8,000.00，2026-03-02 生效",
            ],
        )
        self.assertEqual(told[-1].quotes, ["请求支付拖欠工资"])

    def test_a_failure_says_why(self) -> None:
        mediation = self.make_mediation("failed")
        told = tell(mediation.claim.events.first())
        self.assertEqual((told.title, told.quotes), ("调解未成：经调解未达成一致", ["金额差距过大"]))
        self.make_move(mediation, "reinstate")
        told = tell(mediation.claim.events.first())
        self.assertEqual((told.title, told.quotes), ("更正误登的终结，调解继续（已申请）", ["登错了案件"]))
