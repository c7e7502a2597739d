"""Every domain word, spelled once. 术语。

One row of the glossary is one member here; the values are what travels in JSON and rests in
the book, so they are never changed, only added to.
"""

from enum import StrEnum


class Verdict(StrEnum):
    """What an item deserves. 判定结论。"""

    EMERGENCY = "emergency"  # 紧急：立即呼叫值班员
    ATTENTION = "attention"  # 关注：值班员限时过目
    ROUTINE = "routine"  # 一般：普通队列


class Category(StrEnum):
    """The four statutory categories. 突发事件类别（突发事件应对法第二条）。"""

    NATURAL_DISASTER = "自然灾害"
    ACCIDENT = "事故灾难"
    PUBLIC_HEALTH = "公共卫生事件"
    SOCIAL_SECURITY = "社会安全事件"


class Severity(StrEnum):
    """The four grades. 事件等级。Compare with `rank`, never by text."""

    EXTREME = "extreme"  # 特别重大
    MAJOR = "major"  # 重大
    SERIOUS = "serious"  # 较大
    ORDINARY = "ordinary"  # 一般

    @property
    def rank(self) -> int:
        """1 for ordinary up to 4 for extreme."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(reversed(Severity), start=1)}


class Regrading(StrEnum):
    """How a grading stands to the one before it. 等级变化。"""

    RISE = "rise"  # 升级：再次呼叫
    FALL = "fall"  # 降级：只予显示
    SAME = "same"  # 不变


class Quantity(StrEnum):
    """What a report counts or measures, each in one unit. 量。The units: `names.QUANTITY_UNITS`."""

    DEATHS = "deaths"  # 死亡
    INJURED = "injured"  # 受伤
    SERIOUSLY_INJURED = "seriously_injured"  # 重伤
    SLIGHTLY_INJURED = "slightly_injured"  # 轻伤
    MISSING = "missing"  # 失联
    TRAPPED = "trapped"  # 被困
    PATIENTS = "patients"  # 病例：发病、中毒、就诊
    EVACUATED = "evacuated"  # 转移安置
    AFFECTED = "affected"  # 受灾人口
    THIRSTY = "thirsty"  # 饮水困难人口
    AT_RISK = "at_risk"  # 受威胁人口
    CROWD = "crowd"  # 聚集人数
    HOUSEHOLDS = "households"  # 受灾户
    HOUSES_COLLAPSED = "houses_collapsed"  # 倒塌房屋
    HOUSES_DAMAGED = "houses_damaged"  # 损坏房屋
    LOSS = "loss"  # 直接经济损失
    CROP_AREA = "crop_area"  # 农作物受灾面积
    CROP_LOST_AREA = "crop_lost_area"  # 绝收面积
    FOREST_AREA = "forest_area"  # 受害森林面积
    GRASSLAND_AREA = "grassland_area"  # 受害草原面积
    BURNT_AREA = "burnt_area"  # 过火面积；不作定级依据
    MAGNITUDE = "magnitude"  # 震级
    RAINFALL = "rainfall"  # 雨量
    RETURN_PERIOD = "return_period"  # 重现期（几年一遇）
    POWER_CUT_HOUSEHOLDS = "power_cut_households"  # 停电户
    POWER_CUT_HOURS = "power_cut_hours"  # 停电时长
    SUPPLY_CUT_HOUSEHOLDS = "supply_cut_households"  # 停水停气户
    SUPPLY_CUT_HOURS = "supply_cut_hours"  # 停水停气时长
    TRAFFIC_CUT_HOURS = "traffic_cut_hours"  # 交通中断时长
    STRANDED_HOURS = "stranded_hours"  # 困人、滞留时长
    CARRIAGES_DERAILED = "carriages_derailed"  # 脱轨车辆
    LIVESTOCK = "livestock"  # 死亡畜禽
    INFECTED_PLACES = "infected_places"  # 疫点
    SPILL = "spill"  # 泄漏、溢油量
    RECORDS_LEAKED = "records_leaked"  # 泄露个人信息


class Stage(StrEnum):
    """Where an item stands in the story of its case. 报送阶段。"""

    FIRST = "first"  # 首报
    FOLLOW_UP = "follow_up"  # 续报
    FINAL = "final"  # 终报
    SUPPLEMENT = "supplement"  # 补报
    VERIFIED = "verified"  # 核报
    CORRECTION = "correction"  # 更正
    WITHDRAWAL = "withdrawal"  # 撤回
    NIL = "nil"  # 零报告
    PERIODIC = "periodic"  # 定期报告


class Medium(StrEnum):
    """How an item was told. 报送方式。"""

    PHONE = "phone"  # 电话报
    WRITTEN = "written"  # 书面报


class Clock(StrEnum):
    """The moment a limit counts from. 起算时刻。"""

    OCCURRED = "occurred"  # 事发
    KNOWN = "known"  # 获悉
    RECEIVED = "received"  # 接报


class Closing(StrEnum):
    """Why a case is closed. 结案缘由。"""

    CLOSED = "closed"  # 办结
    FALSE_ALARM = "false_alarm"  # 误报（核实并无其事；不算过失）
    MERGED = "merged"  # 并入另一案卷


class Fulfilment(StrEnum):
    """Was the duty done? 履行情况。"""

    OPEN = "open"
    MET = "met"
    WAIVED = "waived"


class Timeliness(StrEnum):
    """Was it done in time? 时效情况。"""

    PENDING = "pending"  # 未到期
    ON_TIME = "on_time"  # 按时
    OVERDUE = "overdue"  # 超时未报
    LATE = "late"  # 迟报
    MISSING = "missing"  # 过截止仍未报
    UNKNOWN = "unknown"  # 因本系统中断，不作认定


class Lapse(StrEnum):
    """A fault in reporting. 过失。Software suspects; a person finds."""

    LATE = "late"  # 迟报
    OMITTED = "omitted"  # 漏报
    CONCEALED = "concealed"  # 瞒报
    ERRONEOUS = "erroneous"  # 误报
    FALSIFIED = "falsified"  # 谎报


class AnswerKind(StrEnum):
    """What a person says to a row of the late log. 对台账的答复。"""

    REBUTTAL = "rebuttal"  # 申辩：单位
    FINDING = "finding"  # 认定：督查
    WAIVER = "waiver"  # 撤销（免责）：督查

    @property
    def is_ruling(self) -> bool:
        """A supervisor's word, which holds until the next one; a rebuttal decides nothing."""
        return self is not AnswerKind.REBUTTAL


class LapseStanding(StrEnum):
    """How a row of the late log stands. 疑似还是认定。Machines suspect, people find."""

    NONE = "none"  # 不计：已更正，因本系统中断不作认定，或因误报免报
    SUSPECTED = "suspected"  # 疑似
    FOUND = "found"  # 认定
    WAIVED = "waived"  # 撤销


class Stretch(StrEnum):
    """The four stretches of a report's way, each of which should be quick. 四快。"""

    FOUND = "found"  # 快发现：事发至获悉
    WRITTEN = "written"  # 快成稿：获悉至成稿
    APPROVED = "approved"  # 快审批：成稿至审签
    SENT = "sent"  # 快报送：审签至收到


class Hop(StrEnum):
    """Through whose hands the news goes upward. 环节。"""

    VILLAGE = "village"  # 村级（村、社区、企业、学校）：事发至报到单位
    UNIT = "unit"  # 乡镇、部门：获悉至报出
    DESK = "desk"  # 县值班室：接报至上报


class Light(StrEnum):
    """How a figure stands to its target. 红黄绿灯。"""

    GREEN = "green"  # 达标
    AMBER = "amber"  # 接近
    RED = "red"  # 未达标


class Duty(StrEnum):
    """The kinds of obligation. 应报事项种类。"""

    PHONE_FIRST_REPORT = "phone_first_report"  # 电话首报
    WRITTEN_FIRST_REPORT = "written_first_report"  # 书面首报
    FOLLOW_UP_REPORT = "follow_up_report"  # 续报
    FINAL_REPORT = "final_report"  # 终报
    MISSING_ELEMENTS = "missing_elements"  # 缺项补报
    CASUALTY_CHANGE = "casualty_change"  # 伤亡变化补报
    NIL_REPORT = "nil_report"  # 零报告
    UPWARD_REPORT = "upward_report"  # 向上报告
    PERIODIC_REPORT = "periodic_report"  # 定期报告
    TERRITORY_REPORT = "territory_report"  # 属地核实（他方已报，属地未报）
    SOLICITED_ITEM = "solicited_item"  # 约稿
    ACKNOWLEDGEMENT = "acknowledgement"  # 签收
    LOOK = "look"  # 过目

    @property
    def is_report(self) -> bool:
        """A report, which waits for the watermark; the others are the desk's answer to an alert."""
        return self not in (Duty.ACKNOWLEDGEMENT, Duty.LOOK)


class Calendar(StrEnum):
    """On which days a periodic report is owed. 报送日历。"""

    EVERY_DAY = "every_day"  # 每日
    WORKDAY = "workday"  # 工作日（含调休上班）
    REST_DAY = "rest_day"  # 休息日（周末和放假，不含调休上班）
    HOLIDAY = "holiday"  # 法定节假日的放假各日
    FLOOD_SEASON = "flood_season"  # 汛期，起止由县里定
    KEY_PERIOD = "key_period"  # 重要会议和重大活动等重点时段，起止由县里定


class Role(StrEnum):
    """Who, by post; resolved to people when a step fires. 岗位。"""

    CLERK = "clerk"  # 信息员
    UNIT_HEAD = "unit_head"  # 单位负责人
    DUTY_OFFICER = "duty_officer"  # 值班员
    DUTY_LEADER = "duty_leader"  # 带班领导
    OFFICE_DIRECTOR = "office_director"  # 办公室主任
    LEADER_IN_CHARGE = "leader_in_charge"  # 分管领导
    PRINCIPAL_LEADER = "principal_leader"  # 主要领导
    SUPERVISOR = "supervisor"  # 督查


class UnitKind(StrEnum):
    """What a unit is. 单位类别。"""

    TOWNSHIP = "township"  # 乡镇街道
    BUREAU = "bureau"  # 部门
    GOVERNMENT_OFFICE = "government_office"  # 县政府办（值班室）
    PARTY_OFFICE = "party_office"  # 县委办
    ENTERPRISE = "enterprise"  # 生产经营单位
    VILLAGE = "village"  # 村、社区


class StepKind(StrEnum):
    """What a step of a ladder does. 梯级动作。"""

    NUDGE = "nudge"  # 催报（临期提醒）
    OVERDUE = "overdue"  # 到期未报
    MISSING = "missing"  # 过截止，视为缺报
    RAISE = "raise"  # 缺报久未补，提请领导过问
    CALL = "call"  # 呼叫（警报）
    PAGE_UNSEEN = "page_unseen"  # 关注件无人过目，转为呼叫


class DeliveryState(StrEnum):
    """Where one text to one person stands. 送达状态。"""

    PENDING = "pending"  # 待发
    ACCEPTED = "accepted"  # 渠道已接受（不等于已阅）
    FAILED = "failed"  # 各渠道均失败
    CANCELLED = "cancelled"  # 签收后取消


class Outcome(StrEnum):
    """What one attempt came to. 一次发送的结果。"""

    DELIVERED = "delivered"  # 渠道确认接受
    UNREACHABLE = "unreachable"  # 可再试
    REFUSED = "refused"  # 不可再试
    UNKNOWN = "unknown"  # 没有答复
