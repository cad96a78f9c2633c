"""An intake on LangGraph with its checkpoints in Redis: what a turn costs there. Imports nothing of ours.

Run as: PYTHON langgraph_server.py REDIS_URL PORT DURABILITY QUESTIONS
where PYTHON has langgraph, langgraph-checkpoint-plainredis, starlette, uvicorn, uvloop and httptools. DURABILITY is
LangGraph's own: "async" (its default: a checkpoint a step) or "exit" (one a turn, its fastest). QUESTIONS is JSON.

It asks the questions in order, keeps each answer and the transcript, and looks for danger with one expression: far less
than what ours does, and shaped as LangGraph's own guides shape it. One thread a conversation.
"""

import json
import operator
import re
import secrets
import sys
from typing import Annotated, Any, TypedDict

import uvicorn
from langgraph.graph import END, START, StateGraph  # type: ignore[import-not-found, unused-ignore]
from langgraph_checkpoint_plainredis import AsyncRedisSaver  # type: ignore[import-not-found, unused-ignore]
from redis.asyncio import BlockingConnectionPool, Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DANGER = re.compile(r"chest pain|can'?t breathe|suicid|unconscious|worst headache|coughing (up )?blood", re.IGNORECASE)
URGENT = "This may be an emergency. Call your emergency number now. A nurse has been alerted."
GOODBYE = "Thank you. A nurse will read your answers."


class Intake(TypedDict, total=False):
    said: str
    reply: str
    answers: dict[str, str]
    transcript: Annotated[list[tuple[str, str]], operator.add]
    urgent: bool


def build_graph(questions: list[str]) -> Any:
    """listen, then either alarm or answer and ask."""

    def listen(state: Intake) -> Intake:
        return {"urgent": bool(DANGER.search(state["said"])), "transcript": [("patient", state["said"])]}

    def alarm(state: Intake) -> Intake:
        return {"reply": URGENT, "transcript": [("bot", URGENT)]}

    def answer(state: Intake) -> Intake:
        answers = state.get("answers", {})
        asked = questions[min(len(answers), len(questions) - 1)]
        return {"answers": {**answers, asked: state["said"].strip()}}

    def ask(state: Intake) -> Intake:
        done = len(state["answers"])
        reply = questions[done] if done < len(questions) else GOODBYE
        return {"reply": reply, "transcript": [("bot", reply)]}

    graph = StateGraph(Intake)
    for node in (listen, alarm, answer, ask):
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "listen")
    graph.add_conditional_edges("listen", lambda state: "alarm" if state["urgent"] else "answer", ["alarm", "answer"])
    graph.add_edge("answer", "ask")
    graph.add_edge("ask", END)
    graph.add_edge("alarm", END)
    return graph


def create_app(graph: Any, durability: str) -> Starlette:
    """The same addresses as the patient API."""

    async def start(request: Request) -> Response:
        return JSONResponse({"id": secrets.token_urlsafe(16), "token": "none"}, 201)

    async def say(request: Request) -> Response:
        message = await request.json()
        thread = {"configurable": {"thread_id": request.path_params["id"]}}
        said = message.get("text") or ", ".join(message.get("choices", ()))
        after = await graph.ainvoke({"said": said}, thread, durability=durability)
        return JSONResponse({"text": after["reply"]})

    return Starlette(
        routes=[
            Route("/api/v1/conversations/{id}/messages", say, methods=["POST"]),
            Route("/api/v1/conversations", start, methods=["POST"]),
        ]
    )


if __name__ == "__main__":
    url, port, durability, questions = sys.argv[1:]
    pool = BlockingConnectionPool.from_url(url, max_connections=64, timeout=None)  # it opens several a turn
    saver = AsyncRedisSaver(Redis.from_pool(pool))
    uvicorn.run(
        create_app(build_graph(json.loads(questions)).compile(checkpointer=saver), durability),
        port=int(port),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
