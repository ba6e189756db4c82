"""Queries: Zuora's objects as ZOQL, exports, object queries, SQL and CRUD calls see them."""
