"""What was frozen and is no longer what it was is named, each night a part of it, and in turn all of it."""

from datetime import timedelta
from unittest import mock

from arrears import integrity, referrals, stored_checks
from arrears.models import Packet, Paper, Referral, Supplement
from arrears.papers.issuing import issue
from arrears.papers.keeping import path_of
from arrears.papers.packets import Wish, ask, make_next
from arrears.partners import supplements
from tests.arrears.papers.office import OfficeTestCase
from tests.arrears.papers.scenes import answers_of
from tests.arrears.papers.test_packets import typed
from tests.base import NOW

NAMES = ("shared_changed", "papers_changed", "packets_changed")


class StoredTest(OfficeTestCase):
    def wrong(self, now=NOW) -> dict[str, list[str]]:
        return {one.check.name: list(one.found.examples) for one in integrity.run(now, NAMES) if one.found.count}

    def test_a_paper_whose_file_or_facts_were_changed_or_lost_is_named(self) -> None:
        one, other, third = (issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16")) for _n in range(3))
        self.assertEqual(self.wrong(), {})
        path_of(one, "pdf").write_bytes(b"another")
        path_of(other, "docx").unlink()
        told = third.told()
        told["answers"]["why_not_alone"] = "自己会写。"
        third.put(told)
        third.save()
        number = self.one.number
        self.assertEqual(self.wrong(), {"papers_changed": [
            f"{number} · {one.number} · pdf · 与登记的指纹不符", f"{number} · {other.number} · docx · 文件不见了",
            f"{number} · {third.number} · facts · 与登记的指纹不符",
        ]})  # fmt: skip

    def test_a_packet_whose_file_was_changed_or_lost_is_named(self) -> None:
        ask(self.one, Wish("support", ["F-16"]), typed("F-16"), self.chief, now=NOW, send=lambda: None)
        self.assertTrue(make_next(NOW))
        packet = Packet.objects.get(state="made")
        self.assertEqual(self.wrong(), {})
        with path_of(packet, "zip").open("ab") as file:
            file.write(b"!")
        path_of(packet, "pdf").unlink()
        start = f"{self.one.number} · 支持起诉材料"
        self.assertEqual(self.wrong(), {"packets_changed": [f"{start} · zip · 与登记的指纹不符", f"{start} · pdf · 文件不见了"]})

    def test_what_a_body_was_shown_and_was_changed_behind_its_back_is_named(self) -> None:
        referral = referrals.refer(self.one, self.county, now=NOW, kind="support", body=self.procuratorate, summary="请支持起诉")
        supplements.send(referral, self.county, now=NOW, note="补充一句")
        self.assertEqual(self.wrong(), {})
        Supplement.objects.update(note="别的一句")
        self.assertEqual(self.wrong(), {"shared_changed": [f"{self.one.number} · {referral.pk} · 1 · 与登记的指纹不符"]})
        Referral.objects.update(shared={**referral.shared, "claimed": "1.00"})
        self.assertEqual(len(self.wrong()["shared_changed"]), 2)

    def test_each_night_reads_a_part_and_the_nights_together_all_of_it(self) -> None:
        papers = {issue(self.one, "F-16", self.chief, now=NOW, answers=answers_of("F-16")).pk for _n in range(5)}
        nights = [set(stored_checks.tonight(Paper.objects.all(), 2, NOW + timedelta(days=day)).values_list("pk", flat=True)) for day in range(3)]
        self.assertEqual(sorted(map(len, nights)), [1, 2, 2])
        self.assertEqual(set.union(*nights), papers)
        Paper.objects.update(facts_sha256="0" * 64)
        with mock.patch.object(stored_checks, "PAPERS_A_NIGHT", 2):
            self.assertEqual(sorted(len(self.wrong(NOW + timedelta(days=day))["papers_changed"]) for day in range(3)), [1, 2, 2])
