"""/v1/files: what export jobs have left."""

from toolkit.zuora.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.refusals import NO_RESOURCE, Category, Refusal


def download(call: Call) -> Reply:
    """Return a file; one that is not there is HTTP 404 in every version.

    Source: Zuora, retrieve a file; three spellings are in use by clients; tap-zuora waits for that status.
    """
    key = call.path["file-id"]
    found = call.world.export_files.get(key)
    if found is None:
        refusal = Refusal(Category.NOT_FOUND, f"Cannot find entity by key: '{key}'.")
        reason = {"code": refusal.code(NO_RESOURCE), "message": refusal.message}
        return Reply({"success": False, "reasons": [reason]}, status=404)
    return Reply(File(found.content, found.media))


ENDPOINTS = tuple(
    Endpoint("GET", path, download)
    for path in ("/v1/files/{file-id}", "/v1/file/{file-id}", "/apps/api/file/{file-id}")
)
