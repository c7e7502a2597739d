"""How the words are written for people, in Chinese. 中文名称。"""

from vocabulary.proof import Tampering
from vocabulary.terms import (
    AnswerKind,
    Duty,
    Fulfilment,
    Hop,
    Lapse,
    LapseStanding,
    Light,
    Medium,
    Quantity,
    Role,
    Severity,
    Stage,
    Stretch,
    Timeliness,
    Verdict,
)

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
QUANTITY_NAMES = {
    Quantity.DEATHS: "死亡",
    Quantity.INJURED: "受伤",
    Quantity.SERIOUSLY_INJURED: "重伤",
    Quantity.SLIGHTLY_INJURED: "轻伤",
    Quantity.MISSING: "失联",
    Quantity.TRAPPED: "被困",
    Quantity.PATIENTS: "发病就诊",
    Quantity.EVACUATED: "转移安置",
    Quantity.AFFECTED: "受灾人口",
    Quantity.THIRSTY: "饮水困难",
    Quantity.AT_RISK: "受威胁",
    Quantity.CROWD: "聚集",
    Quantity.HOUSEHOLDS: "受灾户",
    Quantity.HOUSES_COLLAPSED: "倒塌房屋",
    Quantity.HOUSES_DAMAGED: "损坏房屋",
    Quantity.LOSS: "直接经济损失",
    Quantity.CROP_AREA: "农作物受灾面积",
    Quantity.CROP_LOST_AREA: "农作物绝收面积",
    Quantity.FOREST_AREA: "受害森林面积",
    Quantity.GRASSLAND_AREA: "受害草原面积",
    Quantity.BURNT_AREA: "过火面积",
    Quantity.MAGNITUDE: "震级",
    Quantity.RAINFALL: "雨量",
    Quantity.RETURN_PERIOD: "重现期",
    Quantity.POWER_CUT_HOUSEHOLDS: "停电户数",
    Quantity.POWER_CUT_HOURS: "停电时长",
    Quantity.SUPPLY_CUT_HOUSEHOLDS: "停水停气户数",
    Quantity.SUPPLY_CUT_HOURS: "停水停气时长",
    Quantity.TRAFFIC_CUT_HOURS: "交通中断时长",
    Quantity.STRANDED_HOURS: "困人滞留时长",
    Quantity.CARRIAGES_DERAILED: "脱轨车辆",
    Quantity.LIVESTOCK: "死亡畜禽",
    Quantity.INFECTED_PLACES: "疫点",
    Quantity.SPILL: "泄漏量",
    Quantity.RECORDS_LEAKED: "泄露个人信息",
}
QUANTITY_UNITS = {
    **dict.fromkeys(Quantity, "人"),
    Quantity.HOUSEHOLDS: "户",
    Quantity.HOUSES_COLLAPSED: "间",
    Quantity.HOUSES_DAMAGED: "间",
    Quantity.LOSS: "元",
    Quantity.CROP_AREA: "公顷",
    Quantity.CROP_LOST_AREA: "公顷",
    Quantity.FOREST_AREA: "公顷",
    Quantity.GRASSLAND_AREA: "公顷",
    Quantity.BURNT_AREA: "公顷",
    Quantity.MAGNITUDE: "级",
    Quantity.RAINFALL: "毫米",
    Quantity.RETURN_PERIOD: "年一遇",
    Quantity.POWER_CUT_HOUSEHOLDS: "户",
    Quantity.POWER_CUT_HOURS: "小时",
    Quantity.SUPPLY_CUT_HOUSEHOLDS: "户",
    Quantity.SUPPLY_CUT_HOURS: "小时",
    Quantity.TRAFFIC_CUT_HOURS: "小时",
    Quantity.STRANDED_HOURS: "小时",
    Quantity.CARRIAGES_DERAILED: "辆",
    Quantity.LIVESTOCK: "头只羽",
    Quantity.INFECTED_PLACES: "个",
    Quantity.SPILL: "吨",
    Quantity.RECORDS_LEAKED: "条",
}
DUTY_NAMES = {
    Duty.PHONE_FIRST_REPORT: "电话首报",
    Duty.WRITTEN_FIRST_REPORT: "书面首报",
    Duty.FOLLOW_UP_REPORT: "续报",
    Duty.FINAL_REPORT: "终报",
    Duty.MISSING_ELEMENTS: "缺项补报",
    Duty.CASUALTY_CHANGE: "伤亡变化补报",
    Duty.NIL_REPORT: "零报告",
    Duty.UPWARD_REPORT: "向上报告",
    Duty.PERIODIC_REPORT: "定期报告",
    Duty.TERRITORY_REPORT: "属地核实",
    Duty.SOLICITED_ITEM: "约稿",
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
LAPSE_NAMES = {
    Lapse.LATE: "迟报",
    Lapse.OMITTED: "漏报",
    Lapse.CONCEALED: "瞒报",
    Lapse.ERRONEOUS: "误报",
    Lapse.FALSIFIED: "谎报",
}
ANSWER_NAMES = {
    AnswerKind.REBUTTAL: "申辩",
    AnswerKind.FINDING: "认定",
    AnswerKind.WAIVER: "撤销",
}
STANDING_NAMES = {
    LapseStanding.NONE: "不计",
    LapseStanding.SUSPECTED: "疑似",
    LapseStanding.FOUND: "认定",
    LapseStanding.WAIVED: "已撤销",
}
TAMPERING_NAMES = {
    Tampering.REMOVED: "被删",
    Tampering.CHANGED: "被改",
    Tampering.INSERTED: "非按序记入",
    Tampering.CUT_OFF: "链尾被截",
}
STRETCH_NAMES = {
    Stretch.FOUND: "发现",
    Stretch.WRITTEN: "成稿",
    Stretch.APPROVED: "审批",
    Stretch.SENT: "报送",
}
HOP_NAMES = {Hop.VILLAGE: "村级", Hop.UNIT: "报送单位", Hop.DESK: "值班室"}
LIGHT_NAMES = {Light.GREEN: "达标", Light.AMBER: "接近", Light.RED: "未达标"}
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
