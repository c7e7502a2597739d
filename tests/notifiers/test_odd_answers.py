"""What does an answer mean that is neither plain yes nor plain no? 异常答复的判读。"""

import pytest

from notifiers.carrier import Carrier
from notifiers.outcome import Delivered, Outcome, Refused, Unreachable
from tests.loopback import a_parrot, http
from tests.notifiers.addresses import ADDRESSES, SOON, TEXT


@pytest.mark.parametrize(
    ("channel", "says", "expected"),
    [
        pytest.param(
            "feishu",
            http("200 OK", '{"StatusCode":0,"code":9499,"msg":"too many request"}'),
            Unreachable("返回码 9499：请求过多", 1),
            id="9499 that means too many",
        ),
        pytest.param(
            "feishu",
            http("200 OK", '{"StatusCode":0,"code":19021,"msg":"sign match fail"}'),
            Refused("返回码 19021：签名不符，或本机时间相差一小时以上"),
            id="a relic that says 0 beside a refusal",
        ),
        pytest.param(
            "feishu",
            http("200 OK", '{"StatusCode":0,"StatusMessage":"success","Extra":null}'),
            Delivered("返回码 0"),
            id="the older success",
        ),
        pytest.param(
            "feishu",
            http("400 Bad Request", '{"code":99991400}', "x-ogw-ratelimit-reset: 52"),
            Unreachable("返回码 99991400：超过调用次数", 52),
            id="a limit told as HTTP 400",
        ),
        pytest.param(
            "wecom",
            http("403 Forbidden", '{"errcode":93000,"errmsg":"invalid webhook url"}'),
            Refused("返回码 93000：机器人地址无效，或已被移出群"),
            id="a code beside HTTP 403",
        ),
        pytest.param(
            "wecom",
            http("200 OK", "{}"),
            Unreachable("HTTP 200，答复中没有返回码"),
            id="an object without a code",
        ),
        pytest.param(
            "wecom",
            http("200 OK", "[0]"),
            Unreachable("HTTP 200，答复无法识别"),
            id="JSON, but no object",
        ),
        pytest.param(
            "wecom",
            http("200 OK", '{"errcode":false}'),
            Unreachable("HTTP 200，答复中没有返回码"),
            id="false is not zero",
        ),
        pytest.param(
            "wecom",
            http("302 Found", "", "Location: http://login.example/"),
            Unreachable("HTTP 302，被转向别处，未送达"),
            id="a login page of the network",
        ),
        pytest.param("sms", http("200 OK", '{"id":7}'), Delivered("HTTP 200"), id="plain consent"),
        pytest.param(
            "sms", http("200 OK", '{"code":"0"}'), Delivered("返回码 0"), id="zero as text"
        ),
        pytest.param("webhook", http("204 No Content"), Delivered("HTTP 204"), id="204"),
        pytest.param(
            "dingtalk",
            http("503 Busy", "", "Retry-After: Mon, 24 Nov 2008 00:00:00 GMT"),
            Unreachable("HTTP 503", 0),
            id="a wait told as a date gone by",
        ),
        pytest.param(
            "dingtalk",
            http("503 Busy", "", "Retry-After: soon"),
            Unreachable("HTTP 503"),
            id="soon",
        ),
    ],
)
async def test_odd_answers(carrier: Carrier, channel: str, says: bytes, expected: Outcome) -> None:
    async with a_parrot(says) as parrot:
        outcome = await carrier.deliver(ADDRESSES[channel].format(host=parrot.host), TEXT, SOON)

    assert outcome == expected
