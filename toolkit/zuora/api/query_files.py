"""/v1/files: what export jobs have left, and the files of billing documents."""

from toolkit.zuora.calls.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.calls.refusals import NO_RESOURCE, Category, Refusal
from toolkit.zuora.files import billing_files, packings


def download(call: Call) -> Reply:
    """Return a file; one that is not there is HTTP 404 in every version.

    Source: Zuora, retrieve a file; three spellings are in use by clients; tap-zuora waits for that status.
    """
    key, world = call.path["file-id"], call.world
    exported = world.export_files.get(key)
    if exported is not None:
        return Reply(File(exported.content, exported.media))
    if (found := billing_files.find_file(world, key)) is not None:
        return _named(
            billing_files.content(world, *found), "application/pdf", billing_files.name(world, found[1])
        )
    packing = packings.find(world, key)
    if packing is None:
        refusal = Refusal(Category.NOT_FOUND, f"Cannot find entity by key: '{key}'.")
        reason = {"code": refusal.code(NO_RESOURCE), "message": refusal.message}
        return Reply({"success": False, "reasons": [reason]}, status=404)
    return _named(packings.packed(world, packing), "application/zip", packings.name(packing))


def _named(content: bytes, media: str, name: str) -> Reply:
    return Reply(File(content, media), headers=(("Content-Disposition", f'attachment; filename="{name}"'),))


ENDPOINTS = tuple(
    Endpoint("GET", path, download)
    for path in ("/v1/files/{file-id}", "/v1/file/{file-id}", "/apps/api/file/{file-id}")
)
