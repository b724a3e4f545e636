"""The engine of 找时间: what it proposes, and what it says of what fell out. By hand, without a database."""

from datetime import date, time, timedelta

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.workdays import PUBLISHED
from mediation.slots.finding import MOST, MOST_DAYS, Found, Mediator, Open, Out, Party, Place, Wish, find, window
from mediation.slots.kinds import AFTERNOON, MORNING, ONLINE, PART_MASKS
from mediation.slots.masks import FIRST, WHOLE, beginnings, clock, minutes_of, span
from mediation.slots.rules import USUAL, HearingDays, closed, in_force, is_short, last_day_to_tell

TUE, WED, THU = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)
HOURS = span(9 * 60, 12 * 60)  # 09:00–12:00
ROOM = Place("r1", "第一调解室", 8)
JUDGE = Mediator("m1", "条和")
WISH = Wish(people=3, length=90, mediator="m1")


def at(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


class MaskTest(SimpleTestCase):
    def test_a_span_touches_whole_steps_and_stays_inside_the_day(self) -> None:
        self.assertEqual(list(minutes_of(span(at(9), at(9, 10)))), [at(9), at(9, 5)])
        self.assertEqual(list(minutes_of(span(at(9, 3), at(9, 6)))), [at(9), at(9, 5)])
        self.assertEqual(span(at(0), at(24)), WHOLE)
        self.assertEqual(span(at(22), at(23)), 0)

    def test_where_ninety_minutes_fit_between_two_hearings(self) -> None:
        busy = span(at(7), at(9)) | span(at(10, 40), at(21))
        self.assertEqual(list(minutes_of(beginnings(busy, 90))), [at(9), at(9, 5), at(9, 10)])
        self.assertEqual(beginnings(busy, 105), 0)

    def test_what_runs_past_closing_time_is_the_buffers_own_business(self) -> None:
        self.assertIn(at(20, 55), list(minutes_of(beginnings(0, 60))))

    @given(st.lists(st.tuples(st.integers(0, 167), st.integers(1, 30)), max_size=8), st.integers(1, 48))
    @settings(max_examples=200)
    def test_the_shifts_say_the_same_as_looking_at_every_step(self, taken: list[tuple[int, int]], steps: int) -> None:
        busy_steps = {step for start, count in taken for step in range(start, min(168, start + count))}
        busy = sum(1 << step for step in busy_steps)
        by_hand = [step for step in range(168) if busy_steps.isdisjoint(range(step, step + steps))]
        self.assertEqual(list(minutes_of(beginnings(busy, steps * 5))), [FIRST + 5 * step for step in by_hand])

    def test_a_clock_is_its_minutes(self) -> None:
        self.assertEqual(clock(at(9, 45)), time(9, 45))


class RuleTest(SimpleTestCase):
    def test_a_notice_is_counted_backward_in_working_days(self) -> None:
        # Monday 2026-03-09; three working days before: Wednesday 03-04
        self.assertEqual(last_day_to_tell(date(2026, 3, 9), 3, PUBLISHED), WED)
        self.assertFalse(is_short(date(2026, 3, 9), WED, 3, PUBLISHED))
        self.assertTrue(is_short(date(2026, 3, 9), THU, 3, PUBLISHED))
        # over Qingming (04-04 to 04-06): Tuesday 04-07 less two is Thursday 04-02
        self.assertEqual(last_day_to_tell(date(2026, 4, 7), 2, PUBLISHED), date(2026, 4, 2))
        self.assertFalse(is_short(TUE, TUE, 0, PUBLISHED))

    def test_which_days_are_heard(self) -> None:
        rule = HearingDays(weekdays=frozenset({1, 5}))  # Tuesdays and Saturdays
        self.assertEqual(closed(TUE, rule, PUBLISHED), "")
        self.assertEqual(closed(WED, rule, PUBLISHED), "not_a_hearing_day")
        self.assertEqual(closed(date(2026, 3, 7), rule, PUBLISHED), "")  # a Saturday that was named
        self.assertEqual(closed(date(2026, 3, 7), USUAL, PUBLISHED), "rest")
        self.assertEqual(closed(date(2026, 4, 4), rule, PUBLISHED), "rest")  # a Saturday, but Qingming
        self.assertEqual(closed(date(2026, 2, 14), HearingDays(weekdays=frozenset({1})), PUBLISHED), "")  # 春节 make-up Saturday

    def test_the_nearest_office_decides_and_a_rule_holds_from_its_day(self) -> None:
        city = HearingDays(notice=1, region="3213")
        county = HearingDays(notice=2, region="321322")
        later = HearingDays(notice=3, region="321322", since=WED)
        rules = [later, city, county]
        self.assertEqual([in_force(rules, "321322101", day).notice for day in (TUE, WED)], [2, 3])
        self.assertEqual(in_force(rules, "321323101", TUE).notice, 1)
        self.assertIs(in_force(rules, "3201", TUE), USUAL)

    def test_the_hours_leave_the_rest_at_noon_out(self) -> None:
        minutes = set(minutes_of(HearingDays(opens=time(11), closes=time(15)).hours))
        self.assertIn(at(11, 55), minutes)
        self.assertNotIn(at(12), minutes)
        self.assertIn(at(14), minutes)
        self.assertNotIn(at(15), minutes)


class FindTest(SimpleTestCase):
    def find(self, wish: Wish = WISH, days: tuple[Open, ...] = (Open(TUE, HOURS),), places: tuple[Place, ...] = (ROOM,),
             mediators: tuple[Mediator, ...] = (JUDGE,), parties: tuple[Party, ...] = ()) -> Found:  # fmt: skip
        return find(wish, days, places, mediators, parties)

    def told(self, found: Found) -> list[tuple[str, str, str]]:
        self.assertEqual(found.proposals, [])
        return [(out.kind, out.code, out.who) for out in found.outs]

    def times(self, found: Found) -> list[tuple[date, str]]:
        return [(one.day, f"{clock(one.minute):%H:%M}") for one in found.proposals]

    def test_a_free_morning_gives_times_an_hour_apart_early_first(self) -> None:
        self.assertEqual(self.times(self.find()), [(TUE, "09:00"), (TUE, "10:00")])  # 11:00 would end after twelve

    def test_a_time_that_is_kept_is_kept_to_the_minute(self) -> None:
        kept = Wish(people=3, length=30, only_minute=at(14, 32))
        self.assertEqual(self.times(self.find(kept)), [(TUE, "14:32")])  # outside the hours: it is arranged already
        busy = Place("r1", "第一调解室", 8, taken={TUE: span(at(15), at(16))})
        self.assertEqual(self.told(self.find(kept, places=(busy,))), [("place", "taken", "第一调解室"), ("day", "no_room", "")])
        now = {TUE: at(14, 31)}
        self.assertEqual(self.times(self.find(Wish(people=3, length=30, only_minute=at(14, 32), earliest_minute=now))), [(TUE, "14:32")])
        self.assertEqual(self.told(self.find(Wish(people=3, length=30, only_minute=at(14, 30), earliest_minute=now))), [("day", "no_common_hour", "")])

    def test_the_buffer_keeps_the_next_away_but_may_run_into_the_rest(self) -> None:
        busy = Place("r1", "第一调解室", 8, taken={TUE: span(at(10, 45), at(12))})
        self.assertEqual(self.times(self.find(places=(busy,))), [(TUE, "09:00")])
        self.assertEqual(self.told(self.find(days=(Open(TUE, HOURS, buffer=20),), places=(busy,))), [
            ("place", "taken", "第一调解室"), ("day", "no_room", ""),
        ])  # fmt: skip
        last = Open(TUE, span(at(9), at(10, 30)), buffer=30)
        self.assertEqual(self.times(self.find(days=(last,))), [(TUE, "09:00")])

    def test_a_room_falls_out_with_its_reason(self) -> None:
        for code, place, wish in (
            ("too_small", Place("r", "小间", 2), WISH),
            ("steps", Place("r", "楼上", 8, is_step_free=False), Wish(3, 90, is_step_free=True)),
            ("equipment", Place("r", "空间", 8), Wish(3, 90, equipment=frozenset({"screen"}))),
            ("other_medium", Place("r", "线上", 8, medium=ONLINE), Wish(3, 90, medium="place")),
        ):
            with self.subTest(code):
                self.assertEqual(self.told(self.find(wish, places=(place,)))[0], ("place", code, place.name))
        shut = Place("r", "维修间", 8, shut={TUE: WHOLE})
        self.assertEqual(self.told(self.find(places=(shut,)))[0], ("place", "blackout", "维修间"))

    def test_a_meeting_has_neither_steps_nor_walls(self) -> None:
        online = Place("r", "线上", 1, is_step_free=False, medium=ONLINE)
        self.assertEqual(len(self.find(Wish(9, 90, is_step_free=True, mediator="m1"), places=(online,)).proposals), 2)

    def test_a_mediator_falls_out_with_their_reason(self) -> None:
        for code, one, wish in (
            ("recused", Mediator("m", "甲", recused=True), WISH),
            ("off_panel", Mediator("m", "甲", is_on_panel=False), WISH),
            ("language", Mediator("m", "甲"), Wish(3, 90, languages=frozenset({"sign"}))),
            ("not_asked", Mediator("m", "甲"), Wish(3, 90, mediator="m1", only_mediator=True)),
            ("leave", Mediator("m", "甲", away=frozenset({TUE})), WISH),
            ("capacity", Mediator("m", "甲", daily=2, load={TUE: 2}), WISH),
            ("taken", Mediator("m", "甲", taken={TUE: WHOLE}), WISH),
        ):
            with self.subTest(code):
                self.assertEqual(self.told(self.find(wish, mediators=(one,)))[0], ("mediator", code, "甲"))

    def test_a_day_falls_out_with_its_reason(self) -> None:
        days = tuple(Open(TUE + timedelta(days=n), HOURS, code) for n, code in enumerate(("rest", "rest", "short_notice", "past_limit")))
        self.assertEqual(self.find(days=days).outs, [
            Out("day", "rest", "", (TUE, WED)), Out("day", "short_notice", "", (THU,)), Out("day", "past_limit", "", (date(2026, 3, 6),)),
        ])  # fmt: skip

    def test_parties_that_cannot_come_are_named(self) -> None:
        unsuited = Party("李建国", unsuited={TUE: PART_MASKS[MORNING]})
        self.assertEqual(self.told(self.find(parties=(unsuited,)))[0], ("party", "unsuited", "李建国"))
        elsewhere = Party("宏远劳务", taken={TUE: span(at(9), at(12))})
        self.assertEqual(self.told(self.find(parties=(elsewhere,)))[0], ("party", "heard_elsewhere", "宏远劳务"))
        afternoon = Party("李建国", unsuited={TUE: PART_MASKS[AFTERNOON]})
        self.assertEqual(len(self.find(parties=(afternoon,)).proposals), 2)

    def test_room_and_mediator_that_are_never_free_together(self) -> None:
        room = Place("r1", "一", 8, taken={TUE: span(at(9), at(10, 30))})
        judge = Mediator("m1", "条和", taken={TUE: span(at(10, 30), at(12))})
        self.assertEqual(self.told(self.find(places=(room,), mediators=(judge,))), [("day", "never_together", "")])

    def test_today_begins_now(self) -> None:
        wish = Wish(3, 90, mediator="m1", earliest_minute={TUE: at(9, 1)})
        self.assertEqual(self.times(self.find(wish)), [(TUE, "09:15"), (TUE, "10:15")])

    def test_whose_case_it_is_comes_first_then_the_nearest_and_smallest_room(self) -> None:
        places = (Place("big", "大", 20), Place("far", "远", 4, rank=2), Place("small", "小", 4))
        found = self.find(places=places, mediators=(Mediator("m2", "田杰"), JUDGE))
        self.assertEqual({(one.place.key, one.mediator.key) for one in found.proposals}, {("small", "m1")})
        away = Mediator("m1", "条和", away=frozenset({TUE}))
        self.assertEqual({one.mediator.key for one in self.find(mediators=(Mediator("m2", "田杰"), away)).proposals}, {"m2"})

    def test_it_is_bounded(self) -> None:
        days = tuple(Open(TUE + timedelta(days=n), HOURS) for n in range(400))
        found = self.find(days=days)
        self.assertEqual((found.days, len(found.proposals)), (MOST_DAYS, MOST))
        self.assertEqual(len(window(TUE, TUE + timedelta(days=4000))), MOST_DAYS)

    @given(st.data())
    @settings(max_examples=80, deadline=None)
    def test_nothing_proposed_is_taken_and_nothing_free_is_missed(self, data: st.DataObject) -> None:
        """Against looking at every beginning, room and mediator one by one."""
        spans = st.lists(st.tuples(st.integers(at(8), at(12)), st.integers(10, 150)), max_size=3)

        def busy() -> list[tuple[int, int]]:
            return [(start, start + length) for start, length in data.draw(spans)]

        rooms, people, party, buffer = [busy() for _n in range(2)], [busy() for _n in range(2)], busy(), data.draw(st.sampled_from([0, 10, 25]))
        found = self.find(
            days=(Open(TUE, HOURS, buffer=buffer),), places=tuple(Place(n, str(n), 8, taken={TUE: mask(one)}) for n, one in enumerate(rooms)),
            mediators=tuple(Mediator(n, str(n), taken={TUE: mask(one)}) for n, one in enumerate(people)),
            parties=(Party("p", taken={TUE: mask(party)}),),
        )  # fmt: skip

        def fits(taken: list[tuple[int, int]], start: int, end: int) -> bool:
            return all(end <= begin - begin % 5 or start >= -(-until // 5) * 5 for begin, until in taken)

        free = [
            start
            for start in range(at(9), at(12) - 90 + 1, 15)
            if fits(party, start, start + 90) and any(fits(one, start, start + 90 + buffer) for one in rooms)
            and any(fits(one, start, start + 90 + buffer) for one in people)
        ]  # fmt: skip
        self.assertEqual(bool(found.proposals), bool(free))
        for one in found.proposals:
            self.assertIn(one.minute, free)
            self.assertTrue(fits(rooms[one.place.key], one.minute, one.minute + 90 + buffer))
            self.assertTrue(fits(people[one.mediator.key], one.minute, one.minute + 90 + buffer))


def mask(taken: list[tuple[int, int]]) -> int:
    whole = 0
    for start, end in taken:
        whole |= span(start, end)
    return whole
