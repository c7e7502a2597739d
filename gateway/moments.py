"""Instants and lengths of time as a page writes them, always Beijing's. 页面时间。"""

from datetime import datetime, timedelta

from gateway.language import Language
from vocabulary.china_time import BEIJING, civil_day

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock(instant: datetime) -> str:
    """Return hour, minute and second: 03:12:07."""
    return f"{instant.astimezone(BEIJING):%H:%M:%S}"


def when(language: Language, instant: datetime, now: datetime) -> str:
    """Return hour and minute; with the day where it is not today's, and the year likewise."""
    local = instant.astimezone(BEIJING)
    if civil_day(instant) == civil_day(now):
        return f"{local:%H:%M}"
    return f"{day(language, instant, now)} {local:%H:%M}"


def day(language: Language, instant: datetime, now: datetime) -> str:
    """Return the day: 11月24日, 24 Nov; with the year where it is not this one."""
    local = instant.astimezone(BEIJING)
    is_this_year = local.year == now.astimezone(BEIJING).year
    if language.is_english:
        told = f"{local.day} {_MONTHS[local.month - 1]}"
        return told if is_this_year else f"{told} {local.year}"
    told = f"{local.month}月{local.day}日"
    return told if is_this_year else f"{local.year}年{told}"


def lasted(language: Language, length: timedelta) -> str:
    """Return a length of time in its two greatest units, cut down to the minute."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return language("{days} 天 {hours} 小时", days=days, hours=hours)
    if hours:
        return language("{hours} 小时 {minutes} 分", hours=hours, minutes=minutes)
    if minutes:
        return language("{minutes} 分钟", minutes=minutes)
    return language("不足 1 分钟")


def left(language: Language, due_at: datetime, now: datetime) -> str:
    """Return how long until it is due, or by how much it is past: the very instant is in time."""
    if now <= due_at:
        return language("还有 {length}", length=lasted(language, due_at - now))
    return language("已超 {length}", length=lasted(language, now - due_at))


def words_for_ticking(language: Language) -> dict[str, str]:
    """Return the words with which the browser's script goes on counting. 倒计时用词。"""
    return {
        "left": language("还有 {length}"),
        "over": language("已超 {length}"),
        "days": language("{days} 天 {hours} 小时"),
        "hours": language("{hours} 小时 {minutes} 分"),
        "minutes": language("{minutes} 分 {seconds} 秒"),
        "sending": language("正在报送…"),
        "live": language("实时"),
        "away": language("连接已断开，正在重连；下面是最后收到的情况"),
    }
