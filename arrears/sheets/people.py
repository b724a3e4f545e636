"""Which lines are one person's: by ID number, else by name and telephone. Nobody is merged on a name alone, unless
whoever hands the sheet in says so. Django-free."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from arrears.sheets.rows import TAKEN, Row, Wage


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


# Faults that a line has only beside others, and that are gone when the others change.
TOGETHER = frozenset({"same_row", "other_name", "same_name"})


@dataclass
class Worker:
    name: str
    id_number: str = ""
    phone: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def wages(self) -> list[Wage]:
        return [row.wage for row in self.rows if row.wage]

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.id_number = self.id_number or row.values.get("id_number") or ""
        self.phone = self.phone or row.values.get("phone") or ""


def gather(rows: Sequence[Row], *, same_name: bool) -> list[Worker]:
    """Those of lines without a fault, in the order of the sheet. Lines that cannot be told apart, or contradict each
    other, get a fault."""
    workers: list[Worker] = []
    by_id: dict[str, Worker] = {}
    by_name: dict[str, list[Worker]] = defaultdict(list)
    for row in rows:
        name = row.values.get("name")
        if not name or row.blamed("id_number") or row.blamed("phone"):
            continue
        worker = find(row, name, by_id, by_name[name], same_name)
        if worker is None:
            if row.verdict != TAKEN:
                continue
            worker = Worker(name)
            workers.append(worker)
            by_name[name].append(worker)
        repeated = next((other for other in worker.rows if is_same(other, row)), None)
        if repeated:
            row.blame("name", "same_row", _("与%(line)s是同一人、同一期间、同一金额，可能重复。确实重复的请选“不登记这一行”；不是重复的请写明各自的期间。"), line=repeated.place)
        if row.verdict == TAKEN:
            worker.add(row)
            if worker.id_number:
                by_id[worker.id_number] = worker
    return workers


def find(row: Row, name: str, by_id: dict[str, Worker], namesakes: list[Worker], same_name: bool) -> Worker | None:
    number, phone = row.values.get("id_number") or "", row.values.get("phone") or ""
    if number and (known := by_id.get(number)):
        if known.name != name:
            row.blame("name", "other_name", _("身份证号与%(line)s（%(name)s）相同，姓名不同，请核对。"), line=known.rows[0].place, name=known.name)
        return known
    like = [worker for worker in namesakes if not (number and worker.id_number)]
    if not like:
        return None  # two ID numbers, two people
    same = [worker for worker in like if phone and worker.phone == phone]
    if same_name and not same:
        same = [worker for worker in like if not (phone and worker.phone)]
        if not same and phone:
            return None  # two telephones, two people
    elif not same and phone and all(worker.phone for worker in like):
        return None
    if len(same) == 1:
        return same[0]
    row.blame(
        "name", "same_name",
        _("与%(line)s同名，看不出是不是同一个人。请补上身份证号或电话；同名的都是同一个人的，请到“核对列”勾选。"), line=like[0].rows[0].place,
    )  # fmt: skip
    return None


def is_same(one: Row, other: Row) -> bool:
    return one.wage is not None and one.wage == other.wage
