"""Two offices whose work orders come in, and what becomes of these: one that became a claim and is told so, one declined, one that
changed, some that wait. Everybody in them is invented."""

from datetime import timedelta
from decimal import Decimal

from arrears.demo.chronicle import Chronicle
from arrears.demo.words import CITY, HOME_TOWNSHIP
from arrears.models import Report, Source
from arrears.reports import deciding
from arrears.sources import handing, keeping, taking
from arrears.sources.orders import Told, WorkOrder
from arrears.sources.places import Places
from grid.days import day_of
from grid.models import Region

HOTLINE, PLATFORM = "suqian-12345", "national-platform"
NOT_ISSUED = "1990000900{}"  # telephones nobody has
WORDS = {"registered": "办理中", "accepted": "办理中", "declined": "不予受理", "closed": "已办结", "transferred": "已转办"}


def add_sources(chronicle: Chronicle) -> None:
    keeper, city = chronicle.present(chronicle.named("guanli")), Region.objects.get(pk=CITY)
    keeping.add(
        keeper, now=chronicle.clock, code=HOTLINE, name="12345 政务服务便民热线", channel="hotline", region=city, reply_days=5, return_way="file", wording=WORDS,
    )  # fmt: skip
    keeping.add(keeper, now=chronicle.clock, code=PLATFORM, name="全国根治欠薪线索反映平台", channel="referred", region=city, return_way="pull")


def told(number: int, name: str, address: str, story: str, **more: object) -> Told:
    return Told(name=name, phone=NOT_ISSUED.format(number), address=address, story=story, **more)


def send(chronicle: Chronicle, code: str, number: str, what: Told) -> Report:
    source = Source.objects.select_related("region").get(code=code)
    return taking.take(source, WorkOrder(number, what), Places.of(source.region), now=chronicle.clock).report


def first_orders(chronicle: Chronicle) -> None:
    """One is logged the same day, one is none of ours and declined."""
    home = home_name()
    worker, chief = chronicle.named("wangge"), chronicle.named("zhangzhen")
    logged = send(chronicle, HOTLINE, "GD-0001", told(1, "孙有田", f"沭阳县{home}集镇改造工地", "瓦工，干了两个月，工头说甲方没有拨款。", employer="周工头", amount=Decimal(12600), people=4))
    deciding.accept(logged, chronicle.present(worker), now=chronicle.clock + timedelta(hours=2))
    other = send(chronicle, HOTLINE, "GD-0002", told(2, "吴立新", f"沭阳县{home}", "反映网购退款问题。", kind="other"))
    deciding.decline(other, chronicle.present(chief), now=chronicle.clock + timedelta(hours=3), reason="不是劳动报酬争议，请拨打 12315 消费者热线。")


def handed_back(chronicle: Chronicle) -> None:
    """The office fetches what has changed as a file."""
    handing.make_file(Source.objects.get(code=HOTLINE), chronicle.present(chronicle.named("shidu")), now=chronicle.clock)


def later_orders(chronicle: Chronicle) -> None:
    """They wait; of one the source says more the next day, of one nobody can tell the township."""
    home, day = home_name(), day_of(chronicle.clock)
    send(chronicle, PLATFORM, "XS-32130001", told(3, "郑秀兰", f"沭阳县{home}工业园服装厂", "厂里三个月没有发工资。", kind="other", employer="园区服装厂", amount=Decimal(15400), people=11))
    send(chronicle, HOTLINE, "GD-0003", told(4, "钱大河", "沭阳县某小区外墙保温工地", "保温班组六个人，节前说结清没有结。", people=6, answer_by=day + timedelta(days=3)))


def one_changed(chronicle: Chronicle) -> None:
    home = home_name()
    send(
        chronicle, PLATFORM, "XS-32130001",
        told(3, "郑秀兰", f"沭阳县{home}工业园服装厂", "厂里三个月没有发工资，老板昨天把机器拉走了。", kind="other", employer="园区服装厂", amount=Decimal(15400), people=23),
    )  # fmt: skip
    send(chronicle, HOTLINE, "GD-0004", told(5, "冯小满", f"沭阳县{home}中心小学宿舍楼", "水电工，欠一个半月工资。", amount=Decimal(9000), contact_rule="discreet"))


def home_name() -> str:
    """Of the township whose sign-ins people try first."""
    return Region.objects.get(pk=HOME_TOWNSHIP).name
