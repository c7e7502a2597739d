"""Is each kind of mistake in a county told where it stands? 县情的错误。

Each mistake is made by changing one text of the shipped county; `at` is found again to know
the line, so that the county may grow without these tests being touched.
"""

from pathlib import Path

import pytest

from rulebook.county import CountyError, load
from rules.county import DESK_POSTS, UNIT_POSTS
from tests.rulebook.county_folder import SHIPPED, Change, line_of, mistakes_of
from vocabulary.terms import Role

COUNTY = load(SHIPPED, {})
OFFICER = "{id: zhou-haitao, name: 周海涛, unit: zhengfuban, roles: [duty_officer]"
CLERK = "{id: li-chunmei, name: 李春嵋, unit: qingshi, roles: [clerk]"
ROTA = "people: [zhou-haitao, lin-xiaoyun, feng-jianye, tang-siqi, guo-zhiyuan, he-wenjing]"
SMS = '{id: sms, url: "jibao-sms://${JIBAO_PHONE}/{mobile}"}'


def a_case(file: str, old: str, new: str, says: str, at: str = "") -> object:
    return pytest.param(file, old, new, says, at or new, id=f"{file}: {says}")


@pytest.mark.parametrize(
    ("file", "old", "new", "says", "at"),
    [
        # county.yaml
        a_case("county.yaml", "duty_phone: 0800", "duty_fone: 0800", "不认识“duty_fone”"),
        a_case("county.yaml", "id: yunling", "id: 云岭", "“id”写法不对"),
        # channels.yaml
        a_case("channels.yaml", "jibao-sms:", "jibao-smms:", "没有“jibao-smms”这种渠道"),
        a_case("channels.yaml", "jibao-sms://", "jibao-sms:/", "地址写法不对"),
        a_case("channels.yaml", "sms://${JIBAO_PHONE}", "sms://h:99999", "主机或端口写法不对"),
        a_case("channels.yaml", "sms://${JIBAO_PHONE}", "sms://:80", "地址里缺少主机"),
        a_case("channels.yaml", "sms://${JIBAO_PHONE}", "sms://${NOBODY}", "变量 NOBODY 没有值"),
        a_case("channels.yaml", SMS, SMS.replace("{mobile}", "{phone}"), "只能用{id}、{mobile}"),
        a_case("channels.yaml", SMS, SMS.replace("{mobile}", "same"), "收到的都是同一处"),
        a_case("channels.yaml", SMS, f"{SMS}\n  - {SMS}", "编号“sms”已用过", SMS),
        # units.yaml
        a_case("units.yaml", "id: liulin", "id: qingshi", "编号“qingshi”已用过（units.yaml 第"),
        a_case("units.yaml", "id: qingshi", "id: li-chunmei", "编号“li-chunmei”已用过", CLERK[:15]),
        a_case("units.yaml", "kind: bureau", "kind: office", "“kind”须为以下之一"),
        a_case("units.yaml", "superior: zhengfuban", "superior: city", "没有编号为“city”的单位"),
        a_case("units.yaml", "superior: zhengfuban", "superior: longquan", "不能是本单位自己"),
        a_case("units.yaml", "大湾村", "柳树沟村", "地名“柳树沟村”已归青石镇"),
        a_case("units.yaml", "大湾村", "石壁村", "地名“石壁村”写了两次"),
        a_case("units.yaml", "wecom_room, key: qingshi", "qq, key: qingshi", "没有“qq”这种渠道"),
        a_case("units.yaml", "wecom_room, key: qingshi", "sms, key: qingshi", "“sms”是个人渠道"),
        a_case("units.yaml", "dingtalk_room, key: zheng", "wecom_room, key: zheng", "群只能有一个"),
        a_case("units.yaml", "key: qingshi", "key: a/b", "群机器人的密钥只能有"),
        a_case("units.yaml", "key: qingshi", "key: '${NOBODY}'", "变量 NOBODY 没有值"),
        a_case("units.yaml", "party_office", "government_office", "但无人担任值班员"),
        # people.yaml
        a_case("people.yaml", OFFICER, OFFICER.replace("zhengfuban", "city"), "编号为“city”的单位"),
        a_case("people.yaml", CLERK, CLERK.replace("[clerk]", "[clark]"), "“roles”须为以下之一"),
        a_case("people.yaml", CLERK, CLERK.replace("[clerk]", "[]"), "“roles”至少要有1项"),
        a_case(
            "people.yaml", CLERK, CLERK.replace("[clerk]", "[clerk, supervisor]"), "督查须是值班室"
        ),
        a_case("people.yaml", 'mobile: "12000000001"', "mobile: 12000000001", "“mobile”须为文字"),
        a_case("people.yaml", 'mobile: "12000000001"', 'mobile: "见通讯录"', "手机号只能是数字"),
        a_case("people.yaml", 'mobile: "12000000001"', "mobile: '${NOBODY}'", "变量 NOBODY 没有值"),
        a_case("people.yaml", "[app, sms, voice]", "[app, fax]", "没有“fax”这种渠道"),
        a_case("people.yaml", "[app, sms, voice]", "[app, app]", "渠道“app”写了两次"),
        a_case("people.yaml", "[app, sms, voice]", "[wecom_room]", "是群，不能代替呼叫到人"),
        a_case("people.yaml", "[app, sms, voice]", "[]", "“channels”至少要有1项"),
        # roster.yaml
        a_case("roster.yaml", ROTA, "people: []", "“people”至少要有1项"),
        a_case("roster.yaml", ROTA, "people: [nobody]", "没有编号为“nobody”的人"),
        a_case("roster.yaml", ROTA, "people: [song-lianchun]", "“song-lianchun”不担任值班员"),
        a_case("roster.yaml", "role: duty_leader", "role: duty_officer", "有两份", "2026-01-01"),
        a_case("roster.yaml", "role: duty_leader", "role: clerk", "信息员是各单位自己的岗位"),
        a_case(
            "roster.yaml", "starts_on: 2026-01-01", "starts_on: 2026-02-30", "“starts_on”须为日期"
        ),
        a_case("roster.yaml", "handover: 08:30", "handover: 八点半", "“handover”须为时刻"),
        a_case("roster.yaml", "substitutions:", "substitution:", "不认识“substitution”"),
        a_case("roster.yaml", "ends: 2026-12-25", "ends: 2026-12-24", "结束须晚于开始"),
        a_case("roster.yaml", "25T12:00:00+08:00", "25T12:00:00", "“ends”须为带时区的时刻"),
        a_case("roster.yaml", "person: he-wenjing", "person: ghost", "没有编号为“ghost”的人"),
        a_case("roster.yaml", "by: song-lianchun", "by: he-wenjing", "不能由替班人自己批准"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    folder: Path, change: Change, file: str, old: str, new: str, says: str, at: str
) -> None:
    change(file, old, new)
    where = next(f for f in (file, "people.yaml") if at in (folder / f).read_text("utf-8"))

    told = mistakes_of(folder)

    line = line_of(folder / where, at)
    assert [s for f, n, s in told if (f, n) == (where, line) and says in s], told


@pytest.mark.parametrize("role", UNIT_POSTS)
def test_a_unit_without_one_of_its_posts_is_told(folder: Path, change: Change, role: Role) -> None:
    other = next(each for each in UNIT_POSTS if each is not role)
    (holder,) = COUNTY.people_of("qingshi", role)
    text = f"name: {holder.name}, unit: qingshi, roles: "
    change("people.yaml", f"{text}[{role.value}]", f"{text}[{other.value}]")

    ((file, line, sentence),) = mistakes_of(folder)

    assert (file, line) == ("units.yaml", line_of(folder / "units.yaml", "id: qingshi"))
    assert sentence.startswith("青石镇没有")


@pytest.mark.parametrize("role", DESK_POSTS)
def test_a_post_of_the_ladder_with_nobody_is_told(folder: Path, role: Role) -> None:
    lines = (folder / "people.yaml").read_text("utf-8").splitlines()
    kept = [line for line in lines if f"[{role.value}]" not in line]
    (folder / "people.yaml").write_text("\n".join(kept), "utf-8")

    told = mistakes_of(folder)

    line = line_of(folder / "people.yaml", "people:")
    vacant = f"（{role.value}），呼叫到这一级将无人可找"
    assert [s for f, n, s in told if (f, n) == ("people.yaml", line) and vacant in s]


def test_a_county_without_a_desk_is_told(folder: Path, change: Change) -> None:
    change("units.yaml", "kind: government_office", "kind: bureau")

    assert any("缺少县政府办" in sentence for _, _, sentence in mistakes_of(folder))


def test_substitutions_that_overlap_are_told(folder: Path) -> None:
    roster = folder / "roster.yaml"
    text = roster.read_text("utf-8")
    again = text[text.index("  - role: duty_officer   #") :].replace("T20:00", "T21:00")
    roster.write_text(text + again, "utf-8")

    (mistake,) = mistakes_of(folder)

    assert mistake == (
        "roster.yaml",
        line_of(roster, "T21:00"),
        "与前面一条值班员替班的时间重叠",
    )


def test_all_mistakes_are_told_at_once_in_order(folder: Path, change: Change) -> None:
    change("county.yaml", "duty_phone", "duty_fone")
    change("people.yaml", "roles: [clerk]", "roles: [clark]")
    change("people.yaml", "unit: qingshi", "unit: qingsi")
    change("roster.yaml", "zhou-haitao", "zhou-haitoa")

    told = mistakes_of(folder)

    assert told == sorted(told)
    assert [file for file, _, _ in told] == [
        *("county.yaml", "county.yaml"),
        *("people.yaml", "people.yaml"),
        "roster.yaml",
    ]


@pytest.mark.parametrize(
    "file", ["county.yaml", "channels.yaml", "units.yaml", "people.yaml", "roster.yaml"]
)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(None, "没有这个文件", id="gone"),
        pytest.param("a: [", "YAML 格式有误，请核对缩进、冒号与引号", id="torn"),
        pytest.param("- a", "文件须为“名称: 值”的形式", id="a list"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_only_mistake(
    folder: Path, file: str, text: str | None, sentence: str
) -> None:
    (folder / file).unlink()
    if text is not None:
        (folder / file).write_text(text, "utf-8")

    told = [(name, says) for name, _, says in mistakes_of(folder)]

    assert told == [(file, sentence)]


def test_a_secret_is_never_repeated_in_a_mistake(folder: Path, change: Change) -> None:
    change("people.yaml", 'mobile: "12000000001"', 'mobile: "1200000000l"')
    change("units.yaml", "key: qingshi", "key: s3cret/")
    change("channels.yaml", "jibao-sms://${JIBAO_PHONE}", "jibao-sms//t0ken")

    with pytest.raises(CountyError) as caught:
        load(folder, {})

    assert not [word for word in ("1200000000l", "s3cret", "t0ken") if word in str(caught.value)]


def test_a_telephone_number_and_a_key_are_filled_in_whole(folder: Path, change: Change) -> None:
    change("people.yaml", 'mobile: "12000000001"', 'mobile: "+8612000000001"')
    change("units.yaml", "key: qingshi", "key: '${QINGSHI_KEY}'")

    county = load(folder, {"QINGSHI_KEY": "k?secret=a+b="})

    sms = county.people["zhou-haitao"].channels[1]
    assert sms.url == "jibao-sms://127.0.0.1:8900/%2B8612000000001"
    (room,) = county.units["qingshi"].rooms
    assert room.url == "jibao-wecom://127.0.0.1:8900/k?secret=a%2Bb="
