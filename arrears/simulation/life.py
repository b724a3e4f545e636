"""What becomes of one claim, from the day it is received: who acts, through which verb, and when they get round to it.

Most acts are as late as the register says they were; so limits run out, rungs call and claims climb.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from arrears import casework, intake, referrals
from arrears.demo.words import CLOSE_NOTES, CONCLUDE_REASONS, NOTES, REJECT_REASONS, SUMMARIES, VERIFY_BASIS
from arrears.models import Claim, Clock
from arrears.money import q
from arrears.simulation import measured
from arrears.simulation.year import Year, at
from arrears.timing import extending, suspending
from arrears.timing.extension_permits import approvers, may_ask
from grid.days import day_of
from grid.models import Person
from grid.refused import Refused
from grid.roles import COUNTY, LEVELS

HOURS = (*range(8 * 60 + 40, 11 * 60 + 40), *range(13 * 60 + 50, 17 * 60 + 20))  # minutes of the office day
TRIES = 12
Story = Iterator[datetime]


@dataclass
class Life:
    year: Year
    number: int
    rng: Random
    received: date
    claim: Claim = field(init=False)

    # When, who, and through which verb

    def moment(self, day: date) -> datetime:
        return at(day, time(*divmod(self.rng.choice(HOURS), 60)))

    def after(self, days: int) -> datetime:
        """Some minute of the office hours so many working days after the claim was received, or soon, if that is past."""
        day = self.year.calendar.add(self.received, days) if days else self.year.calendar.forward(self.received)
        return max(self.moment(day), self.year.clock + timedelta(minutes=self.rng.randint(20, 90)))

    def lead(self, level: str = LEVELS[0]) -> Person:
        """Raises Refused: nobody is there today, up to the city."""
        seat = max(level, self.claim.level, key=LEVELS.index)
        people = self.year.roster().answerable(seat, self.claim.region_id)[1]
        if not people:
            raise Refused("nobody", "")
        return people[0]

    def do(self, act: Callable[..., Any]) -> bool:
        """One act, on the claim as it stands by now; then the book looks at its clocks."""
        self.claim = Claim.objects.select_related("region", "handler").get(pk=self.claim.pk)
        done = self.year.may(act, self.claim, now=self.year.clock)
        self.year.looked([self.claim.pk])
        return done

    def move(self, name: str, level: str = LEVELS[0], **answers: Any) -> bool:
        return self.do(lambda claim, now: casework.advance(claim, name, self.lead(level), now=now, **answers))

    # The story

    def tell(self) -> Story:
        facts = self.year.inventor.claim(self.number, self.received)
        self.claim = intake.register(facts, None, now=self.year.clock)
        self.year.looked([self.claim.pk])
        fate = measured.fate(self.rng)
        ends = measured.days(self.rng, measured.FATES[fate][1])
        if fate == "out_of_scope":
            yield self.after(ends)
            self.move("reject", COUNTY, ground=fate, reason=REJECT_REASONS.get(fate, "不属于劳动保障监察事项。"))
            return
        yield self.after(min(measured.days(self.rng, measured.OPENED), ends))
        self.move("accept", conditions=True)
        if fate in ("elsewhere", "dropped"):
            yield self.after(ends)
            self.leave(fate)
            return
        yield from self.work(ends)
        yield from self.pay(ends) if fate == "paid" else self.conclude(fate, ends)

    def leave(self, fate: str) -> None:
        if fate == "elsewhere":
            self.move("transfer", destination="有管辖权的单位", reason="首次答复时已告知去向。")
        else:
            self.move("withdraw", reason="劳动者表示不再主张。", confirmed=True)

    def work(self, ends: int) -> Story:
        """Somebody asks around; sometimes the claim rests, gets more time, or goes to another body meanwhile."""
        yield self.after(ends // 4)
        self.move("handle")
        self.move("note", note=self.rng.choice(NOTES))
        if self.rng.random() < measured.SUSPENDED:
            yield from self.rest(ends // 2)
        if self.rng.random() < measured.EXTENDED:
            yield from self.extend(ends // 2)
        if self.rng.random() < measured.REFERRED:
            yield from self.refer()

    def rest(self, days: int) -> Story:
        yield self.after(days)
        until = day_of(self.year.clock) + timedelta(days=self.rng.randint(4, 25))
        said = {"ground": "worker_request", "planned_end": until, "note": "劳动者书面申请暂缓。"}
        self.do(lambda claim, now: suspending.suspend(claim, self.lead(COUNTY), now, **said))
        if self.rng.random() < measured.WAKES_EARLY:
            yield self.year.clock + timedelta(days=self.rng.randint(1, 10))
            self.do(lambda claim, now: suspending.resume(claim, self.lead(COUNTY), now, "申请人要求恢复办理。"))
        yield at(until + timedelta(days=1), time(10, 0))

    def extend(self, days: int) -> Story:
        """The clock that may be extended; the next level up grants it, days later."""
        yield self.after(days)
        today = day_of(self.year.clock)
        person = next(iter(self.year.roster().answerable(self.claim.level, self.claim.region_id)[1]), None)
        if person is None:
            return
        clocks = Clock.objects.running().filter(claim=self.claim).select_related("claim__region", "claim__handler").order_by("due_on", "id")
        clock = next((one for one in clocks if may_ask(one, person, today) is True), None)
        asked: list[Any] = []
        if clock and self.do(lambda claim, now: asked.append(extending.ask(clock, person, now, 5, "证据尚在调取。"))):
            yield self.year.clock + timedelta(days=self.rng.randint(1, 3))
            able = [one for one in approvers(asked[0], self.year.roster()) if one != asked[0].asked_by]
            if able:
                self.do(lambda claim, now: extending.grant(asked[0], able[0], now, "同意。"))

    def refer(self) -> Story:
        yield self.year.clock + timedelta(days=1)
        body = self.year.cast.bodies.get((self.claim.county_code, "legal_aid"))
        sent: list[Any] = []
        if not body or not self.do(
            lambda claim, now: sent.append(
                referrals.refer(claim, self.lead(COUNTY), now=now, kind="legal_aid", body=body, summary=SUMMARIES["legal_aid"], evidence=[])
            )
        ):
            return
        partner = self.year.cast.partners[body.pk]
        for days, move, answers in ((4, "receive", {}), (9, "accept", {"note": ""}), (40, "conclude", {"outcome": "aided", "docket_number": "", "note": "已指派律师。"})):
            yield self.year.clock + timedelta(days=self.rng.randint(1, days))
            self.do(lambda claim, now, move=move, answers=answers: referrals.advance(sent[0], move, partner, now=now, **answers))

    def conclude(self, result: str, ends: int) -> Story:
        yield self.after(ends)
        said = {"result": result, "reason": CONCLUDE_REASONS.get(result, "已经查明。")}
        yield from self.insist(lambda: self.move("conclude", COUNTY, **said))

    def insist(self, act: Callable[[], bool]) -> Story:
        """Tried again days later while another body still works on the case, or nobody is there."""
        for _ in range(TRIES):
            if act():
                return
            yield self.year.clock + timedelta(days=self.rng.randint(3, 9))

    def pay(self, ends: int) -> Story:
        yield self.after(ends // 2)
        amount = q(self.claim.claimed * Decimal(str(round(measured.draw(self.rng, measured.VERIFIED), 2))))
        self.move("verify", verified_amount=max(amount, Decimal(100)), basis=self.rng.choice(VERIFY_BASIS))
        if self.rng.random() < measured.SETTLES:
            pay_by = self.year.calendar.forward(day_of(self.year.clock) + timedelta(days=self.rng.randint(3, 30)))
            self.move("settle", agreed_amount=self.claim.owed, pay_by=pay_by, terms="一次付清。")
            if self.rng.random() > measured.KEEPS_PROMISE:
                yield self.moment(self.year.calendar.add(pay_by, self.rng.randint(2, 12)))
                self.move("breach", reason="约定日期已过，款项未付。")
        if self.rng.random() < measured.NEVER_PAID:
            if self.claim.stage == "settled":
                self.move("breach", reason="单位已无支付能力。")
            yield from self.conclude("insolvent", ends)
            return
        if self.rng.random() < measured.IN_PARTS:
            yield self.after(ends - ends // 4)
            self.take(q(self.claim.unpaid / 2))
        yield self.after(ends)
        self.take(None)
        yield self.year.clock + timedelta(days=self.rng.randint(0, 12), hours=1)
        said = {"result": "paid_in_full", "note": self.rng.choice(CLOSE_NOTES)}
        yield from self.insist(lambda: self.move("close", **said))

    def take(self, amount: Decimal | None) -> None:
        self.claim.refresh_from_db(fields=("paid", "claimed", "verified", "agreed"))
        self.move("record_payment", amount=amount or self.claim.unpaid, paid_on=day_of(self.year.clock), method="bank", note="")
