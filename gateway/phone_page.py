"""The loopback phone as a page: what each person and room received, newest first. 手机页面。"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import islice

from gateway.phone_shelf import Kept

SHOWN_PER_PERSON, PEOPLE_SHOWN, LOOKED_AT = 8, 60, 2_000
CHANNELS = {
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "sms": "短信",
    "voice": "语音电话",
    "webhook": "应用消息",
}
LINK = re.compile(r"https?://[^\s<>\"'，。；）]+")

HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><base target="_blank">
<title>值班手机（模拟）</title><style>
body{margin:0;background:#e9ecf1;color:#1a1f2b;
font:16px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{position:sticky;top:0;z-index:1;padding:12px 16px;background:#1d3c63;color:#fff;
font-weight:700}
main{display:flex;flex-wrap:wrap;align-items:flex-start;gap:14px;padding:14px}
section{width:min(100%,380px);background:#fff;border-radius:14px;overflow:hidden;
box-shadow:0 1px 4px #0003}
h2{display:flex;justify-content:space-between;align-items:baseline;gap:10px;margin:0;
padding:9px 14px;font-size:16px;background:#f4f6fa;border-bottom:1px solid #d9dee8}
h2 small{flex:none;color:#5a6475;font-weight:400}
article{padding:8px 14px 9px 10px;border-bottom:1px solid #e8ebf1;border-left:4px solid #c5ccd8;
white-space:pre-wrap;overflow-wrap:anywhere}
article.call{border-left-color:#c01f1f}article.owed{border-left-color:#b36b00}
article.done{border-left-color:#1d7a3c}article.drill{border-left-color:#5b4bb3}
article b{display:block}article.rings b::before{content:"☎ "}
article time,article small{color:#5a6475;font-size:13px}p{padding:0 14px;color:#5a6475}
article a{display:inline-block;max-width:100%;overflow:hidden;text-overflow:ellipsis;
white-space:nowrap;vertical-align:bottom;color:#0b57d0}
</style>"""

# Only what is shown is replaced, and not while a text is being marked, so that a link stays put
# under the finger. Ages rather than hours: the house's own clock may run faster.
REFRESH = """<script>
const told={};
const age=()=>{for(const t of document.querySelectorAll("time[data-at]")){
const s=Math.max(0,Math.floor((Date.now()-t.dataset.at)/1000));
if(s<3600){const a=s<60?s+" 秒前":Math.floor(s/60)+" 分钟前";
if(t.textContent!==a)t.textContent=a}}};
for(const p of["header","main"])told[p]=document.querySelector(p).innerHTML;age();
setInterval(async()=>{if(document.hidden||String(getSelection()))return;
try{const t=await(await fetch(location.href)).text();
const d=new DOMParser().parseFromString(t,"text/html");
for(const p of["header","main"]){const n=d.querySelector(p);
if(n.innerHTML!==told[p]){told[p]=n.innerHTML;document.querySelector(p).replaceWith(n)}}}catch{}
age()},1000)
</script><noscript><meta http-equiv="refresh" content="3"></noscript></html>"""

# What a text is about, by the word its title begins with: for the colour of its edge.
_TONES = (
    ("已签收", "done"),
    ("演练", "drill"),
    ("急报", "call"),
    ("逾时未阅", "call"),
    ("撤回签收", "call"),
    ("报", "owed"),
)


def page(newest_first: Iterable[Kept], total: int, names: Mapping[str, str]) -> str:
    """Return the page; `names` tells whose a number, key or token is, so theirs stand together."""
    people: dict[str, list[Kept]] = {}
    for kept in islice(newest_first, LOOKED_AT):
        people.setdefault(names.get(kept.to, kept.to), []).append(kept)
    sections = "".join(_section(who, its) for who, its in islice(people.items(), PEOPLE_SHOWN))
    nothing = "<p>还没有收到消息。</p>"
    return (
        f"{HEAD}<header>值班手机（模拟）· 共 {total} 条</header>"
        f"<main>{sections or nothing}</main>{REFRESH}"
    )


def _section(who: str, its: list[Kept]) -> str:
    articles = "".join(_article(kept) for kept in its[:SHOWN_PER_PERSON])
    return f"<section><h2>{escape(who)}<small>{len(its)} 条</small></h2>{articles}</section>"


def _article(kept: Kept) -> str:
    rings = " rings" if kept.channel == "voice" else ""
    _, _, rest = kept.text.partition("\n")
    return (
        f'<article class="{_tone(kept.title)}{rings}" id="m{kept.number}">'
        f'<time data-at="{kept.at // 1000}">{kept.at_iso[11:19]}</time> '
        f"<small>{CHANNELS[kept.channel]}</small>"
        f"<b>{escape(kept.title)}</b>{_with_links(rest)}</article>"
    )


def _tone(title: str) -> str:
    mark = title[: title.find("】")]
    return next((tone for word, tone in _TONES if word in mark), "plain")


def _with_links(text: str) -> str:
    """Return the text as HTML in which the addresses can be tapped."""
    made, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found.group())
        made += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join((*made, escape(text[end:])))
