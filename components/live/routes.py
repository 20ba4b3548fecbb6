"""Live views over HTTP: an index of ETags, and each document, both cheap to ask for again."""

from fastapi import APIRouter, Request, Response

from components.live.publisher import COMPRESSORS, IDENTITY, Published, Publisher

# Ask each time, but take a 304 for an answer.
CACHE_CONTROL = "no-cache"


def router(publisher: Publisher) -> APIRouter:
    """Routes that serve what the publisher holds."""
    routes = APIRouter(prefix="/api/views", tags=["views"])
    not_modified = {304: {"description": "Nothing changed since the version named in If-None-Match."}}

    @routes.head("", include_in_schema=False)
    @routes.get(
        "",
        summary="Name and ETag of every live view",
        responses={
            200: {
                "content": {"application/json": {"example": {"views": {"progress": 'W/"0123456789abcdef"'}}}}
            }
        }
        | not_modified,
    )
    async def index(request: Request) -> Response:
        return answer(request, publisher.index())

    @routes.head("/{name}", include_in_schema=False)
    @routes.get(
        "/{name}",
        summary="One live view as a JSON document",
        responses=not_modified | {404: {"description": "There is no such view."}},
    )
    async def document(name: str, request: Request) -> Response:
        return answer(request, publisher.document(name))

    return routes


def answer(request: Request, version: Published, cache_control: str = CACHE_CONTROL) -> Response:
    """Serve a version in the best encoding the browser takes, or say that it has it already."""
    headers = {"ETag": version.etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    if has(request, version.etag):
        return Response(status_code=304, headers=headers)
    encoding = best_encoding(request.headers.get("accept-encoding", ""), tuple(COMPRESSORS))
    if encoding != IDENTITY:
        headers["Content-Encoding"] = encoding
    return Response(version.encoded(encoding), media_type="application/json", headers=headers)


def has(request: Request, etag: str) -> bool:
    """Whether the If-None-Match header names this ETag (compared weakly, as RFC 9110 wants for GET)."""
    tags = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return etag.removeprefix("W/") in tags or "*" in tags


def best_encoding(accepted: str, offered: tuple[str, ...]) -> str:
    """The first encoding offered that an Accept-Encoding header allows, else "identity"."""
    welcome = {}
    for part in accepted.lower().replace(" ", "").split(","):
        name, _, quality = part.partition(";q=")
        welcome[name] = quality.rstrip("0.") != "" if quality else True
    return next((name for name in offered if welcome.get(name, welcome.get("*", False))), IDENTITY)
