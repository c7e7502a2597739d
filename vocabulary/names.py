"""How the words are written for people, in Chinese. 中文名称。"""

from vocabulary.terms import Duty, Fulfilment, Medium, Role, Severity, Stage, Timeliness, Verdict

VERDICT_NAMES = {
    Verdict.EMERGENCY: "紧急",
    Verdict.ATTENTION: "关注",
    Verdict.ROUTINE: "一般",
}
SEVERITY_NAMES = {
    Severity.EXTREME: "特别重大",
    Severity.MAJOR: "重大",
    Severity.SERIOUS: "较大",
    Severity.ORDINARY: "一般",
}
DUTY_NAMES = {
    Duty.PHONE_FIRST_REPORT: "电话首报",
    Duty.WRITTEN_FIRST_REPORT: "书面首报",
    Duty.FOLLOW_UP_REPORT: "续报",
    Duty.NIL_REPORT: "零报告",
    Duty.ACKNOWLEDGEMENT: "签收",
    Duty.LOOK: "过目",
}
TIMELINESS_NAMES = {
    Timeliness.PENDING: "未到期",
    Timeliness.ON_TIME: "按时",
    Timeliness.OVERDUE: "超时未报",
    Timeliness.LATE: "迟报",
    Timeliness.MISSING: "缺报",
    Timeliness.UNKNOWN: "不作认定",
}
FULFILMENT_NAMES = {
    Fulfilment.OPEN: "待报",
    Fulfilment.MET: "已报",
    Fulfilment.WAIVED: "免报",
}
STAGE_NAMES = {
    Stage.FIRST: "首报",
    Stage.FOLLOW_UP: "续报",
    Stage.FINAL: "终报",
    Stage.SUPPLEMENT: "补报",
    Stage.VERIFIED: "核报",
    Stage.CORRECTION: "更正",
    Stage.WITHDRAWAL: "撤回",
    Stage.NIL: "零报告",
    Stage.PERIODIC: "定期报告",
}
MEDIUM_NAMES = {Medium.PHONE: "电话报", Medium.WRITTEN: "书面报"}
ROLE_NAMES = {
    Role.CLERK: "信息员",
    Role.UNIT_HEAD: "单位负责人",
    Role.DUTY_OFFICER: "值班员",
    Role.DUTY_LEADER: "带班领导",
    Role.OFFICE_DIRECTOR: "办公室主任",
    Role.LEADER_IN_CHARGE: "分管领导",
    Role.PRINCIPAL_LEADER: "主要领导",
    Role.SUPERVISOR: "督查",
}
ELEMENT_NAMES = {
    "occurred_at": "事发时间",
    "known_at": "获悉时间",
    "place": "地点",
    "deaths": "死亡人数",
    "injured": "受伤人数",
    "missing": "失联人数",
    "reporter": "报告人",
}
