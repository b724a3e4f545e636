"""What must agree in the tables of cases, and what else must not lie about: the rows of arrears.integrity."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from arrears import chain, stored_checks, unnamed_files
from arrears.escalation.stuck import CALLED, stuck
from arrears.integrity import EXAMPLES, Check, Found, add_checks, line, rows
from arrears.ladders.book import CODE, Book
from arrears.ladders.store import book_now
from arrears.lifecycle import CLAIM, ORDER
from arrears.models import Claim, Clock, Order, Proceeding, Search, SearchWay, SupportCase, Watch
from arrears.models.claims import OPEN_CLAIM
from arrears.models.sources import NONE
from arrears.silent_clocks import lost_clocks
from arrears.sources import promised
from arrears.sources.states import OF_CLAIM, OF_REPORT
from arrears.support.lifecycle import ASKED, SEARCHING
from arrears.support.lifecycle import OPEN as SUPPORT_OPEN
from arrears.support.lifecycle import WAITING as SUPPORT_WAITING
from arrears.timing.clocks import DUTY_RULES, LIMIT_RULES, SHOWN
from grid.days import day_of
from grid.duty import Roster
from grid.models import Notice, Posting, Task
from grid.models.notices import BUNDLED, HELD, QUEUED, SENDING

AT_ONCE = 2000
WATCH_LATE = timedelta(hours=1)
NEVER = timedelta(days=20)  # ahead: longer than any holidays after which something is said again
NOTICE_LATE = timedelta(hours=1)
HELD_LATE = timedelta(days=9)  # a weekly digest, and a day
OPEN = list(CLAIM.open_states)
OPEN_CLAIM_OF = Q(claim__stage__in=OPEN)
TO_ANSWER = ("issued", "received", "sent_back")
FIRST_DUTY = """
    SELECT claim_id, min(due_on) AS due_on FROM arrears_clock
    WHERE ended_on IS NULL AND about_id IS NULL AND rule_id = ANY(%s) GROUP BY claim_id
"""


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


def found(query: QuerySet, *names: str) -> Found:
    examples = [line(*row) for row in query.order_by("pk").values_list(*names)[:EXAMPLES]]
    return Found(query.count() if len(examples) == EXAMPLES else len(examples), examples)


# Claims and clocks


def claims_without_clock(now: datetime) -> Found:
    return rows(
        f"SELECT number, stage FROM arrears_claim AS claim WHERE stage = ANY(%s) AND NOT EXISTS "
        f"(SELECT FROM ({FIRST_DUTY}) AS duty WHERE duty.claim_id = claim.id)",
        [OPEN, DUTY_RULES],
    )  # fmt: skip


def claims_without_owner(now: datetime) -> Found:
    """Asked for each place and level there is, not for each claim."""
    roster, claims = Roster(day_of(now)), Claim.objects.filter(OPEN_CLAIM)
    count, examples = 0, []
    for level, region in claims.order_by("level", "region").values_list("level", "region").distinct():
        if roster.answerable(level, region)[1]:
            continue
        here = claims.filter(level=level, region=region)
        handlers = here.exclude(handler=None).values_list("handler", flat=True).distinct()
        there = [handler for handler in handlers if roster.on_duty(handler, region)]
        part = found(here.exclude(handler__in=there) if there else here, "number", "level")
        count, examples = count + part.count, examples + list(part.examples)
    return Found(count, examples[:EXAMPLES])


def clocks_without_rung(now: datetime) -> Found:
    """Without a watch though the ladder is not climbed: a rung is still to come, or the last one was never called. And
    those whose watch waits for a day beyond every ladder."""
    lost = lost_clocks(now)
    never = found(
        Watch.objects.filter(next_at__gt=now + NEVER, next_at__date__gt=F("clock__due_on") + reach(book_now())),
        "clock__claim__number", "clock__rule_id", "next_at",
    )  # fmt: skip
    return Found(lost.count + never.count, [*lost.examples, *never.examples][:EXAMPLES])


def reach(book: Book) -> timedelta:
    """Longer than any ladder goes on after the due day."""
    versions = (*CODE.values(), *book.versions)
    return timedelta(days=30 + 2 * max(rung.working_days or 0 for version in versions for rung in version.rungs))


def watches_of_ended(now: datetime) -> Found:
    astray = Watch.objects.exclude(clock__ended_on=None) | Watch.objects.exclude(clock__claim__stage__in=OPEN)
    return found(astray, "clock__claim__number", "clock__rule_id", "next_at")


def watches_late(now: datetime) -> Found:
    return found(stuck(now, now - WATCH_LATE), "clock__claim__number", "clock__rule_id", "due_at")


def calls_late(now: datetime) -> Found:
    """Reports and objections: their next rung stands on the row itself."""
    parts = [found(model.objects.filter(next_at__lt=now - WATCH_LATE), number, "next_at") for model, number in CALLED]
    return Found(sum(part.count for part in parts), [example for part in parts for example in part.examples][:EXAMPLES])


def due_days(now: datetime) -> Found:
    return rows(
        f"SELECT number, claim.due_on, duty.due_on AS of_clocks, claim.limit_on, bound.due_on AS of_limits FROM arrears_claim AS claim "
        f"LEFT JOIN ({FIRST_DUTY}) AS duty ON duty.claim_id = claim.id LEFT JOIN ({FIRST_DUTY}) AS bound ON bound.claim_id = claim.id "
        f"WHERE stage = ANY(%s) AND (claim.due_on, claim.limit_on) IS DISTINCT FROM (duty.due_on, bound.due_on)",
        [DUTY_RULES, LIMIT_RULES, OPEN],
    )  # fmt: skip


def shown_days(now: datetime) -> Found:
    """Of whatever else clocks are about: referrals, mediations."""
    first = "SELECT about_id, min(due_on) AS due_on FROM arrears_clock WHERE ended_on IS NULL AND about_id IS NOT NULL GROUP BY about_id"
    return rows(" UNION ALL ".join(
        f"SELECT claim.number, '{model._meta.model_name}', shown.{column}, clock.due_on AS of_clocks FROM {model._meta.db_table} AS shown "
        f"JOIN arrears_claim AS claim ON claim.id = shown.claim_id JOIN ({first}) AS clock ON clock.about_id = shown.id "
        f"WHERE shown.{column} IS DISTINCT FROM clock.due_on"
        for model, column in SHOWN
    ))  # fmt: skip


def suspensions(now: datetime) -> Found:
    """Past their planned end, or not what stands on the claim."""
    return rows(
        "SELECT number, suspended_until, planned_end FROM arrears_claim AS claim "
        "FULL JOIN (SELECT * FROM arrears_suspension WHERE ended_on IS NULL) AS rest ON rest.claim_id = claim.id "
        "WHERE (suspended_until IS NOT NULL OR planned_end IS NOT NULL) "
        "AND (suspended_until IS DISTINCT FROM planned_end OR planned_end < %s)",
        [day_of(now)],
    )


# Money


def sums(column: str, table: str, part: str, now: datetime, *, at_all: bool) -> Found:
    """`at_all`: claims without a part have nothing; else they are left alone (a register may not know the parts)."""
    join = "LEFT JOIN" if at_all else "JOIN"
    return rows(
        f"SELECT number, {column}, coalesce(of_parts, 0) FROM arrears_claim AS claim "
        f"{join} (SELECT claim_id, sum({part}) AS of_parts FROM {table} GROUP BY claim_id) AS parts ON parts.claim_id = claim.id "
        f"WHERE {column} <> coalesce(of_parts, 0) AND stage <> 'merged'"  # its parts went over, what it claimed is its history
    )


def workers_counted(now: datetime) -> Found:
    return rows(
        "SELECT number, worker_count, of_rows FROM arrears_claim AS claim "
        "JOIN (SELECT claim_id, count(*) AS of_rows FROM arrears_claimant WHERE same_as_id IS NULL GROUP BY claim_id) AS registered "
        "ON registered.claim_id = claim.id WHERE worker_count < of_rows"
    )


# What other offices are told

CLAIM_KINDS = [kind for kind in OF_CLAIM if "." not in kind]
REFERRAL_MOVES = [kind.partition(".")[2] for kind in OF_CLAIM if "." in kind]
# A source that was told nothing, or in another way, is told from that day on.
TOLD_SINCE = (
    "coalesce((SELECT max(at) FROM arrears_sourcerecord WHERE source_id = source.id AND facts->'changed' ? 'return_way'), source.created_at)"
)


def reports_untold(now: datetime) -> Found:
    """Events of a report that its source is to be told and was not written for, and rows for events that are not there."""
    return rows(
        f"SELECT report.external_number, event.kind, event.at FROM arrears_reportevent AS event "
        f"JOIN arrears_report AS report ON report.id = event.report_id JOIN arrears_source AS source ON source.id = report.source_id "
        f"WHERE source.return_way <> %s AND event.kind = ANY(%s) AND event.at > {TOLD_SINCE} "
        f"AND NOT EXISTS (SELECT FROM arrears_returned WHERE report_id = report.id AND cause = event.id) "
        f"UNION ALL SELECT report.external_number, told.state, told.at FROM arrears_returned AS told "
        f"JOIN arrears_report AS report ON report.id = told.report_id WHERE NOT EXISTS (SELECT FROM arrears_reportevent WHERE id = told.cause) "
        f"AND NOT EXISTS (SELECT FROM arrears_event WHERE id = told.cause)",
        [NONE, list(OF_REPORT)],
    )  # fmt: skip


def claims_untold(now: datetime) -> Found:
    """The same of events of the claim a report became part of, and of those that one went into, each since it did."""
    return rows(
        f"WITH RECURSIVE way (report_id, claim_id, since) AS ("
        f"SELECT id, claim_id, (SELECT max(at) FROM arrears_reportevent WHERE report_id = report.id AND kind IN ('accepted', 'joined', 'split')) "
        f"FROM arrears_report AS report WHERE source_id IS NOT NULL AND claim_id IS NOT NULL "
        f"UNION ALL SELECT way.report_id, claim.merged_into_id, (SELECT max(at) FROM arrears_event WHERE claim_id = claim.id AND kind = 'merge') "
        f"FROM way JOIN arrears_claim AS claim ON claim.id = way.claim_id WHERE claim.stage = 'merged' AND claim.merged_into_id IS NOT NULL) "
        f"SELECT report.external_number, claim.number, event.kind, event.at FROM way "
        f"JOIN arrears_report AS report ON report.id = way.report_id JOIN arrears_source AS source ON source.id = report.source_id "
        f"JOIN arrears_claim AS claim ON claim.id = way.claim_id JOIN arrears_event AS event ON event.claim_id = claim.id AND event.at > way.since "
        f"WHERE source.return_way <> %s AND event.at > {TOLD_SINCE} "
        f"AND (event.kind = ANY(%s) OR (event.kind = 'referral' AND event.facts->>'move' = ANY(%s))) "
        f"AND NOT EXISTS (SELECT FROM arrears_returned WHERE report_id = report.id AND cause = event.id)",
        [NONE, CLAIM_KINDS, REFERRAL_MOVES],
    )  # fmt: skip


def sources_untold(now: datetime) -> Found:
    parts = reports_untold(now), claims_untold(now)
    return Found(sum(part.count for part in parts), [example for part in parts for example in part.examples][:EXAMPLES])


def promises_without_clock(now: datetime) -> Found:
    """The day a source was promised, of an open claim, neither answered since nor pursued by a clock. The task mends them before it asks."""
    lost = promised.unpursued()
    return Found(len(lost), [line(report.external_number, report.claim.number, report.answer_by) for report in lost[:EXAMPLES]])


# People, orders, messages, history


def holding_a_post(now: datetime, person: str) -> Exists:
    return Exists(Posting.objects.on(day_of(now)).filter(person=OuterRef(person)))


def handlers_gone(now: datetime) -> Found:
    gone = Claim.objects.filter(OPEN_CLAIM, ~holding_a_post(now, "handler")).exclude(handler=None)
    return found(gone, "number", "handler__full_name")


def tasks_of_the_gone(now: datetime) -> Found:
    return found(Task.objects.filter(~holding_a_post(now, "owner"), done_at=None), "kind", "owner__full_name", "due_on")


def orders_unanswered(now: datetime) -> Found:
    """Past the reply day, and nobody is called about it any more: the ladder is climbed, or there never was a clock, or
    it knows another day. What the ladder still pursues is late work, not a fault."""
    today = day_of(now)
    return rows(
        "SELECT o.number, claim.number AS of_claim, reply_by FROM arrears_order AS o JOIN arrears_claim AS claim ON claim.id = o.claim_id "
        "LEFT JOIN arrears_clock AS clock ON clock.about_id = o.id AND clock.ended_on IS NULL "
        "LEFT JOIN arrears_watch AS watch ON watch.clock_id = clock.id "
        "WHERE o.state = ANY(%s) AND reply_by < %s AND suspended_until IS NULL "
        "AND (watch.clock_id IS NULL OR clock.due_on >= %s)",
        [list(TO_ANSWER), today, today],
    )  # fmt: skip


def orders_left_open(now: datetime) -> Found:
    left = Order.objects.filter(state__in=ORDER.open_states).exclude(claim__stage__in=OPEN)
    return found(left, "number", "claim__number", "state")


def proceedings_without_clock(now: datetime) -> Found:
    """Of a claim that goes on, and nobody is called about it: neither a limit runs nor does the system go on by itself."""
    running = Clock.objects.running().filter(about_id=OuterRef("pk"))
    left = Proceeding.objects.open().filter(~Exists(running), auto_on=None, claim__stage__in=OPEN)
    return found(left, "claim__number", "kind", "state")


def support_without_clock(now: datetime) -> Found:
    """An opinion, a completion or a search is waited for, and no day counts: nobody would be called."""
    running = Clock.objects.running().filter(about_id=OuterRef("pk"))
    parts = [
        found(SupportCase.objects.filter(~Exists(running), state__in=(*SUPPORT_WAITING, "returned")), "claim__number", "state"),
        found(Search.objects.filter(~Exists(running), state=SEARCHING), "claim__number", "state"),
        found(SearchWay.objects.filter(~Exists(running), state=ASKED), "search__claim__number", "state"),
    ]  # fmt: skip
    return Found(sum(part.count for part in parts), [example for part in parts for example in part.examples][:EXAMPLES])


def support_left_open(now: datetime) -> Found:
    parts = [
        found(SupportCase.objects.filter(state__in=SUPPORT_OPEN).exclude(claim__stage__in=OPEN), "claim__number", "state"),
        found(Search.objects.filter(state=SEARCHING).exclude(claim__stage__in=OPEN), "claim__number", "state"),
    ]  # fmt: skip
    return Found(sum(part.count for part in parts), [example for part in parts for example in part.examples][:EXAMPLES])


def notices_stuck(now: datetime) -> Found:
    late = (
        Q(state=SENDING, claimed_at__lt=now - NOTICE_LATE) | Q(state=SENDING, claimed_at=None)
        | Q(state=QUEUED, next_try_at__lt=now - NOTICE_LATE) | Q(state=QUEUED, next_try_at=None)
        | Q(state=HELD, created_at__lt=now - HELD_LATE)
        | Q(state=BUNDLED, bundle=None)  # in no message that could go out
    )  # fmt: skip
    stuck = Notice.objects.filter(late).order_by()
    by_channel = {f"{channel} {state}": count for channel, state, count in
                  stuck.values_list("channel", "state").annotate(Count("pk")).order_by("channel", "state")}  # fmt: skip
    return Found(sum(by_channel.values()), [line(*pair) for pair in by_channel.items()])


def broken_chains(now: datetime) -> Found:
    count, links = chain.count_broken(EXAMPLES)
    numbers = dict(Claim.objects.filter(pk__in={link.claim_id for link in links}).values_list("pk", "number"))
    return Found(count, [line(numbers.get(link.claim_id), link.seq, link.what) for link in links])


def histories_cut(now: datetime) -> Found:
    """An event says where the claim stands after it; so the last one says where it stands now. What was cut off at the
    end of a history breaks no link."""
    return rows(
        "SELECT number, claim.stage, claim.level, last.stage AS stage_told, last.level AS level_told FROM arrears_claim AS claim "
        "LEFT JOIN LATERAL (SELECT stage, level FROM arrears_event WHERE claim_id = claim.id ORDER BY seq DESC LIMIT 1) AS last ON true "
        "WHERE (claim.stage, claim.level) IS DISTINCT FROM (last.stage, last.level)"
    )


RUN_SWEEP = _("请查看 worker.log；运行 bin/manage sweep 可立即补发。")
RECOUNT = _("这是系统缺陷或有人直接改了数据库，请联系开发人员，附上案号。")
PRESS = _("督促已经走完或没有期限在计算，请下达督办的上级直接过问，或者撤销督办单。")
TAMPERED = _("有人绕过系统改动或删除了办理记录。请保留现场，与备份比对，并报告审计人员。")
REASSIGN = _("请在“人员交接”中一次移交给接任的人。")

add_checks((
    Check("claims_without_clock", _("在办案件没有计算期限"), RECOUNT, claims_without_clock),
    Check("claims_without_owner", _("在办案件从乡镇到市均无人负责"), _("请登记任职或值班，否则提醒无人可发。"), claims_without_owner),
    Check("clocks_without_rung", _("期限还在计算，却没有下一次督办"), RECOUNT, clocks_without_rung),
    Check("watches_of_ended", _("期限已经终止，督办还在等待"), RECOUNT, watches_of_ended),
    Check("watches_late", _("督办已经到时一小时以上，仍未发出"), RUN_SWEEP, watches_late),
    Check("calls_late", _("群众反映或异议已经到时一小时以上，仍未提醒"), _("请查看 worker.log，那里写明哪一条出了什么错。"), calls_late),
    Check("due_days", _("案件的最近到期与其期限不一致"), RECOUNT, due_days),
    Check("shown_days", _("移送或调解的到期日与其期限不一致"), RECOUNT, shown_days),
    Check("suspensions", _("中止已到预计恢复之日仍未恢复，或与案件不一致"), RUN_SWEEP, suspensions),
    Check("paid", _("案件的已付金额与付款记录不一致"), RECOUNT, partial(sums, "paid", "arrears_payment", "amount", at_all=True)),
    Check("claimed", _("案件的主张金额与工资明细不一致"), RECOUNT, partial(sums, "claimed", "arrears_claimline", "unpaid", at_all=False)),
    Check("workers_counted", _("涉及人数少于登记的劳动者"), RECOUNT, workers_counted),
    Check("handlers_gone", _("在办案件的经办人已经离任"), REASSIGN, handlers_gone),
    Check("tasks_of_the_gone", _("待办在已经离任的人名下"), REASSIGN, tasks_of_the_gone),
    Check("orders_unanswered", _("督办单过了回复期限没有回复，也不再有人被催"), PRESS, orders_unanswered),
    Check("orders_left_open", _("案件已经结束，督办单仍未终结"), RECOUNT, orders_left_open),
    Check("proceedings_without_clock", _("没有结束的程序不再有期限提醒"), _("请在案件的“程序”页登记它的进展；已经结束的，登记结果。"), proceedings_without_clock),
    Check("sources_untold", _("来源单位应当知道的变更没有写进回传"), RECOUNT, sources_untold),
    Check("promises_without_clock", _("答应来源单位的日期没有在计算"), RECOUNT, promises_without_clock),
    Check("support_without_clock", _("支持起诉意见、补正或者查找被告没有期限在计算"), RECOUNT, support_without_clock),
    Check("support_left_open", _("案件已经结束，支持起诉或者查找被告仍未终结"), RECOUNT, support_left_open),
    Check("notices_stuck", _("通知停留过久，没有送出"), _("请查看 courier.log 和通道状态。"), notices_stuck),
    Check(
        "broken_chains", _("办理记录的链条断开"),
        TAMPERED, broken_chains,
    ),
    Check("histories_cut", _("办理记录的最后一条与案件现状不符"), TAMPERED, histories_cut),
    *stored_checks.ROWS,
    unnamed_files.ROW,
))  # fmt: skip
