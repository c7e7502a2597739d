"""Ports on loopback that stay free for a server that will be killed and come back. 空闲端口。"""

import secrets
import socket

# Below the range from which the kernel takes ports for outgoing connections: clients that try a
# dead broker again and again would sooner or later sit on its port, or even connect to themselves.
_RANGE = range(20_000, 32_000)


def free_ports(count: int) -> list[int]:
    """Return so many different ports that nobody listens on now."""
    found: list[int] = []
    while len(found) < count:
        port = secrets.choice(_RANGE)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
