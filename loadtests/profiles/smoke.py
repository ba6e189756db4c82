"""Ten seconds of customers, enough to prove what it claims and no more."""

from toolkit.load.profile import Profile

PROFILE = Profile(
    summary="Ten seconds of fifty customers a second, most of whom buy: does it hold at all?",
    journeys={"sign_in": 1, "browse": 12, "purchase": 37},
    warm_up=1,
    seconds=9,
    objectives=(
        "errors < 0.5 %",
        "rate >= 99 %",
        "p50 < 100 ms",
        "p95 < 250 ms",
        "p90 of POST /v1/orders < 250 ms",
        "p90 of purchase < 800 ms",
    ),
)
