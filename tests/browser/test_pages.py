"""Every page, for somebody who works with it, on a phone and on a desk, light and dark: it answers 200, says no error,
breaks no security policy, does not scroll sideways on a phone, and axe finds no serious or critical fault.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, expect

import arrears.urls
import grid.urls
import mediation.urls
from arrears import casework, contacts, escalation, redaction, referrals, wage_sheets
from arrears.evidence import add_evidence
from arrears.groups.representing import authorise, choose
from arrears.groups.splitting import split
from arrears.identity import make_credit_code
from arrears.incidents import verbs as incidents
from arrears.intake import ClaimantFacts, LineFacts, RespondentFacts
from arrears.ladders import LADDERS
from arrears.ladders import changes as ladder_changes
from arrears.ladders.book import Draft
from arrears.limitation.entries import enter
from arrears.limitation.interrupting import interrupt
from arrears.models import Claim, IntakeDraft, Ladder, Packet, Returned, WageSheet
from arrears.objections.objecting import objects
from arrears.owed import verbs as owed
from arrears.papers.book import built_in, upload
from arrears.papers.examples import example_facts
from arrears.papers.forms import FORMS
from arrears.papers.issuing import issue
from arrears.papers.packets import Wish, ask, make_next
from arrears.partners import links as reply_links
from arrears.partners import supplements
from arrears.proceedings import verbs as proceedings
from arrears.ratings.verbs import rate
from arrears.reports import deciding
from arrears.reports.receiving import Said as SaidOutside
from arrears.reports.receiving import receive
from arrears.serving import verbs as serving
from arrears.situation.recording import Said, state_facts
from arrears.sources import handing, keeping, taking, tokens
from arrears.sources import sheets as source_sheets
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from arrears.sums.book import publish
from arrears.supervision import orders
from arrears.support import searching, supporting
from arrears.support import verbs as support
from arrears.timing import extending, suspending
from arrears.worker.questions import asked_of
from grid import leaves, robots, roles, rota, tasklist, wordings
from grid.days import day_of
from grid.models import BodyContact, ChannelState, Notice, Person
from grid.notices import KINDS, tell
from mediation import paying, recusing, suits
from mediation.marks import links as mark_links
from mediation.marks import verbs as marks
from mediation.models import Hearing, Mediation, Room
from mediation.online import links as online_links
from mediation.parties import parties_of
from mediation.paying import Came
from mediation.room import links as hearing_links
from mediation.room import verbs as room
from mediation.room.signing import sign
from mediation.room.starting import start
from tests.arrears import messy
from tests.base import NOW, TODAY, make_person
from tests.browser.running import Running
from tests.browser.scene import Scene
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.mediation.base import at
from tests.mediation.room_base import HERE, NOTES, glass

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TYPED = {
    "who": {"who-TOTAL_FORMS": ["1"], "who-INITIAL_FORMS": ["0"], "who-0-name": ["李建国"], "who-0-phone": [""], "who-0-id_number": [""], "worker_count": [""]},
    "whom": {"whom-TOTAL_FORMS": ["1"], "whom-INITIAL_FORMS": ["0"], "whom-0-role": ["labour"], "whom-0-legal_name": ["宿迁宏远劳务有限公司"]},
    "where": {"region": ["321322101"], "received_on": ["other"], "received_other": ["2026-03-02"], "channel": ["letter"], "contract": ["unknown"]},
    "money": {"money-TOTAL_FORMS": ["1"], "money-INITIAL_FORMS": ["0"], "money-0-worker": ["0"], "money-0-unit": ["lump"], "money-0-rate": ["8000"], "typed_total": ["8500"]},
    "story": {"story": ["在工地做瓦工。"], "request": [""]},
}  # fmt: skip


orders_said = Told(
    name="李建国", phone="13800000001", employer="孙老板", address="沭阳县陇集镇翰林雅苑二期工地", amount=Decimal(8000), people=3, story="干了三个月。"
)


class Pages(Scene):
    """A little of everything. What began in March is long overdue by now and has climbed."""

    @classmethod
    def make(cls) -> None:
        super().make()
        now = timezone.now()
        cls.fresh = cls.make_claim(person=cls.grid_worker, now=now, received_on=cls.letter_day, last_working_day=None)
        cls.case = cls.make_handled_claim(site_name="翰林雅苑二期")
        cls.referral = cls.refer(cls.case, now)
        cls.unseen = cls.refer(cls.make_handled_claim(), now)
        referrals.advance(cls.referral, "receive", cls.partner, now=now)
        cls.held = cls.mediate("held", 0)
        cls.hold_on_site(now)
        cls.held_claim = cls.held.claim
        cls.agreed = cls.mediate("agreed", 1)
        cls.payment = paying.pay(cls.agreed.agreement, Came(Decimal("1000.00"), TODAY, "bank"), cls.county, now=NOW)
        cls.think_of_it(now)
        cls.scheduled = cls.mediate("scheduled", 2)
        cls.to_open = cls.scheduled.hearings.get()
        door = cls.minuted.attendances.get(party_kind="respondent")
        cls.called_link = SimpleNamespace(pk=hearing_links.make(cls.minuted, door, cls.county, now=now))
        cls.accepted = cls.mediate("accepted", 3)
        party = parties_of(cls.accepted.claim)[0]
        cls.meet_online(now)
        token, _code = suits.make_link(cls.accepted, party, cls.mediator, now=now)
        suits.add_days(cls.accepted, party, [(day_of(now) + timedelta(days=3), "am")], cls.mediator, now=now)
        cls.dates_link = SimpleNamespace(pk=token)
        cls.recusal = recusing.ask(
            cls.accepted, cls.mediator2, cls.mediator, now=now, asked_by="worker", ground="relative", reason="是老板的表弟。"
        )
        cls.draft = IntakeDraft(person=cls.grid_worker, step="story", updated_at=now)
        cls.draft.put(TYPED)
        cls.draft.save(force_insert=True)
        cls.sheet_draft, cls.asked_draft, cls.empty_draft = (cls.make_sheet_draft(now) for _ in range(3))
        cls.puzzle_draft = cls.make_sheet_draft(now)
        for draft in (cls.sheet_draft, cls.asked_draft):
            wage_sheets.put(draft, messy.workbook(), "11月工资表.xlsx", now=now)
        wage_sheets.put(cls.puzzle_draft, "甲班名单\n张三丰,3000\n李四,5000".encode(), "名单.csv", now=now)
        WageSheet.objects.filter(draft=cls.asked_draft).update(asked_at=now, refused="收到日期不能晚于今天。")
        cls.crowd = cls.make_claim(now=now, claimants=[ClaimantFacts(messy.name_of(i), lines=[LineFacts(3000)]) for i in range(60)])
        escalation.sweep(now)
        soon = day_of(now) + timedelta(days=2)
        cls.order, cls.answered = (orders.issue(cls.fresh, cls.county, now=now, demand="请约谈用人单位。", reply_by=soon) for _ in range(2))
        orders.advance(cls.answered, "reply", cls.chief, now=now, reply="已约谈，约定下周付款。")
        cls.clock = cls.fresh.clocks.get(rule_id="JC-ACCEPT")
        cls.claimant = cls.fresh.claimants.get()
        cls.site, cls.employer = cls.case.site, cls.case.respondents.exclude(employer=None).first().employer
        cls.rest_and_extend(now)
        cls.interruption = interrupt(cls.young, None, now=now, kind="demand", happened_on=day_of(now), proof="微信催要")
        cls.obstacle = enter(cls.young, cls.county, now=now, kind="force_majeure", starts_on=day_of(now) - timedelta(days=3), proof="防汛通告")
        cls.aided = cls.make_claim(now=now, last_working_day=day_of(now) - timedelta(days=361))  # days left for arbitration
        state_facts(cls.case, None, Said(["owner_unpaid", "iou"], names={"general": "沭阳城建集团"}), now=now)
        cls.merge_and_split(now)
        cls.ladder = make_ladder(cls.administrator, now)
        cls.season = ladder_changes.set_season(
            "冬季欠薪治理专项行动", day_of(now), day_of(now) + timedelta(days=30), cls.administrator, now=now
        )  # fmt: skip
        cls.figure = publish(
            cls.administrator, kind="MIN-WAGE", region=cls.regions["321322"], amount=Decimal(2010), since=day_of(now), source="某文件",
            confidence="K", now=now, today=day_of(now),
        )  # fmt: skip
        cls.leave_and_go(now)
        cls.tell_and_ask(now)
        cls.report(now)
        cls.open_the_door(now)
        cls.order_from_outside(now)
        cls.keep_papers(now)
        cls.issue_papers(now)
        cls.go_to_court(now)
        cls.link_out(now)
        cls.serve_papers(now)
        cls.support(now)
        cls.cookies = {name: cookie_of(Person.objects.get(pk=person.pk)) for name, person in cls.everybody().items()}

    @classmethod
    def meet_online(cls, now: Any) -> None:
        """A hearing in the house's own room that goes on just now."""
        cls.online_place = room = Room.objects.create(name="网上调解一室", region_id="321322", medium="online", link="https://meeting.example.test/1")
        claim = cls.make_handled_claim(claimants=[ClaimantFacts("工人4", "13900000001")], respondents=[RespondentFacts("沭阳4号建筑有限公司")])
        mediation = cls.make_mediation("scheduled", claim, room=room, starts_at=at("15:00"), ends_at=at("16:00"))
        cls.online_hearing, span = mediation.hearings.get(), DateTimeTZRange(now - timedelta(minutes=5), now + timedelta(hours=1))
        Hearing.objects.filter(pk=cls.online_hearing.pk).update(span=span, busy=span)
        cls.online_hearing.refresh_from_db()
        token, _code = online_links.invite(cls.online_hearing, "employer", "沭阳4号建筑有限公司", cls.mediator, now=now)
        cls.online_link, cls.online_claim = SimpleNamespace(pk=token), mediation.claim

    @classmethod
    def report(cls, now: Any) -> None:
        """One that waits and looks like a case we have, and one that was declined."""
        said = SaidOutside(
            region=cls.regions["321322101"], name="李建国", phone="13800000001", employer="宿迁宏远劳务有限公司", place="翰林雅苑二期",
            amount=Decimal(8000), people=3, story="干了三个月没有给钱。",
        )  # fmt: skip
        cls.reported, cls.declined = (receive(said, now=now) for _each in range(2))
        deciding.decline(cls.declined, cls.chief, now=now, reason="和前一条重复。")

    @classmethod
    def go_to_court(cls, now: Any) -> None:
        """Property frozen before the suit, which is to be filed; and a suit with its hearing."""
        today, court = day_of(now), {"court": "沭阳县人民法院", "amount": Decimal(8000)}
        cls.frozen, cls.sued = cls.make_young_claim(now), cls.make_young_claim(now)
        receipt = add_evidence(cls.frozen, SimpleUploadedFile("回执.csv", b"a,b\n1,2\n"), cls.county, kind="document", title="保全裁定", now=now)
        kept = proceedings.open_proceeding(cls.frozen, "preservation", "pre_suit", cls.county, on=today, now=now, paper=receipt, **court)
        proceedings.record_step(kept, "ruled_pre", cls.county, on=today, now=now, docket="（2026）苏1322财保7号", paper=receipt, amount=Decimal(8000))
        state_facts(cls.sued, cls.county, Said(["iou"]), now=now)
        filed = add_evidence(cls.sued, SimpleUploadedFile("回执.csv", b"a,b\n1,3\n"), cls.county, kind="document", title="立案回执", now=now)
        cls.suit = proceedings.open_proceeding(cls.sued, "suit", "filed_direct", cls.county, on=today, now=now, paper=filed, **court)
        cls.docketed = proceedings.record_step(
            cls.suit, "docketed", cls.county, on=today, now=now, docket="（2026）苏1322民初77号", procedure="simple"
        )  # fmt: skip
        cls.hearing_step = proceedings.record_step(
            cls.suit, "hearing", cls.county, on=today, now=now, hearing=now + timedelta(days=1), place="第三法庭", paper=filed
        )  # fmt: skip

    @classmethod
    def open_the_door(cls, now: Any) -> None:
        """A worker who was asked something, and one whose case has ended; and by which number and secret each comes in."""
        cls.asked_claim, cls.ended_claim = (cls.make_claim(now=now) for _each in range(2))
        casework.advance(
            cls.asked_claim, "ask", cls.grid_worker, now=now, question="工资是谁答应给您的？", answer_by=day_of(now) + timedelta(days=2)
        )
        cls.asked = asked_of([cls.asked_claim])[0]
        casework.advance(cls.ended_claim, "withdraw", None, now=now, reason="已经收到现金。", confirmed=True)
        objects(cls.ended_claim, "我没有同意撤回。", now=now)
        cls.objection = cls.ended_claim.objections.get()
        cls.rated_claim = cls.make_claim(now=now)
        casework.advance(cls.rated_claim, "withdraw", None, now=now, reason="x", confirmed=True)
        cls.rating = rate(cls.rated_claim, 1, "打了三次电话没有人接。", now=now)
        cls.finished = cls.make_claim(now=now)
        casework.advance(cls.finished, "withdraw", None, now=now, reason="x", confirmed=True)
        cls.secrets = {
            "reporter": cls.reported.public_number, "told": cls.declined.public_number, "worker": cls.asked_claim.public_number,
            "ended": cls.finished.public_number, "objecting": cls.ended_claim.public_number, "meeting": cls.online_claim.public_number,
            "agreeing": cls.agreed.claim.public_number,
        }  # fmt: skip

    @classmethod
    def order_from_outside(cls, now: Any) -> None:
        """An office whose orders come in: one with other words since, one that became a claim, and an address that is dead."""
        hook = {"return_way": "webhook", "url": "https://hotline.example.com/orders", "secret": "a-secret-of-16-and-more"}
        cls.hotline = keeping.add(
            cls.administrator, now=now, code="hotline", name="12345 热线", region=cls.regions["3213"], reply_days=5,
            wording={"accepted": "04-办理中"}, **hook,
        )  # fmt: skip
        tokens.make(cls.hotline, cls.administrator, now=now)
        places = Places.of(cls.hotline.region)
        cls.updated, cls.ordered = (
            taking.take(cls.hotline, WorkOrder(number, orders_said), places, now=now).report for number in ("GD20261129001", "GD20261129002")
        )
        taking.take(cls.hotline, WorkOrder("GD20261129001", replace(orders_said, phone="13900000002", story="已经四个月。")), places, now=now)
        cls.from_order = deciding.accept(cls.ordered, cls.grid_worker, now=now)
        Returned.objects.filter(report=cls.ordered, state="received").update(standing="failed", error="HTTP 422")
        type(cls.hotline).objects.filter(pk=cls.hotline.pk).update(failures=4, last_error="timed out", retry_at=now + timedelta(hours=1))
        cls.platform = keeping.add(cls.administrator, now=now, code="platform", name="全国根治欠薪线索反映平台", region=cls.regions["3213"], return_way="file")
        for number in ("XS1", "XS2"):
            taking.take(cls.platform, WorkOrder(number, orders_said), places, now=now)
        handing.make_file(cls.platform, cls.administrator, now=now)
        orders_file = "工单编号,诉求人,联系电话,事发地址,诉求内容\nGD1,李建国,13800000001,沭阳县陇集镇,没有给钱\nGD2,王五,12,沭阳县陇集镇,没有给钱\n合计,2,,,\n"
        source_sheets.put(cls.hotline, cls.county, orders_file.encode(), "工单.csv", now=now)

    @classmethod
    def rest_and_extend(cls, now: Any) -> None:
        """A claim that rests, one that asks for more time, and one that may."""
        today = day_of(now)
        cls.resting, asking, cls.young = (cls.make_young_claim(now) for _number in range(3))
        suspending.suspend(cls.resting, cls.county, now, "appraisal", today + timedelta(days=30), "已委托鉴定机构。")
        cls.rested = cls.resting.clocks.get(rule_id="JC-INVEST", ended_on=None)
        clock = asking.clocks.get(rule_id="JC-INVEST", ended_on=None)
        cls.extension = extending.ask(clock, cls.chief, now, 30, "涉及三个项目部，账目复杂。")
        cls.extendable = cls.young.clocks.get(rule_id="JC-INVEST", ended_on=None)

    @classmethod
    def merge_and_split(cls, now: Any) -> None:
        """A claim of ten workers, another that went into it, and a third that was split off."""
        crew = [ClaimantFacts(f"工友{number}", f"1370000{number:04d}", lines=[LineFacts(Decimal(1000))]) for number in range(12)]
        cls.gathered, cls.merged = cls.make_claim(now=now, claimants=crew[:11]), cls.make_claim(now=now, claimants=crew[11:])
        casework.advance(cls.merged, "merge", None, now=now, merged_into=cls.gathered, reason="同一工地、同一班组")
        split(cls.gathered, cls.county, [cls.gathered.claimants.first().pk], "另一工地", now=now)
        (one,) = choose(cls.gathered, cls.county, [cls.gathered.claimants.first().pk], day_of(now), now=now, reason="推不出三名")
        authorise(cls.gathered, cls.county, one.pk, [cls.gathered.claimants.last().pk], "special", day_of(now), now=now)
        cls.above = cls.make_claim(now=now)
        casework.advance(Claim.objects.get(pk=cls.gathered.pk), "gather", None, now=now, part_of=cls.above, reason="同一总包")

    @classmethod
    def make_young_claim(cls, now: Any) -> Claim:
        claim = cls.make_claim(now=now)
        for move in ("accept", "handle"):
            casework.advance(claim, move, None, now=now)
        return claim

    @classmethod
    def tell_and_ask(cls, now: Any) -> None:
        """Alerts to acknowledge, tasks to do, mail that did not arrive, words that were changed and a robot."""
        for person in (cls.county, cls.grid_worker):
            tell(
                [person], "clock_late", key=f"alert:{person.pk}", now=now, facts=KINDS["clock_late"].sample,
                path=f"/claims/{cls.fresh.pk}/", subject_id=cls.fresh.pk, region_code=cls.fresh.region_id,
                ack_by=now + timedelta(days=1),
            )  # fmt: skip
        cls.alert = Notice.objects.get(recipient=cls.county, channel="in_app", key__startswith="alert:")
        Notice.objects.filter(channel="email", key__startswith="alert:").update(state="failed", attempts=6, error="550 no such user")
        cls.task = tasklist.add(
            cls.grid_worker, "tell_in_person", key="visit:1", now=now, facts={"number": cls.fresh.number},
            path=f"/claims/{cls.fresh.pk}/", region_code=cls.fresh.region_id, due_on=day_of(now) - timedelta(days=3),
        )  # fmt: skip
        with override_settings(SMS_URL="https://sms.example/send", SMS_KEY="k", SMS_SECRET="s"):  # a message that waits
            casework.advance(cls.make_claim(now=now), "accept", None, now=now)
        ChannelState.objects.create(
            channel="sms", failures=7, opened_at=now - timedelta(hours=3), retry_at=now + timedelta(hours=1), last_error="HTTP 502"
        )
        contacts.change(cls.claimant, cls.grid_worker, now=now, contact_rule="discreet", phone="13800000001", safe_phone="13900000002")
        wordings.publish("clock_late", cls.administrator, now, replace(wordings.words_of("clock_late"), title="超期：%(number)s"), note="更短", base=0)
        robots.add(
            cls.administrator, now, name="办理群", channel="wecom", region=cls.regions["321322"],
            url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        )  # fmt: skip

    @classmethod
    def leave_and_go(cls, now: Any) -> None:
        """A mediator away with a deputy, a month of duty, and somebody who left with work in their hands."""
        today = day_of(now)
        cls.leave = leaves.enter_leave(
            cls.mediator, cls.mediator, now=now, starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=3), deputy=cls.county
        )  # fmt: skip
        rota.set_duties(cls.regions["321322"], {today: cls.county, today + timedelta(days=1): cls.city}, cls.county, now=now)
        cls.leaver = make_person("likai", "黎开", roles.GRID_WORKER, "321322101")
        for _number in range(3):
            casework.advance(cls.make_claim(now=now), "assign", None, now=now, handler=cls.leaver)
        cls.posting = cls.leaver.postings.get()
        cls.leaver.postings.update(ends_on=today - timedelta(days=1))

    @classmethod
    def support(cls, now: Any) -> None:
        """Applications for support to sue: one being made, one that waits for the township, one at its supporters; a search."""
        today, workers = day_of(now), [ClaimantFacts(messy.name_of(i), lines=[LineFacts(3000)]) for i in range(4)]
        firm = RespondentFacts("宿迁宏远劳务有限公司", role="labour", credit_code=make_credit_code("321399", 8))
        cls.alone = cls.make_claim(now=now)
        making, asked, done = (cls.make_claim(now=now, claimants=workers, respondents=[firm]) for _number in range(3))
        cls.making, cls.opinion, cls.supported = (support.begin(claim, cls.grid_worker, now=now) for claim in (making, asked, done))
        for case in (cls.opinion, cls.supported):
            casework.advance(case.claim, "accept", None, now=now)
            said = {"reasons": ["literacy", "away"], "why": "不识字，在外地务工。", "mediated_on": today, "mediated": "对方拒绝。"}
            support.prepare(case, cls.grid_worker, now=now, **said)
            add_evidence(case.claim, picture("grey"), cls.grid_worker, now=now, kind="iou", title="欠条")
            paper = add_evidence(case.claim, picture("white"), cls.grid_worker, now=now, kind="signature", title="支持起诉申请书（签字）")
            support.apply_for(case, cls.grid_worker, [one.pk for one in case.claim.claimants.all()][:3], now=now, signed_on=today, paper=paper)
        cls.opinion = support.advance(cls.opinion, "apply", cls.grid_worker, now=now)
        cls.supported = support.advance(support.advance(cls.supported, "apply", cls.grid_worker, now=now), "pass_up", cls.chief, now=now, opinion="情况属实。")
        supporting.choose(cls.supported, cls.county, "procuratorate", cls.procuratorate, "检察院可以协助取证。", now=now)
        cls.supported = support.advance(cls.supported, "agree", cls.county, now=now, opinion="同意支持起诉。")
        cls.nameless = cls.make_claim(now=now, respondents=[RespondentFacts(aliases="老王", role="foreman")])
        cls.unnamed = cls.make_claim(now=now, respondents=[RespondentFacts(aliases="老王", role="foreman")])
        row = cls.nameless.respondents.get()
        cls.search = searching.start(row, cls.grid_worker, now=now, nickname="老王", phone="13800000009", account="6222020000000008901")
        cls.query = searching.begin_way(cls.search, cls.grid_worker, "bank", "查账户户名。", now=now)
        cls.known_way = searching.begin_way(cls.search, cls.grid_worker, "register", "按绰号和电话查。", now=now)

    @classmethod
    def issue_papers(cls, now) -> None:
        """A paper with gaps, a packet that was made, one that was not, a template of the office."""
        party = {"party": str(cls.case.respondents.first().pk)}
        cls.issued = issue(cls.case, "F-20", cls.county, now=now, answers={})
        asked = ask(cls.case, Wish("legal_aid", ("F-20", "L-01"), watermark="仅供办案"), party, cls.county, now=now, send=lambda: None)
        make_next(now)
        cls.packet = Packet.objects.get(pk=asked.pk)
        cls.unmade = ask(cls.case, Wish("suit", ("F-20",)), party, cls.county, now=now, send=lambda: None)
        Packet.objects.filter(pk=cls.unmade.pk).update(state="failed", refused="服务器存储空间不足，文书没有保存，案件没有变化。")
        cls.under_way = ask(cls.case, Wish("preservation", ("F-20",)), party, cls.county, now=now, send=lambda: None)
        upload(FORMS["F-20"], built_in(FORMS["F-20"]), "按本市格式", example_facts(), cls.administrator, now=now)

    @classmethod
    def keep_papers(cls, now: Any) -> None:
        """A claim with a paper in its second version, which has a redacted copy."""
        cls.papered = cls.make_claim(now=now)
        first = add_evidence(cls.papered, picture("grey"), cls.grid_worker, now=now, kind="iou", title="欠条")
        cls.photo = add_evidence(cls.papered, picture("white"), cls.grid_worker, now=now, kind="iou", title="清晰的欠条", replaces=first)
        cls.incident = incidents.open_incident(
            cls.papered, cls.grid_worker, now=now, kind="gathering", happened_at=now - timedelta(hours=2), place="镇政府门口",
            people=40, steps="已到场劝导。",
        )  # fmt: skip
        soon = day_of(now) + timedelta(days=5)
        owed.promise(cls.papered, "identity", soon, cls.grid_worker, now=now)
        cls.notified = owed.notify(cls.papered, "wage_sheet", "宿迁宏远劳务有限公司", soon, cls.chief, now=now)
        owed.refuse(owed.notify(cls.papered, "attendance", "宿迁宏远劳务有限公司", soon, cls.chief, now=now), cls.chief, now=now, note="称已遗失")
        redaction.draw_over(cls.photo, [redaction.Box(10, 10, 40, 20)], cls.grid_worker, now=now)

    @classmethod
    def serve_papers(cls, now: Any) -> None:
        """One that was tried in person and is on its way by post, and one that nobody has tried to serve."""
        said = {"made_on": day_of(now), "respondent": cls.fresh.respondents.get()}
        cls.posted = serving.issue(cls.fresh, cls.grid_worker, now=now, what="order", title="限期改正指令书 沭人社监令〔2026〕12号", **said)
        serving.attempt(cls.posted, cls.grid_worker, now=now, method="direct", reason="absent", said=serving.Said(day_of(now), note="门卫说已经停工"))
        cls.attempt = serving.attempt(cls.posted, cls.grid_worker, now=now, method="post", said=serving.Said(day_of(now), tracking="EMS1100229988"))
        cls.to_serve = serving.issue(cls.fresh, cls.grid_worker, now=now, what="notice", title="举证通知书", **said)

    @classmethod
    def make_sheet_draft(cls, now: Any) -> IntakeDraft:
        draft = IntakeDraft(person=cls.grid_worker, step="sheet", updated_at=now)
        draft.put({name: TYPED[name] for name in ("whom", "where", "story")} | {"road": {"road": ["sheet"]}})
        draft.save(force_insert=True)
        return draft

    @classmethod
    def refer(cls, claim: Claim, now: Any) -> Any:
        file = SimpleUploadedFile("工资表.csv", "姓名,金额\n李建国,8000\n".encode())
        paper = add_evidence(claim, file, cls.county, kind="wage_sheet", title="工资表", now=now)
        return referrals.refer(
            claim, cls.city, now=now, kind="support", body=cls.procuratorate, summary="请支持起诉。", evidence=[paper]
        )

    @classmethod
    def link_out(cls, now: Any) -> None:
        """A body without accounts, a link it has not opened, and one for whoever has the code."""
        cls.body, cls.contact = cls.court, BodyContact.objects.create(body=cls.court, name="院立", post="立案庭庭长", phone="0527-83550001")
        for name in ("closed", "opened"):
            out = cls.refer(cls.make_handled_claim(), now)
            link = reply_links.issue(out, cls.city, now=now, name="王检", post="民行科科长")
            setattr(cls, f"{name}_out", out)
            setattr(cls, f"{name}_token", SimpleNamespace(pk=reply_links.token_of(link), code=reply_links.code_of(link)))
        supplements.send(cls.opened_out, cls.city, now=now, note="补充一份考勤。")

    @classmethod
    def hold_on_site(cls, now: Any) -> None:
        """Begun where it happened; the minutes are closed, and one has signed."""
        claim = cls.make_handled_claim(claimants=[ClaimantFacts("现场工", "13900000077")], respondents=[RespondentFacts("沭阳现场建筑有限公司")])
        cls.minuted = start(claim, cls.county, now=now, place="陇集镇安置房工地", length="30")
        cls.presence = room.sign_in(cls.minuted, cls.county, now=now)
        for attendance in cls.minuted.attendances.all():
            room.check_in(cls.minuted, attendance, cls.county, now=now, said=HERE)
        room.read_rights(cls.minuted, cls.county, now=now)
        room.save_notes(cls.minuted, cls.county, now=now, notes=NOTES, version=0)
        minutes = room.close(cls.minuted, cls.county, now=now, version=1)
        sign(minutes, cls.minuted.presences.get(capacity="worker"), cls.county, now=now, seen=minutes.sha256, picture=glass())

    @classmethod
    def think_of_it(cls, now: Any) -> None:
        """The agreed one ended only now: the firm gives a low mark, the worker none yet."""
        Mediation.objects.filter(pk=cls.agreed.pk).update(ended_on=day_of(now))
        cls.agreed.refresh_from_db()
        firm = cls.agreed.claim.respondents.get()
        cls.mark_link = SimpleNamespace(pk=mark_links.make(cls.agreed, firm, cls.county, now=now))
        cls.mark = marks.say(cls.agreed, firm, 1, "没有把话听完就催着签字。", way="phone", now=now, person=cls.county)
        cls.agreement = cls.agreed.agreement
        cls.agreed.claim.claimants.update(phone="13900000001")

    @classmethod
    def mediate(cls, state: str, number: int) -> Mediation:
        claim = cls.make_handled_claim(
            claimants=[ClaimantFacts(f"工人{number}", "13900000009")], respondents=[RespondentFacts(f"沭阳{number}号建筑有限公司")]
        )  # fmt: skip
        return cls.make_mediation(state, claim)


def make_ladder(person: Person, now: Any) -> Ladder:
    draft = Draft("legal", "JC-ACCEPT", "sensitive", LADDERS["legal"][:3], day_of(now))
    return ladder_changes.publish(draft, person, now=now, note="敏感案件从快督办", replaces=0)


def cookie_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


class Page(NamedTuple):
    """An address by its name. `args` are fields of the scene, or words of the address itself."""

    name: str
    args: tuple[str, ...] = ()
    query: str = ""


PAGES: dict[str, tuple[Page, ...]] = {
    "grid_worker": (
        Page("desk"), Page("claim_list"), Page("claim_new"), *(Page("draft_step", ("draft", step)) for step in TYPED),
        Page("draft_check", ("draft",)), Page("draft_join", ("draft", "fresh")), Page("draft_step", ("empty_draft", "sheet")), Page("draft_step", ("sheet_draft", "sheet")),
        Page("draft_step", ("sheet_draft", "sheet"), "?show=all&edit=0-4"), Page("sheet_columns", ("puzzle_draft",)), Page("sheet_progress", ("asked_draft",)),
        Page("claim_people", ("crowd",)), Page("claim_detail", ("crowd",)), Page("claim_detail", ("fresh",)), Page("claim_move", ("fresh", "withdraw")),
        Page("evidence_add", ("fresh",)), Page("claim_mediate", ("fresh",)), Page("id_number_reveal", ("claimant",)),
        Page("claimant_contact", ("claimant",)), Page("claim_state_facts", ("fresh",)), Page("claim_complete", ("fresh",)), Page("claim_complete", ("crowd",)), Page("claim_doors", ("fresh",)),
        Page("claim_sums", ("fresh",)), Page("claim_support", ("alone",)), Page("support_detail", ("making",)), Page("support_prepare", ("making",)),
        Page("support_workers", ("making",)), Page("claim_find", ("unnamed",)), Page("search_detail", ("search",)), Page("way_act", ("known_way",)),
        Page("claim_limits", ("young",)), Page("interruption_withdraw", ("interruption",)), Page("limit_enter", ("young",)), Page("limit_clear", ("obstacle",)), Page("limit_withdraw", ("obstacle",)), Page("task_list"), Page("task_done", ("task",)),
        Page("inbox"), Page("my_leave"), Page("settings"), Page("password_change"), Page("region_tree"),
    ),
    "county": (
        Page("support_list", query="?show=open"), Page("support_detail", ("supported",)), Page("support_choose", ("supported",)),
        Page("people_list"), Page("vacancy_list"), Page("person_detail", ("leaver",)), Page("person_leave", ("grid_worker",)),
        Page("handover_list"), Page("handover_person", ("leaver",)), Page("duty_roster"),
        Page("inbox", query="?show=ack"), Page("notice_acknowledge", ("alert",)), Page("notice_snooze", ("alert",)), Page("notice_reply", ("alert",)),
        Page("desk"), Page("claim_list"), Page("claim_detail", ("case",)), Page("claim_move", ("fresh", "accept")),
        Page("claim_liability", ("case",)), Page("claim_doors", ("case",)), Page("claim_sums", ("crowd",)), Page("figure_list"), Page("claim_limits", ("aided",)), Page("claim_state_facts", ("case",)),
        Page("clock_why", ("clock",)), Page("clock_why", ("rested",)), Page("claim_move", ("young", "suspend")), Page("claim_detail", ("resting",)),
        Page("extension_detail", ("extension",)), Page("referral_list"), Page("referral_figures"), Page("referral_detail", ("referral",)), Page("referral_supplement", ("referral",)), Page("referral_detail", ("opened_out",)), Page("referral_link", ("closed_out",)), Page("referral_paper", ("closed_out",)),
        Page("referral_paper_move", ("closed_out", "receive")), Page("body_list"), Page("body_detail", ("body",)), Page("contact_new", ("body",)), Page("contact_edit", ("contact",)), Page("inbox"), Page("region_tree"), Page("region_detail", ("321322101",)),
        Page("site_list"), Page("employer_list", query="?q=宏远"), Page("site_detail", ("site",)), Page("employer_detail", ("employer",)), Page("site_intake", ("site",)),
        Page("report_list"), Page("report_list", query="?show=ended"), Page("report_detail", ("reported",)), Page("report_detail", ("declined",)), Page("report_join", ("reported",)),
        Page("report_decline", ("reported",)), Page("report_route", ("reported",)), Page("site_notice", ("site",)),
        Page("report_list", query="?source=hotline&q=GD20261129001"), Page("report_detail", ("updated",)), Page("report_detail", ("ordered",)),
        Page("report_reopen", ("declined",)), Page("report_answer", ("ordered",)), Page("claim_detail", ("from_order",)), Page("source_list"), Page("source_detail", ("hotline",)),
        Page("source_import", ("hotline",)), Page("source_import", ("hotline",), "?show=good"), Page("source_import", ("platform",)),
        Page("claim_proceedings", ("frozen",)), Page("claim_proceedings", ("sued",)), Page("proceeding_list"), Page("claim_detail", ("frozen",)),
        Page("proceeding_open", ("frozen", "legal_aid", "applied")), Page("proceeding_open", ("frozen", "payment_order", "applied_30")),
        Page("proceeding_step", ("suit", "judged")), Page("proceeding_step", ("suit", "hearing")), Page("step_take_back", ("hearing_step",)),
        Page("claim_order", ("fresh",)), Page("claim_nudge", ("young",)), Page("order_list"), Page("order_print", ("order",)),
        Page("order_move", ("answered", "send_back")), Page("claim_detail", ("merged",)), Page("claim_detail", ("gathered",)),
        Page("claim_add_workers", ("gathered",)), Page("claim_apart", ("fresh",)), Page("claim_apart", ("gathered",)),
        Page("claim_represent", ("gathered",)), Page("claim_detail", ("above",)), Page("claim_move", ("fresh", "gather")),
        Page("claim_split", ("gathered",)), Page("claim_split", ("fresh",)), Page("claim_move", ("fresh", "merge")),
        Page("claim_documents", ("case",)), Page("paper_new", ("case", "F-16")), Page("paper_new", ("crowd", "L-02")), Page("paper_detail", ("issued",)),
        Page("packet_new", ("case",), "?kind=support"), Page("packet_new", ("crowd",), "?kind=suit"), Page("packet_detail", ("packet",)), Page("packet_detail", ("unmade",)), Page("packet_detail", ("under_way",)),
        Page("hearing_room", ("minuted",)), Page("hearing_minutes", ("minuted", "1")), Page("hearing_correct", ("minuted",)), Page("hearing_sign", ("minuted", "presence")),
        Page("on_site", query="?q=陇集"), Page("claim_on_site", ("case",)), Page("hearing_day", query="?day=2026-03-03"), Page("hearing_day"), Page("room_list"), Page("room_new"), Page("room_detail", ("room",)),
        Page("blackout_import"), Page("hearings_move"), Page("hearings_fill"), Page("hearing_doors", query="?day=2026-03-03"), Page("hearing_week"), Page("hearing_week", query="?day=2026-03-03"), Page("hearing_month", query="?day=2026-03-03"), Page("mediation_recusals", ("accepted",)), Page("rule_list"), Page("rule_detail", ("321322",)), Page("panel_list"), Page("panel_person", ("mediator",)),
        Page("question_detail", ("asked",)), Page("claim_detail", ("asked_claim",)), Page("objection_list"), Page("objection_detail", ("objection",)), Page("privacy_text", ("2026-01",)), Page("claim_serve", ("fresh",)), Page("service_list"), Page("service_detail", ("posted",)), Page("service_detail", ("to_serve",)),
        Page("claim_detail", ("ended_claim",)), Page("rating_overview"), Page("rating_detail", ("rating",)), Page("mark_overview"), Page("mark_detail", ("mark",)), Page("mediation_marks", ("agreed",)), Page("claimant_slip", ("claimant",)),
    ),
    "mediator": (
        Page("leave_change", ("leave",)), Page("duty_roster"),
        Page("desk"), Page("mediation_list"), Page("mediation_detail", ("scheduled",)), Page("mediation_detail", ("agreed",)),
        Page("mediation_move", ("accepted", "schedule")), Page("mediation_move", ("held", "agree")), Page("mediation_draft", ("held",)), Page("mediation_payments", ("agreed",)), Page("agreement_pursue", ("agreed",)), Page("payments_import", ("agreed",)), Page("payment_proof", ("payment",)),
        Page("mediation_move", ("scheduled", "no_show")), Page("mediation_move", ("scheduled", "convert")), Page("mediation_move", ("scheduled", "postpone")), Page("mediation_move", ("accepted", "join")),
        Page("hearing_room", ("to_open",)), Page("hearing_notes", ("to_open",)),
        Page("mediation_times", ("accepted",)), Page("mediation_times", ("scheduled",)), Page("calendar_link"),
        Page("mediation_parties", ("accepted",)), Page("mediation_recusals", ("accepted",)), Page("hearing_online", ("online_hearing",)),
    ),
    "seated": (Page("online_room", ("online_hearing",)),),
    "partner": (
        Page("desk"), Page("referral_list"), Page("referral_detail", ("unseen",)), Page("referral_move", ("referral", "decline")),
    ),
    "chief": (
        Page("support_list"), Page("support_detail", ("opinion",)), Page("support_move", ("opinion", "pass_up")), Page("support_move", ("opinion", "send_back")),
        Page("support_workers", ("opinion",)), Page("support_leave", ("opinion",)), Page("task_list"), Page("task_hand", ("task",)), Page("settings"), Page("unreached_workers"),
        Page("evidence_detail", ("photo",)), Page("evidence_redact", ("photo",)), Page("claim_papers", ("papered",)),
        Page("claim_incident", ("young",)), Page("incident_detail", ("incident",)),
        Page("owed_print", ("notified",)), Page("owed_act", ("notified", "refuse")), Page("claim_detail", ("papered",)),
        Page("desk"), Page("clock_extend", ("extendable",)), Page("order_list", query="?show=mine"), Page("order_detail", ("order",)),
        Page("order_move", ("order", "reply")),
    ),
    "city": (Page("way_act", ("query",)), Page("support_list", query="?show=all"), Page("desk"), Page("claim_refer", ("held_claim",)), Page("region_tree")),
    "auditor": (Page("desk"), Page("access_log"), Page("claim_chain", ("case",))),
    "administrator": (
        Page("template_list"), Page("template_detail", ("F-20",)), Page("template_detail", ("F-16",)),
        Page("delivery_list"), Page("delivery_list", query="?state="), Page("wording_list"), Page("wording_edit", ("clock_late",)),
        Page("robot_list"), Page("robot_new"), Page("source_list"), Page("source_new"), Page("source_edit", ("hotline",)), Page("source_wording", ("hotline",)),
        Page("source_detail", ("hotline",)), Page("source_detail", ("platform",)),
        Page("people_list"), Page("vacancy_list"), Page("person_new"), Page("posting_new", query="?role=township_chief&region=321323101"),
        Page("person_detail", ("chief",)), Page("person_edit", ("chief",)), Page("posting_end", ("posting",)), Page("handover_list"),
        Page("desk"), Page("calendar_list"), Page("figure_list"), Page("figure_withdraw", ("figure",)), Page("ladder_list"), Page("ladder_edit", query="?family=legal"), Page("ladder_version", ("ladder",)), Page("ladder_retire", ("ladder",)), Page("season_change", ("season",))),
    "outsider": (Page("desk"), Page("inbox")),
    "linked": (Page("reply", ("opened_token",)), Page("reply_move", ("opened_token", "receive"))),
    "": (Page("reply", ("closed_token",)), Page("sign_in"), Page("field_app"), Page("track"), Page("report"), Page("report_site", ("site",)), Page("public_figures"), Page("party_dates", ("dates_link",)), Page("hearing_called", ("called_link",)), Page("party_mark", ("mark_link",)), Page("online_join", ("online_link",))),
    # Without an account, by number and secret.
    "reporter": (Page("track"),),
    "told": (Page("track"),),
    "worker": (Page("track"), Page("track_answer", ("asked",)), Page("track_file"), Page("track_withdraw")),
    "ended": (Page("track"), Page("track_rate"), Page("track_object")),
    "objecting": (Page("track"),),
    "agreeing": (Page("track"), Page("track_mark", ("agreed",)), Page("track_payment", ("payment",)), Page("track_agreement", ("agreement",))),
    "meeting": (Page("track"), Page("track_hearing", ("online_hearing",))),
}  # fmt: skip
# Downloads, fragments and addresses one only posts to.
NO_PAGES = {
    "paper_docx", "paper_pdf", "packet_zip", "packet_pdf", "template_file", "template_preview", "template_act",
    "support_drop", "draft_alike", "claim_export", "proceeding_detail", "reply_file", "reply_packet_zip", "reply_packet_pdf", "referral_chase", "referral_link_revoke", "contact_switch", "field_me", "field_known", "field_send", "field_fill", "field_file", "evidence_file", "evidence_redacted", "draft_drop", "sheet_upload", "sheet_lines", "sheet_drop", "sheet_errors", "sheet_template", "set_language", "sign_out", "inbox_read",
    "inbox_unread", "report_accept", "report_adopt", "source_switch", "source_token", "source_token_revoke", "source_try", "source_resend",
    "source_hand_out", "source_file", "source_import_columns", "source_import_lines", "source_import_go", "source_import_drop", "source_import_errors",
    "agreement_scan", "agreement_copies", "recusal_decide", "online_talk", "online_leave", "online_act", "online_show", "online_shown", "online_leaf", "online_piece", "online_recording", "calendar_feed", "blackout_drop", "blackout_template", "rule_drop", "source_import_template", "source_import_progress", "service_act", "service_receipt", "attempt_settle", "report_file", "question_act", "notice_open", "inbox_acknowledge", "delivery_retry", "robot_try", "robot_switch", "person_password", "person_active", "posting_withdraw", "leave_cancel", "track_nudge", "track_leave", "interruption_from_record", "season_add", "season_end",
    "hearing_calls", "hearing_links", "hearing_called_file", "hearing_present", "hearing_rights",
}  # fmt: skip


def test_no_page_is_forgotten() -> None:
    known = {path.name for app in (grid, arrears, mediation) for path in app.urls.urlpatterns}
    assert known == {page.name for pages in PAGES.values() for page in pages} | NO_PAGES


LOOKS = ((PHONE, "light"), (DESK, "light"), (DESK, "dark"))  # the dark has the same colours on a phone
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}  # nothing but colours differs in the dark
FIND_FAULTS = """(rules) => axe.run({...rules, preload: false, resultTypes: ["violations"]}).then(({violations}) => violations
    .filter((fault) => ["serious", "critical"].includes(fault.impact))
    .map((fault) => fault.id + ": " + fault.nodes.map((node) => node.target.join(" ")).join(", ")))"""
SCROLLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def scene(committed: None) -> type[Pages]:
    Pages.make()
    return Pages


@pytest.fixture
def visit(request: pytest.FixtureRequest, scene: type[Pages], house: Running, browser: Browser) -> Iterator[Visitor]:
    """Somebody of the cast who is signed in, or a worker who knows number and secret; nobody: a stranger."""
    visitor = Visitor(browser, house.url, getattr(scene, request.param, None))
    if request.param == "linked":
        open_link(visitor, scene.opened_token)
    elif request.param in scene.secrets:
        find_own_case(visitor, scene.secrets[request.param])
    elif request.param == "seated":
        visitor.context.add_cookies([{"name": "sessionid", "value": scene.cookies["mediator"], "url": house.url}])
        visitor.open(reverse("hearing_online", args=[scene.online_hearing.pk]))
        visitor.press("进入网上调解室")
    elif request.param:
        visitor.context.add_cookies([{"name": "sessionid", "value": scene.cookies[request.param], "url": house.url}])
    yield visitor
    visitor.context.close()


def find_own_case(visitor: Visitor, number: str) -> None:
    visitor.open("/track/")
    visitor.fill("查询号", number)
    visitor.fill("手机号后四位", "0001")
    visitor.press("查询")
    visitor.sees(number)


def open_link(visitor: Visitor, token: Any) -> None:
    visitor.open(reverse("reply", args=[token.pk]))
    visitor.fill("验证码", token.code)
    visitor.press("查看材料")
    visitor.sees("请支持起诉。")


@pytest.mark.parametrize("visit", PAGES, indirect=True)
def test_pages_are_sound_in_every_look(visit: Visitor, scene: type[Pages], request: pytest.FixtureRequest) -> None:
    for page in PAGES[request.node.callspec.params["visit"]]:
        address = address_of(page, scene)
        status = visit.open(address)
        assert (status, visit.path) == (200, address.partition("?")[0]), address
        visit.page.evaluate(AXE)
        for size, scheme in LOOKS:
            visit.page.set_viewport_size(size)
            visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults = visit.page.evaluate(FIND_FAULTS, RULES[scheme])
            visit.troubles += [f"{address} {scheme} {size['width']}: {fault}" for fault in faults]
            if visit.page.evaluate(SCROLLS):
                visit.troubles.append(f"{address} {size['width']}: scrolls sideways")
    assert not visit.troubles, "\n".join(visit.troubles)


def picture(colour: str) -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (600, 400), colour).save(written, "PNG")
    return SimpleUploadedFile("欠条.png", written.getvalue())


def address_of(page: Page, scene: type[Pages]) -> str:
    args = [str(vars(scene)[arg].pk) if arg in vars(scene) else arg for arg in page.args]  # its own: other files give the class they share more
    return reverse(page.name, args=args) + page.query


def test_signing_in_logging_a_claim_and_deciding_on_it_need_no_script(scene: type[Pages], house: Running, browser: Browser) -> None:
    worker = Visitor(browser, house.url, scene.grid_worker, PHONE, java_script_enabled=False).sign_in()
    worker.follow("登记案件")
    worker.fill("姓名", "赵大海")
    worker.press("再加一人")
    worker.field("姓名").nth(1).fill("钱小河")
    worker.press("下一步")
    worker.fill("别名、绰号、车牌等线索", "孙老板")
    worker.press("下一步")
    worker.press("下一步")
    worker.field("单价或总额（元）").first.fill("1,000")
    worker.field("单价或总额（元）").nth(1).fill("2,000")
    worker.press("重新计算")
    worker.sees("合计拖欠 ¥3,000.00")
    worker.press("下一步")
    worker.press("核对")
    worker.sees("赵大海", "钱小河", "孙老板")
    worker.tick(re.compile("告知"))
    worker.press("登记案件")
    worker.sees("案件已登记")
    decide_without_script(Visitor(browser, house.url, scene.chief, java_script_enabled=False).sign_in(), worker.path)
    worker.context.close()


def decide_without_script(chief: Visitor, path: str) -> None:
    chief.open(path)
    chief.unfold("受理")
    chief.follow("填写")
    chief.press("受理")
    chief.sees("还有内容需要改正")
    chief.tick(re.compile("属于本机构管辖"))
    chief.press("受理")
    chief.sees("已完成：受理", "已受理")
    chief.context.close()


@pytest.mark.parametrize("visit", ["mediator"], indirect=True)
def test_a_hearing_of_the_calendar_is_taken_elsewhere_with_the_keyboard(visit: Visitor, scene: type[Pages]) -> None:
    hearing = scene.scheduled.hearings.get()
    postpone = reverse("mediation_move", args=[scene.scheduled.pk, "postpone"])
    visit.page.set_viewport_size(DESK)
    for page, key, name, expected in (
        ("hearing_day", "Shift+ArrowDown", "starts", f"{hearing.starts_at + timedelta(minutes=30):%H:%M}"),
        ("hearing_week", "Shift+ArrowRight", "day", f"{hearing.starts_at + timedelta(days=1):%Y-%m-%d}"),
    ):
        visit.open(f"{reverse(page)}?day={hearing.starts_at:%Y-%m-%d}")
        visit.page.locator(f'.slot[data-drag="{postpone}"] a').first.focus()
        visit.page.keyboard.press(key)
        expect(visit.page).to_have_url(re.compile(re.escape(postpone)))
        expect(visit.page.locator(f"[name={name}]")).to_have_value(expected)
    assert not visit.troubles, "\n".join(visit.troubles)


CHINESE = re.compile(r"[\u3400-\u9fff]+")
CHROME = "nav a, h2, th, dt, label, legend, summary, button, .tile-label, .badge, .hint"


@pytest.mark.parametrize("visit", ["auditor"], indirect=True)
def test_the_switch_to_english_leaves_no_chinese_but_names(visit: Visitor, scene: type[Pages]) -> None:
    visit.open("/")
    visit.page.locator(".topbar summary").click()
    visit.press("English")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    names = names_in(scene)
    for address in ("/", "/claims/", "/inbox/", "/regions/", "/hearings/", "/settings/", f"/claims/{scene.case.pk}/"):
        visit.open(address)
        said = re.sub("|".join(names), "", "\n".join(visit.page.locator(CHROME).all_inner_texts()))
        assert not set(CHINESE.findall(said)) - {"中文"}, address


def names_in(scene: type[Pages]) -> list[str]:
    """What keeps its Chinese in every language: people, places, bodies, rooms, firms, and the letters of a case number."""
    people = [person.full_name for person in scene.everybody().values()]
    places = [place.name for place in (*scene.regions.values(), scene.procuratorate, scene.court, scene.room, scene.room2, scene.online_place, scene.minuted.room)]
    claims = [scene.case, *(one.claim for one in (scene.held, scene.agreed, scene.scheduled, scene.accepted))]
    parties = [name for claim in claims for name in (claim.worker_name, claim.respondent_name)]
    return sorted(["宿欠", *people, *places, *parties], key=len, reverse=True)  # the longest first: a place may begin with another
