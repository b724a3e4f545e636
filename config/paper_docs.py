"""The printed page of the papers: which there are, on what each rests, what is asked and said. Written to be read by a lawyer."""

import re

from arrears.papers.fields import CATALOGUE
from arrears.papers.forms import FORMS, MANY, ONE, PACKETS, WORDS, Form
from arrears.rules.tables import CONFIDENCES
from config.docs import GENERATED, table

PER = {"claim": "一案一份", "worker": "每名劳动者一份", "party": "每个当事人一份"}
ONLY = {"": "", ONE: "（一名劳动者的案件）", MANY: "（多人案件）"}


def meaning(path: str) -> str:
    """Without what is said of it besides."""
    return re.split("[；，（]", CATALOGUE[path].meaning)[0] if path in CATALOGUE else path


def form_row(form: Form) -> list[str]:
    basis = "；".join([form.citation(), *form.also])
    marks = "、".join([*(["盖章"] if form.seal else []), *(f"{who}签名" for who in form.signs)])
    return [
        f"`{form.id}`", form.name, form.who, PER[form.per] + ONLY[form.only], f"{basis}（{CONFIDENCES[form.confidence]}）",
        "；".join(map(meaning, form.must)), "；".join(map(meaning, form.usual)), "；".join(ask.label for ask in form.asks), marks, form.note,
    ]  # fmt: skip


def papers_page() -> str:
    heads = ("编号", "文书", "由谁制作", "份数", "依据和核对程度", "条文要求写明的", "通常写明的（未核实）", "制作时要问的", "签名、盖章", "须知")
    packets = table(("成套材料", "按装订次序"), ([packet.name, "、".join(f"`{form}` {FORMS[form].name}" for form in packet.forms)] for packet in PACKETS.values()))
    words = table(("用语", "本地", "出处", "核对程度"), ([f"`{word.id}`", word.value, word.source, CONFIDENCES[word.confidence]] for word in WORDS.values()))
    fields = table(
        ("字段", "含义", "例子"), ([f"`{field.path}`", field.meaning + ("（列表）" if field.kind == "list" else ""), field.example] for field in CATALOGUE.values())
    )
    intro = "文书的正文在 `arrears/papers/texts/`。“填写.”开头的字段是制作时的回答；没有填的打印为“不详”，并列为缺项。"
    parts = (("# 文书", table(heads, map(form_row, FORMS.values()))), ("# 成套材料", packets), ("# 各地叫法不同的词", words), ("# 字段", f"{intro}\n\n{fields}"))
    return "\n".join([GENERATED, "", *(line for head, body in parts for line in (head, "", body, ""))])
