"""An inference API whose customers are organizations with projects: who asks by this key, may they, and where is it booked."""

from __future__ import annotations

from hmac import compare_digest

from attribution import AttributionHeaders
from bailiwick import Bailiwick
from bailiwick.asgi import Protect, Refused, RequestHead, answer_refused, authzen_app
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel


class Prompt(BaseModel):
    """What is asked of the model."""

    prompt: str


class Completion(BaseModel):
    """What the model says."""

    completion: str


def create_app(guard: Bailiwick, *, token: str) -> FastAPI:
    """The API, which decides by this engine. `token` is what services of the platform ask with."""
    protect = Protect(guard)
    app = FastAPI(title="Inference")
    app.add_middleware(AttributionHeaders)
    app.add_exception_handler(Refused, answer_refused)

    use = protect("serverless_inference.use", resource="project:{project}", usage="serverless_inference")
    run = protect("code_interpreter.use", resource="project:{project}", usage="code_interpreter")
    read = protect("file.read", resource="file:{file}", usage="file")
    scale = protect("instant_cluster.scale", resource="instant_cluster:{cluster}", usage="instant_cluster")

    @app.post("/v1/projects/{project}/inference", dependencies=[Depends(use)])
    def infer(prompt: Prompt, request: Request) -> Completion:
        # What was checked, and not what stands in the path.
        return Completion(completion=f"{prompt.prompt[::-1]}, says the model of {request.state.resource['id']}")

    @app.post("/v1/projects/{project}/code", dependencies=[Depends(run)])
    def interpret(prompt: Prompt) -> Completion:
        return Completion(completion=f"{len(prompt.prompt)} characters, says the interpreter")

    @app.get("/v1/files/{file}", dependencies=[Depends(read)])
    def file(request: Request) -> dict[str, str]:
        return {"id": request.state.resource["id"]}

    @app.post("/v1/clusters/{cluster}/scale", dependencies=[Depends(scale)])
    def scaled(request: Request) -> dict[str, str]:
        return {"id": request.state.resource["id"]}

    def is_service(head: RequestHead) -> bool:
        return compare_digest(head.headers.get("authorization", "").encode(), f"Bearer {token}".encode())

    # Callers are the platform's own services: they may know why.
    app.mount("/pdp", authzen_app(guard, reasons=True, authenticate=is_service))
    return app
