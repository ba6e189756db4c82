"""The pure domain: what Zuora computes, with no I/O, wall clock, randomness, HTTP or floats.

The map, in the order in which money is made; a module's first line says more.

- Ground: `money`, `units`, `periods`, `errors`, and the tenant's `rules`.
- Who and what: `accounts`, `catalog`, `subscriptions` (versions, rate plans, charge segments), `funds`,
  `grants`, `taxcodes`.
- Orders: `orders` is what they ask for; `versions` what each action makes of a subscription, with
  `rateplans`, `segments`, `activation`, `suspensions`, `ramps`, `uplift`, `pricechanges`, and `amendments`
  as their record. `ratable` says which charges may be subscribed to; `lineitems` are sold without a
  subscription.
- Rating: `rating` prices a segment period by period, by `models`, `proration`, `stubs` and `deliveries`;
  `usage` what was used, with `smoothing`; `prepaid` and `validity` what was paid before, and the deprecated
  `prepayments`.
- Billing: `invoices.bill` brings this together for an account. `discounts` takes off it, by `offers`,
  `rests`, `percentage_discounts` and `fixed_discounts`; `taxes` adds to it, by `levies`; `generation` makes
  documents of it, whose lines are `documents`; `unbilling` takes it back. `schedules` and `scheduling` bill
  by invoice schedule, `standalone` without a subscription, `run_dates` say when a scheduled run bills.
- Documents: `credits` and `debits`, by hand in `memos` with `crediting` as their limit; `lifecycle`,
  `splitting`, `writeoffs`, `reversals`, `mirroring`; `taxing` by hand; `marks` say what bills moved.
- Money in and out: `payments`, `paymentmethods`, `storedcredentials`, `gateways`, `authorizations`,
  `charging`, `inquiries`; `paymentruns`, `collection`, `retries`, `paymentschedules`; `refunds`.
  `settlement`, `applications`, `allocation` and `parts` say what settles what.
- What it is worth: `metrics`, `netting`, `discounted_metrics`, `rampmetrics`; `movements`, `deltas` and
  `ordermetrics` what an order changes of it.
- Whether it holds: `ledger`, `audit`.
"""
