"""The yardstick as a process: Starlette on uvicorn, keeping what it is sent in a dictionary."""

import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_store: dict[str, Any] = {}


async def _read(request: Request) -> JSONResponse:
    return JSONResponse(_store[request.path_params["number"]])


async def _keep_account(request: Request) -> JSONResponse:
    number = f"A{len(_store):08}"
    _store[number] = await request.json()
    return JSONResponse({"success": True, "accountNumber": number})


async def _keep_order(request: Request) -> JSONResponse:
    number = f"O-{len(_store):08}"
    _store[number] = await request.json()
    return JSONResponse({"success": True, "orderNumber": number})


def _serve() -> None:
    routes = [
        Route("/v1/accounts/{number}", _read),
        Route("/v1/accounts", _keep_account, methods=["POST"]),
        Route("/v1/orders", _keep_order, methods=["POST"]),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), loop="uvloop", http="httptools", log_level="warning", access_log=False
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print("ready http://127.0.0.1:{1}".format(*listener.getsockname()), flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    _serve()
