"""Live views over HTTP: an index of ETags, and each document, both cheap to ask for again."""

import hashlib
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from components.live.answers import answer, is_known
from components.live.publisher import Published, Publisher


def router(publisher: Publisher) -> APIRouter:
    """Routes that serve what the publisher holds."""
    routes = APIRouter(prefix="/api/views", tags=["views"])
    not_modified = {304: {"description": "Nothing changed since the version named in If-None-Match."}}

    @routes.head("", include_in_schema=False)
    @routes.get(
        "",
        summary="Name and ETag of every live view",
        description="After ten seconds in which nobody asked, views are renewed every ten seconds only: the first "
        "answer then may be so old. Whoever goes on asking is told of changes within three.",
        responses={
            200: {
                "content": {"application/json": {"example": {"views": {"progress": 'W/"0123456789abcdef"'}}}}
            }
        }
        | not_modified,
    )
    async def index(request: Request) -> Response:
        return response(request, publisher.index())

    @routes.head("/{name}", include_in_schema=False)
    @routes.get(
        "/{name}",
        summary="One live view as a JSON document",
        responses=not_modified | {404: {"description": "There is no such view."}},
    )
    async def document(name: str, request: Request) -> Response:
        return response(request, publisher.document(name))

    return routes


def response(request: Request, version: Published) -> Response:
    """Answer a request with a version of a document."""
    headers = request.headers
    status, raw_headers, body = answer(
        version, headers.get("if-none-match", ""), headers.get("accept-encoding", "")
    )
    made = Response(body, status_code=status)
    made.raw_headers = raw_headers
    return made


def served(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Answer a request with something that was drawn, or say that the browser has it.

    Args:
        headers: How long it may be kept, and whatever else there is to say.
    """
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {**headers, "ETag": etag}
    if is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
