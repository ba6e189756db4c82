"""/v1/contact-snapshots: contacts as they were."""

from toolkit.zuora.api.contacts import show_contact
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply


def read(call: Call) -> Reply:
    """Show a snapshot; it calls two fields by other names than a contact. Source: the official SDK."""
    snapshot = call.world.contact_snapshots.find(call.path["contact-snapshot-id"])
    shown = show_contact(snapshot.contact)
    shown["description"] = shown.pop("contactDescription")
    shown["postalCode"] = shown.pop("zipCode")
    return Reply({**shown, "id": snapshot.id, "contactId": snapshot.contact.id, "success": True})


ENDPOINTS = (Endpoint("GET", "/v1/contact-snapshots/{contact-snapshot-id}", read),)
