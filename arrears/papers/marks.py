"""What may stand between the braces of a paper's template, and what comes of it.

An uploaded template is a stranger's program, so nothing of it is ever run: Jinja only reads it, and of what it reads the
few nodes below are understood. No call, no arithmetic, no attribute of an object: a field is looked up in the facts and
nowhere else. Whatever is not understood is a fault that names the place.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from arrears.money import q, to_chinese_capitals
from grid.days import day_of
from grid.refused import Refused

UNKNOWN = "不详"  # what an empty value prints: the paper is Chinese in every language of the page
LONGEST = 400  # characters between two braces
MOST_STEPS = 400_000  # fields looked up and turns of loops in one paper
READER = SandboxedEnvironment(autoescape=True)


class TemplateFault(Refused):
    """A template that cannot be filled. One sentence, and every fault by itself."""

    def __init__(self, faults: Iterable[str], code: str = "template_fault") -> None:
        self.faults = list(faults)
        super().__init__(code, " ".join(self.faults))


def fault(place: str, sentence: str) -> TemplateFault:
    return TemplateFault([_("%(place)s：%(what)s") % {"place": place, "what": sentence} if place else sentence])


def yuan(value: Any) -> str:
    return f"{q(Decimal(value)):,.2f}元"


def amount(value: Any) -> str:
    """In a column whose head says 元."""
    return f"{q(Decimal(value)):,.2f}"


def capitals(value: Any) -> str:
    return to_chinese_capitals(q(Decimal(value)))


def chinese_date(value: Any) -> str:
    if isinstance(value, datetime):
        value = day_of(value)
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return f"{value.year}年{value.month}月{value.day}日"


def joined(value: Any, between: str = "、") -> str:
    return between.join(plain(item) for item in value if item not in (None, ""))


def plain(value: Any) -> str:
    """How a value is written when no filter says otherwise."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (date, datetime)):
        return chinese_date(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (list, tuple)):
        return joined(value)
    return str(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "元": yuan, "金额": amount, "大写": capitals, "日期": chinese_date, "连接": joined, "join": joined, "人数": len, "length": len, "count": len,
}  # fmt: skip
DEFAULTS = ("默认", "default")  # {{ 电话|默认("无") }}: prints that instead of 不详, and is no gap
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "lteq": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "gteq": lambda a, b: a >= b, "in": lambda a, b: a in b, "notin": lambda a, b: a not in b,
}  # fmt: skip


class Anything(dict[str, Any]):
    """One of a list that the example facts leave empty: whatever is asked of it is there."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> None:
        return None


@dataclass(frozen=True)
class Turn:
    """What `loop` says inside a loop."""

    index: int
    length: int

    def named(self) -> dict[str, Any]:
        return {"index": self.index, "first": self.index == 1, "last": self.index == self.length, "length": self.length}


@dataclass
class Reading:
    """One filling of one template: what was looked up, what was empty, and how much it may cost."""

    facts: Mapping[str, Any]
    gaps: dict[str, None] = field(default_factory=dict)  # in the order in which they are met, each once
    used: set[str] = field(default_factory=set)  # the first words of what was looked up
    lists: dict[str, str] = field(default_factory=dict)  # what each loop's name stands for: 人 → 工资.按人
    steps: int = 0

    def path_of(self, path: str) -> str:
        """As the catalogue has it, whatever the template calls one of a list."""
        first, dot, rest = path.partition(".")
        return self.lists.get(first, first) + dot + rest

    def count(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TemplateFault([_("模板的循环太多，生成的内容过大。请减少套在一起的 for。")], "template_large")


@dataclass(frozen=True)
class Found:
    value: Any
    path: str  # as the office writes it: 申请人.姓名


def parsed(text: str, place: str) -> nodes.Expr:
    """One expression."""
    text = text.strip().translate(STRAIGHT)
    if len(text) > LONGEST:
        raise fault(place, _("花括号里的内容太长（超过 %(most)s 个字）。") % {"most": LONGEST})
    try:
        body = READER.parse("{{ (" + text + "\n) }}").body
    except (TemplateSyntaxError, RecursionError):
        body = []
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        raise fault(place, _("看不懂“%(text)s”。字段写作 {{ 申请人.姓名 }}，金额写作 {{ 金额|元 }}。") % {"text": text[:60]})
    check(body[0].nodes[0], text, place)
    return body[0].nodes[0]


STRAIGHT = str.maketrans("“”‘’", "\"\"''")  # Word turns the quotation marks of a template
UNDERSTOOD = (
    nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.Concat, nodes.TemplateData, nodes.Tuple, nodes.List,
)  # fmt: skip


def check(node: nodes.Node, text: str, place: str) -> None:
    """Refuses what is not understood, also in a branch that nobody will take."""
    if not isinstance(node, UNDERSTOOD) or isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        raise fault(place, _("“%(text)s”不是字段：模板里只能写字段、条件、循环和过滤器。") % {"text": text[:60]})
    if isinstance(node, nodes.Filter) and node.name not in (*FILTERS, *DEFAULTS):
        raise fault(
            place,
            _("没有过滤器“%(name)s”。可以用：%(known)s。") % {"name": node.name, "known": "、".join((*FILTERS, *DEFAULTS))},
        )
    for child in node.iter_child_nodes():
        check(child, text, place)


def value_of(node: nodes.Node, scope: Mapping[str, Any], reading: Reading, place: str) -> Found:
    """What an expression is worth. Raises TemplateFault: a field that does not exist, a filter that does not fit."""
    reading.count()
    if isinstance(node, (nodes.Const, nodes.TemplateData)):
        return Found(getattr(node, "value", None) if isinstance(node, nodes.Const) else node.data, "")
    if isinstance(node, nodes.Name):
        reading.used.add(node.name)
        return Found(looked_up(scope, node.name, "", place), node.name)
    if isinstance(node, (nodes.Getattr, nodes.Getitem)):
        below = value_of(node.node, scope, reading, place)
        name = node.attr if isinstance(node, nodes.Getattr) else node.arg.value
        return Found(stepped(below, name, place), f"{below.path}.{name}")
    if isinstance(node, nodes.Filter):
        return filtered(node, scope, reading, place)

    def worth(part: nodes.Node) -> Any:
        return value_of(part, scope, reading, place).value

    if isinstance(node, (nodes.Tuple, nodes.List)):
        return Found([worth(item) for item in node.items], "")
    if isinstance(node, nodes.Not):
        return Found(not worth(node.node), "")
    if isinstance(node, nodes.And):
        return Found(worth(node.left) and worth(node.right), "")
    if isinstance(node, nodes.Or):
        left = value_of(node.left, scope, reading, place)
        return left if left.value else value_of(node.right, scope, reading, place)
    if isinstance(node, nodes.CondExpr):
        chosen = node.expr1 if worth(node.test) else node.expr2
        return value_of(chosen, scope, reading, place) if chosen else Found("", "")
    if isinstance(node, nodes.Concat):
        return Found("".join(written(part, scope, reading, place) for part in node.nodes), "")
    assert isinstance(node, nodes.Compare), "check() has let nothing else through"
    return Found(compared(node, worth, place), "")


def compared(node: nodes.Compare, worth: Callable[[nodes.Node], Any], place: str) -> bool:
    left = worth(node.expr)
    for operand in node.ops:
        right = worth(operand.expr)
        if left is None and operand.op not in ("eq", "ne", "in", "notin"):
            return False
        try:
            holds = COMPARED[operand.op](left, right)
        except TypeError:
            raise fault(place, _("条件里的两个值不能比较。")) from None
        if not holds:
            return False
        left = right
    return True


def looked_up(known: Mapping[str, Any], name: str, above: str, place: str) -> Any:
    if name in known:
        return known[name]
    wanted = f"{above}.{name}" if above else name
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.3)
    if near:
        likely = f"{above}.{near[0]}" if above else near[0]
        raise fault(place, _("没有字段“%(field)s”，最接近的是“%(near)s”。") % {"field": wanted, "near": likely})
    raise fault(place, _("没有字段“%(field)s”，请对照字段表。") % {"field": wanted})


def stepped(below: Found, name: Any, place: str) -> Any:
    if below.value in (None, ""):
        return None  # of nothing every part is empty: the gap is told once, where it is printed
    if isinstance(below.value, Turn):
        return looked_up(below.value.named(), name, below.path, place)
    if isinstance(below.value, Mapping):
        return looked_up(below.value, str(name), below.path, place)
    if isinstance(below.value, (list, tuple)):
        raise fault(
            place, _("“%(field)s”是一个列表，请写 {%% for 项 in %(field)s %%} …… {%% endfor %%}。") % {"field": below.path}
        )
    raise fault(place, _("“%(field)s”下面没有“%(name)s”。") % {"field": below.path, "name": name})


def filtered(node: nodes.Filter, scope: Mapping[str, Any], reading: Reading, place: str) -> Found:
    below = value_of(node.node, scope, reading, place)
    said = [value_of(argument, scope, reading, place).value for argument in node.args]
    if node.name in DEFAULTS:
        return Found(said[0], "") if below.value in (None, "") and said else below
    if below.value in (None, ""):
        return below
    try:
        return Found(FILTERS[node.name](below.value, *said), below.path)
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        what = {"field": below.path or plain(below.value)[:20], "filter": node.name}
        raise fault(place, _("“%(field)s”不能用过滤器“%(filter)s”。") % what) from None


def written(node: nodes.Node, scope: Mapping[str, Any], reading: Reading, place: str) -> str:
    """The expression as it is printed: 不详 for what is empty, which is a gap."""
    found = value_of(node, scope, reading, place)
    if isinstance(found.value, Anything):
        return UNKNOWN
    if found.value is None or found.value in ("", [], ()):
        if isinstance(node, nodes.Const) or not found.path:
            return ""
        reading.gaps[reading.path_of(found.path)] = None
        return UNKNOWN
    if isinstance(found.value, (Mapping, Turn)):
        raise fault(place, _("“%(field)s”有下级字段，请写明是哪一个。") % {"field": found.path})
    return plain(found.value)
