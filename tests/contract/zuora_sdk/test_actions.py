"""Actions through the SDK: records made, changed, read page by page and deleted."""

from typing import Any


def test_records_are_made_changed_and_deleted(client: Any, ask: Any, sdk: Any) -> None:
    api = client.actions_api()
    wanted = {"Name": "Dunlin", "Currency": "USD", "BillCycleDay": 1, "Batch": "Batch1", "Status": "Draft"}
    request = sdk.ProxyActioncreateRequest.from_dict({"type": "Account", "objects": [wanted]})
    (made,) = ask(api.action_post_create, request)
    assert made.success
    change = {"type": "Account", "objects": [{"Id": made.id, "Notes": "Wader"}]}
    (changed,) = ask(api.action_postupdate, sdk.ProxyActionupdateRequest.from_dict(change))
    assert (changed.success, changed.id) == (True, made.id)
    query = sdk.ProxyActionqueryRequest(query_string=f"select Notes from Account where Id = '{made.id}'")  # noqa: S608 - this is no SQL
    assert ask(api.action_post_query, query).records[0]["Notes"] == "Wader"
    request = sdk.ProxyActiondeleteRequest.from_dict({"type": "Account", "ids": [made.id]})
    (gone,) = ask(api.action_post_delete, request)
    assert (gone.success, gone.id) == (True, made.id)


def test_a_long_answer_is_read_page_by_page(client: Any, ask: Any, sdk: Any) -> None:
    api = client.actions_api()
    query = {"queryString": "select Id from Account", "conf": {"batchSize": 1}}
    first = ask(api.action_post_query, sdk.ProxyActionqueryRequest.from_dict(query))
    assert (first.done, len(first.records)) == (False, 1)
    more = sdk.ProxyActionqueryMoreRequest.from_dict({"queryLocator": first.query_locator})
    rest = [one["Id"] for one in ask(api.action_postquery_more, more).records]
    assert len({first.records[0]["Id"], *rest}) == first.size
