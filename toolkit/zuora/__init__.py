"""The simulator: a thin shell around the billing domain that answers as Zuora does.

The map, from a client's bytes to the money; a module's first line says more.

- In: `web` serves over sockets, `transport` and `adapter` in process; `simulator` finds the tenant, one of
  `tenants`, or the control routes (`controlling`, whose client is `remote`).
- A call: `calls` is what each goes through; `tenant` answers it by an endpoint of the room `api`, where a
  file is a group of operations. `objects` and `query` are rooms too, one file for what CRUD calls write and
  queries read; `settings` is what a tenant sets up, `custom_fields` what it declares.
- A tenant: `state` is its world and how that is kept, left and found again.
- What endpoints have in common: `orders`, `documents`, `files`, `payments`, `runs`, `messages`.
- Time: `agenda` does what falls due (`dues`), such as `renewals` and `scheduled_orders`.
- Beside it: `client` is a small client of Zuora's; `seeding` takes a real tenant's catalog, `recorded` and
  `grading` its billing previews; `coverage` counts what was asked for.
"""
