"""How every word on a page is written in Chinese, by kind. 页面用词。

The English of each stands in the catalogue under the same kind, since one Chinese word may be
two English ones: 一般 is a routine item and an ordinary severity.
"""

from collections.abc import Mapping

from vocabulary import names
from vocabulary.doubt import DOUBT_NAMES

CAUSE_NAMES = {
    "opened": "新案",
    "risen": "等级上升",
    "guessed": "推定并案",
    "regraded": "人工提级",
    "after_false_alarm": "误报后又报",
    "after_closing": "办结后又报",
    "split": "分出另案",
    "attention": "请过目",
    "unseen": "逾时未阅",
    "classified": "涉密提示",
    "set_aside": "未能入账",
}
CALL_NAMES = {
    "pending": "呼叫中",
    "accepted": "已送达",
    "failed": "未能送达",
    "cancelled": "已取消",
}
OUTCOME_NAMES = {
    "delivered": "渠道已接受",
    "unreachable": "暂时不通",
    "refused": "渠道拒绝",
    "unknown": "没有答复",
}
CHANNEL_NAMES = {
    "app": "应用消息",
    "sms": "短信",
    "voice": "语音电话",
    "wecom_room": "企业微信群",
    "dingtalk_room": "钉钉群",
    "feishu_room": "飞书群",
}
FACT_NAMES = {
    "case_opened": "立案",
    "item_joined": "来件并入本案",
    "case_regraded": "人工定级",
    "case_merged": "并入另一案卷的件",
    "case_split": "分出另案",
    "case_closed": "结案",
    "case_reopened": "恢复案卷",
    "offer_answered": "归案答复",
    "obligation_waived": "免予核实",
    "report_noticed": "发出报送提示",
    "alert_opened": "发出警报",
    "acknowledged": "已签收",
    "taken_back": "撤回签收",
    "ladder_climbed": "无人签收，逐级呼叫",
    "delivery_failed": "未能送达",
}
CLOSING_NAMES = {"closed": "已办结", "false_alarm": "误报", "merged": "已并案"}
_FIGURES = {"deaths": "死亡", "injured": "受伤", "missing": "失联"}

NAMES: Mapping[str, Mapping[str, str]] = {
    "verdict": {str(word): name for word, name in names.VERDICT_NAMES.items()},
    "severity": {str(word): name for word, name in names.SEVERITY_NAMES.items()},
    "duty": {str(word): name for word, name in names.DUTY_NAMES.items()},
    "timeliness": {str(word): name for word, name in names.TIMELINESS_NAMES.items()},
    "lapse": {str(word): name for word, name in names.LAPSE_NAMES.items()},
    "answer": {str(word): name for word, name in names.ANSWER_NAMES.items()},
    "standing": {str(word): name for word, name in names.STANDING_NAMES.items()},
    "stretch": {str(word): name for word, name in names.STRETCH_NAMES.items()},
    "doubt": {str(word): name for word, name in DOUBT_NAMES.items()},
    "hop": {str(word): name for word, name in names.HOP_NAMES.items()},
    "light": {str(word): name for word, name in names.LIGHT_NAMES.items()},
    "fulfilment": {str(word): name for word, name in names.FULFILMENT_NAMES.items()},
    "stage": {str(word): name for word, name in names.STAGE_NAMES.items()},
    "medium": {str(word): name for word, name in names.MEDIUM_NAMES.items()},
    "role": {str(word): name for word, name in names.ROLE_NAMES.items()},
    "element": names.ELEMENT_NAMES,
    "cause": CAUSE_NAMES,
    "call": CALL_NAMES,
    "outcome": OUTCOME_NAMES,
    "channel": CHANNEL_NAMES,
    "fact": FACT_NAMES,
    "closing": CLOSING_NAMES,
    "figure": _FIGURES,
}
