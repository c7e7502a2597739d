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
    "webhook": "系统",
}
LINK = re.compile(r"https?://[^\s<>\"'，。；）]+")

HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>值班手机（模拟）</title><style>
body{margin:0;background:#ececec;color:#1a1a1a;
font:16px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{position:sticky;top:0;padding:10px 14px;background:#2b4a6f;color:#fff}
main{display:flex;flex-wrap:wrap;gap:14px;padding:14px}
section{width:min(100%,380px);background:#fff;border-radius:14px;overflow:hidden;
box-shadow:0 1px 4px #0003}
h2{margin:0;padding:8px 14px;font-size:16px;background:#f5f5f5;border-bottom:1px solid #ddd}
h2 small{float:right;color:#666;font-weight:400}
article{padding:8px 14px;border-bottom:1px solid #eee;white-space:pre-wrap;
overflow-wrap:anywhere}
article b{display:block}article.rings b::before{content:"☎ "}
article time{color:#666;font-size:13px}a{color:#0b57d0}p{padding:0 14px;color:#555}
</style>"""

# Only what is shown is replaced, and not while a text is being marked, so that a link stays put
# under the finger.
REFRESH = """<script>
setInterval(async()=>{if(document.hidden||String(getSelection()))return;
try{const t=await(await fetch(location.href)).text();
const d=new DOMParser().parseFromString(t,"text/html");
for(const p of["header","main"]){const n=d.querySelector(p),o=document.querySelector(p);
if(n.innerHTML!==o.innerHTML)o.replaceWith(n)}}catch{}},1000)
</script><noscript><meta http-equiv="refresh" content="3"></noscript></html>"""


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
    rings = ' class="rings"' if kept.channel == "voice" else ""
    _, _, rest = kept.text.partition("\n")
    return (
        f'<article{rings} id="m{kept.number}"><time>{kept.at_iso[11:19]} '
        f"{CHANNELS[kept.channel]}</time><b>{escape(kept.title)}</b>{_with_links(rest)}</article>"
    )


def _with_links(text: str) -> str:
    """Return the text as HTML in which the addresses can be tapped."""
    made, end = [], 0
    for found in LINK.finditer(text):
        address = escape(found.group())
        made += [escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join((*made, escape(text[end:])))
