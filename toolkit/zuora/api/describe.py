"""/v1/describe: what can be queried, as XML."""

from toolkit.zuora.calls.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.calls.refusals import no_endpoint
from toolkit.zuora.query.describing import catalog, describe
from toolkit.zuora.query.objects import kind_named

_MEDIA = "text/xml; charset=utf-8"


def list_objects(call: Call) -> Reply:
    """List the objects of the tenant."""
    return Reply(File(catalog(call.base_url), _MEDIA))


def read_object(call: Call) -> Reply:
    """Show the fields of an object and the objects around it; custom fields are those that are in use."""
    kind = kind_named(call.path["object"])
    if kind is None:
        raise no_endpoint(call.url_path)
    return Reply(File(describe(kind, call.world, call.base_url), _MEDIA))


ENDPOINTS = (
    Endpoint("GET", "/v1/describe", list_objects),
    Endpoint("GET", "/v1/describe/{object}", read_object),
)
