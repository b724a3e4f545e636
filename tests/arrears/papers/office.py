"""Texts to make papers of, where a test is not about what the papers of the house say."""

import shutil
import tempfile
from pathlib import Path
from unittest import mock

from django.test import override_settings

from arrears.papers import book
from tests.arrears.papers.scenes import PapersTestCase

APPLICATION = """# 支持起诉申请书

!申请人：{{ 申请人.姓名 }}，公民身份号码{{ 申请人.身份证号 }}，电话{{ 申请人.电话 }}。
!被申请人：{{ 被申请人.名称 }}，{{ 被申请人.证件名称 }}{{ 被申请人.证件号 }}。

申请人被拖欠工资{{ 金额.尚欠|元 }}（大写：人民币{{ 金额.尚欠|大写 }}），依照《民事诉讼法》第十五条申请支持起诉。{{ 填写.不能独立起诉的原因 }}

| 序号 | 姓名 | 欠付 |
|:-:|----|--:|
{% for 人 in 工资.按人 %}
| {{ loop.index }} | {{ 人.姓名 }} | {{ 人.欠付|元 }} |
{% endfor %}

产地：{{ 申请人.住址 }}

> 文书编号{{ 文书.编号 }}
"""
AUTHORITY = "# 授权委托书\n\n!委托人：{{ 申请人.姓名 }}，公民身份号码{{ 申请人.身份证号 }}。\n\n受托人：{{ 填写.受托人 }}，请求支付{{ 申请人.欠付|元 }}。\n\n> 委托人（签名）：\n"
TABLE = "# 工资表\n\n欠付合计{{ 工资.欠付合计|元 }}。\n"


class OfficeTestCase(PapersTestCase):
    """F-16, L-02 and F-20 of our own, and a data folder that goes with the test."""

    def setUp(self) -> None:
        super().setUp()
        self.folder = Path(tempfile.mkdtemp(prefix="xinan-papers-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for form, text in {"F-16": APPLICATION, "L-02": AUTHORITY, "F-20": TABLE}.items():
            (self.folder / f"{form}.txt").write_text(text, encoding="utf-8")
        patched = mock.patch.object(book, "TEXTS", self.folder)
        patched.start()
        self.addCleanup(patched.stop)
        media = override_settings(MEDIA_ROOT=self.folder / "media")
        media.enable()
        self.addCleanup(media.disable)

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def files(self) -> list[str]:
        """Everything of papers on the disk."""
        folders = [self.media / name for name in ("papers", "packets", "unfinished")]
        return sorted(path.relative_to(self.media).parts[0] + path.suffix for folder in folders for path in folder.rglob("*") if path.is_file())
