"""What every call goes through, from bytes of JSON to an endpoint and back, refusals included."""
