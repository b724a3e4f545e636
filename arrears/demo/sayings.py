"""What the people of the demo city write when they press, answer or decide; see words.py for the rest."""

EXTENSION_NOTES = {
    "granted": "案情确属复杂，同意延长，请逐周报告进展。", "refused": "材料已基本齐备，不符合延长条件，请在原期限内办结。",
}  # fmt: skip
ORDER_DEMANDS = (
    "请核实用工主体和欠薪数额，约谈用人单位负责人，书面报告办理情况和下一步安排。",
    "劳动者多次反映进展缓慢，请在期限内组织双方对账，并报告结果。",
)
ORDER_REPLIES = (  # the first time, and after it was sent back
    "已约谈用人单位，对方承认欠薪，正在筹款。",
    "已核对考勤和转账记录，欠薪数额双方签字确认；用人单位书面承诺本月底前付清，逾期移送支持起诉。",
)
ORDER_VERDICTS = {
    "send_back": "没有写明欠薪数额和付款期限，请补充对账结果后重新回复。", "accept": "措施具体、期限明确，同意办结，请跟踪到账情况。",
}  # fmt: skip
NUDGES = ("劳动者来访反映多日没有进展，请尽快联系。", "年关将近，请优先办理并记录进展。")
ALERT_REPLIES = ("", "", "收到，今天联系用人单位。", "已安排网格员到现场核实。", "收到，本周内提交调查结论。")
SNOOZE_REASON = "下午到工地对账，明早回来办理。"
SENSITIVE_REASONS = {
    "gathering": "部分劳动者扬言到项目部集体讨要，需要提前稳控。", "many": "涉及人数多，春节前须重点跟踪。",
    "hardship": "劳动者家中有重病人，急等工资治病。",
}  # fmt: skip
SAFE_PHONE = "19900009999"  # of a relative
VISIT_NOTE = "已到住处当面告知，劳动者知道下一步。"
