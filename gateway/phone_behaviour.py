"""How the loopback phone misbehaves, channel by channel, when told to. 故障注入。"""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.phone_wire import WIRES, Wire

Mode = Literal["ok", "refuse", "stall", "cut", "garbage", "status"]
STATUS_DEFAULT = 503
STALL_SECONDS_DEFAULT = 60.0


class Order(BaseModel):
    """What a tester asks for. 测试指令。

    refuse: HTTP 200 and `code`, as the providers refuse. stall: read the request, answer `ok`
    after `seconds`. cut: begin an answer and cut the line. garbage: HTTP 200 and no JSON. status:
    HTTP `status`, with `Retry-After: seconds` where given. `count`: that many times, then ok.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Literal["wecom", "dingtalk", "feishu", "sms", "voice", "webhook", "*"] = "*"
    mode: Mode = "ok"
    code: int | None = None
    status: int = Field(default=STATUS_DEFAULT, ge=200, le=599)
    seconds: float | None = Field(default=None, ge=0, le=3_600)
    count: int | None = Field(default=None, ge=1)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What one channel does with the next request. 渠道表现。"""

    mode: Mode = "ok"
    code: int | None = None
    status: int = STATUS_DEFAULT
    seconds: float | None = None
    left: int | None = None

    @property
    def is_arriving(self) -> bool:
        """Whether the text reaches the person, whatever becomes of the answer."""
        return self.mode not in ("refuse", "status")

    def answer(self, wire: Wire) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and further headers."""
        match self.mode:
            case "refuse":
                code = wire.refusal_code if self.code is None else self.code
                return 200, wire.refusal(code), {}
            case "garbage":
                return 200, b"<html><body>\xc3\x28 gateway</body></html>", {}
            case "status":
                body = b"" if self.code is None else wire.refusal(self.code)
                after = {} if self.seconds is None else {"retry-after": f"{self.seconds:g}"}
                return self.status, body, after
            case _:
                return 200, wire.success, {}


class Switchboard:
    """The behaviour of every channel, counted down as requests come. 总机。"""

    def __init__(self) -> None:
        self._behaviours = dict.fromkeys(WIRES, Behaviour())

    def told(self, order: Order) -> None:
        """Take an order for one channel, or for all."""
        behaviour = Behaviour(order.mode, order.code, order.status, order.seconds, order.count)
        for channel in WIRES if order.channel == "*" else (order.channel,):
            self._behaviours[channel] = behaviour

    def next(self, channel: str) -> Behaviour:
        """Return what to do with one request of the channel, and count it."""
        behaviour = self._behaviours[channel]
        if behaviour.left is not None:
            left = behaviour.left - 1
            self._behaviours[channel] = replace(behaviour, left=left) if left else Behaviour()
        return behaviour

    def shown(self) -> dict[str, Behaviour]:
        """Return all, for `GET /behaviour`."""
        return dict(self._behaviours)
