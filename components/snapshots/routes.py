"""The snapshot over HTTP: organizers download the dataset as one zip."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from components.account.account import Account
from components.errors import BadFolder, StoreUnavailable
from components.settings import Settings
from components.snapshots.archive import zipped
from components.snapshots.snapshot import Snapshot, write_snapshot
from components.store.store import Store


def router(store: Store, account: Account, settings: Settings) -> APIRouter:
    """The route that makes a snapshot and sends it."""
    routes = APIRouter(prefix="/api", tags=["snapshots"])
    # One at a time: two at once would only make each other, and everybody's ratings, slower.
    making = asyncio.Lock()

    @routes.get(
        "/snapshot",
        summary="The dataset as it is now, as a zip of Parquet files and their card (organizers)",
        response_class=StreamingResponse,
        responses={
            200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
            401: {"description": "Nobody is signed in."},
            403: {"description": "Only organizers may take a snapshot."},
        },
    )
    async def snapshot(request: Request) -> StreamingResponse:
        await run_in_threadpool(account.organizer, request)
        async with making:
            return await run_in_threadpool(_download, store, settings.public_address)

    return routes


def _download(store: Store, public_address: str) -> "Download":
    try:
        place = TemporaryDirectory(prefix="prompt-sprint-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error
    try:
        folder = Path(place.name) / "snapshot"
        return Download(place, write_snapshot(store, folder, public_address=public_address))
    except BadFolder as error:
        place.cleanup()
        raise _no_room(error.__cause__) from error
    except BaseException:
        place.cleanup()
        raise


def _no_room(reason: BaseException | None) -> StoreUnavailable:
    return StoreUnavailable(f"The server has no room to make a snapshot ({reason}); free some and try again.")


class Download(StreamingResponse):
    """A snapshot on its way, whose files are gone when it is over, however it ends."""

    def __init__(self, place: TemporaryDirectory, snapshot: Snapshot) -> None:
        super().__init__(
            zipped(snapshot.folder),
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{snapshot.file_name}.zip"',
                "Cache-Control": "no-store",
            },
        )
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Not a background task: those do not run when the client has gone away.
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._place.cleanup()
