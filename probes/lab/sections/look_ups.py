"""What the free look-ups of an endpoint say whose chats are healthy."""

from probes.lab.behaviour import FINE, Behaviour
from probes.lab.promises import AS_OK, at_least

BEHAVIOURS = (
    Behaviour(
        "models_without",
        "The list of models lacks the one that is asked.",
        "模型列表中没有所请求的模型。",
        FINE,
        shows={**AS_OK, "models": {"status": 200, "models_listed": at_least(100), "model_listed": False}},
    ),
    Behaviour(
        "models_404",
        "There is no list of models.",
        "没有模型列表接口。",
        FINE,
        shows={**AS_OK, "models": {"status": 404, "models_listed": None, "model_listed": None}},
    ),
    Behaviour(
        "websocket_refused",
        "403 instead of a WebSocket.",
        "拒绝 WebSocket 握手，返回 403。",
        ("client.protocol_mismatch", *FINE),
        shows={**AS_OK, "websocket": {"status": 403, "websocket_accepted": False}},
    ),
    Behaviour(
        "websocket_wrong",
        "101 with an accept value that belongs to another handshake.",
        "返回 101，但 Sec-WebSocket-Accept 与握手不符。",
        ("client.protocol_mismatch", *FINE),
        shows={**AS_OK, "websocket": {"status": 101, "websocket_accepted": False}},
    ),
)
