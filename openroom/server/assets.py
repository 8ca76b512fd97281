"""Static files: the art of characters, scenes and props, the views of props, and the JavaScript client. Only names are
taken, never paths."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

from openroom.cards.limits import MAX_ASSET
from openroom.cards.pictures import display_copy
from openroom.errors import CardError
from openroom.server.api.shared import AskedSite
from openroom.server.site import Site
from openroom.settings import shipped

router = APIRouter(include_in_schema=False)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,79}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,79}\.(svg|png|jpg|jpeg|webp|avif|gif|json)")
_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "json": "application/json",
    "js": "text/javascript",
}
# An SVG that is opened by itself could run scripts with our origin; in a sandbox it cannot, and <img> never does.
_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_MOST_LISTED = 200
_PHOTOGRAPHS = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_STAGE = 1920
_SCRIPTS = ("openroom.js",)
_VIEW = re.compile(r"view(_[a-z0-9_]{1,40})?\.js")
_SCRIPT_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


@router.get("/art/{kind}/{id}/{file}")
async def art(
    site: AskedSite, request: Request, kind: Literal["characters", "scenes", "props"], id: str, file: str
) -> Response:
    """A picture of a character, a scene or a prop in Python (``art/`` in its folder), or of any prop
    (``scenes/_props/art/``). A photograph behind a stage is a copy: as large as a stage, and its pixels alone."""
    if not _NAME.fullmatch(id) or not _FILE.fullmatch(file):
        raise HTTPException(404)
    for folder in _folders(site, kind, id):
        found = _inside(folder, file)
        if found is not None and kind == "scenes" and file.endswith(_PHOTOGRAPHS):
            return await _photograph(found, request.headers.get("if-none-match", ""))
        if found is not None:
            return FileResponse(found, media_type=_TYPES[file.rpartition(".")[2]], headers=_HEADERS)
    raise HTTPException(404)


@router.get("/art/{kind}/{id}")
async def pictures(site: AskedSite, kind: Literal["characters", "scenes", "props"], id: str) -> dict[str, list[str]]:
    """The names of the files of one's art, so that the pages ask for what is there."""
    if not _NAME.fullmatch(id):
        raise HTTPException(404)
    found = {path.name for folder in _folders(site, kind, id) for path in _listed(folder)}
    return {"files": sorted(name for name in found if _FILE.fullmatch(name))[:_MOST_LISTED]}


@router.get("/props/{kind}/{file}")
async def view(site: AskedSite, kind: str, file: str) -> FileResponse:
    """How the pages show a prop in Python: ``view.js`` beside its module, and what it imports (``view_<name>.js``)."""
    folder = site.lobby.library.prop_folder(kind)
    found = _inside(folder, file) if folder is not None and _VIEW.fullmatch(file) else None
    if found is None:
        raise HTTPException(404)
    return FileResponse(found, media_type=_TYPES["js"], headers=_SCRIPT_HEADERS)


@router.get("/static/{file}")
async def static(file: str) -> FileResponse:
    """The JavaScript client."""
    if file not in _SCRIPTS:
        raise HTTPException(404)
    return FileResponse(shipped("static") / file, media_type=_TYPES["js"], headers=_SCRIPT_HEADERS)


async def _photograph(path: Path, known: str) -> Response:
    """A display copy of a picture; 304 where the browser has it, 404 where it can't be drawn."""
    try:
        etag, data = await asyncio.to_thread(_copy_of, path, known)
    except (CardError, OSError):
        raise HTTPException(404) from None
    headers = {**_HEADERS, "ETag": etag}
    return Response(data, media_type=_TYPES["webp"], headers=headers) if data else Response(None, 304, headers)


def _copy_of(path: Path, known: str) -> tuple[str, bytes]:
    """The ETag of a picture as it is now, and its copy; none where the ETag is ``known``."""
    stat = path.stat()
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    return etag, b"" if etag == known else _copy(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=32)
def _copy(path: Path, _written: int, size: int) -> bytes:
    if size > MAX_ASSET:
        raise CardError(f"a picture of at most {MAX_ASSET:,} bytes", came=f"{size:,}")
    return display_copy(path.read_bytes(), _STAGE)


def _folders(site: Site, kind: str, id: str) -> list[Path]:
    """Where to look, first what authors drew. The shipped pictures are there for everybody: an author may name them."""
    characters, scenes = site.lobby.library.folders
    if kind == "characters":
        kept = site.lobby.library.kept_art
        gone = [kept.folder] if kept is not None and id not in site.lobby.library.characters else []
        return [folder / id / "art" for folder in (*characters, shipped("characters"), *gone)]
    if kind == "scenes":
        return [folder / id / "art" for folder in (*scenes, shipped("scenes"))]
    own = site.lobby.library.prop_folder(id)
    drawn = [folder / "_props" / "art" / id for folder in (*scenes, shipped("scenes"))]
    return drawn if own is None else [*drawn, own / "art"]


def _listed(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _inside(folder, path.name)] if folder.is_dir() else []


def _inside(folder: Path, file: str) -> Path | None:
    """The file, if it is a real one inside ``folder`` (a link that leads out of it is not)."""
    path = folder / file
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return None
    return path
