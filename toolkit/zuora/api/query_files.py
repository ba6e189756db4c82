"""/v1/files: what export jobs have left."""

from toolkit.zuora.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.refusals import Category, Refusal


def download(call: Call) -> Reply:
    """Return a file. Source: Zuora, retrieve a file; three spellings are in use by clients."""
    key = call.path["file-id"]
    found = call.world.export_files.get(key)
    if found is None:
        raise Refusal(Category.NOT_FOUND, f"Cannot find entity by key: '{key}'.", status=404)
    return Reply(File(found.content, found.media))


ENDPOINTS = tuple(
    Endpoint("GET", path, download)
    for path in ("/v1/files/{file-id}", "/v1/file/{file-id}", "/apps/api/file/{file-id}")
)
