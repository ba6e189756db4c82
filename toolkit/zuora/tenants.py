"""Tenants: those of one process by name, each with its timeline, its clients and perhaps its store."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple, Self
from uuid import NAMESPACE_DNS, uuid5

import msgspec
from msgspec.structs import replace

from toolkit.errors import ToolkitError, did_you_mean
from toolkit.zuora.calls.gate import Gate
from toolkit.zuora.state.history import Memory
from toolkit.zuora.state.journal import Fsync, force_names
from toolkit.zuora.state.store import Store, write_whole
from toolkit.zuora.state.timeline import Timeline, check_word
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

DEFAULT = "default"
"""The tenant of every client that belongs to no other."""

_HALF = "."
"""With which no tenant's name begins, but that of a directory which is half made or half removed."""


class Member(NamedTuple):
    """One of the tenants.

    Attributes:
        name: Also an access key id with which its clients sign in.
        clients: Further client ids or access key ids of its clients; the first is made from its name.
        gate: Stands before the tenant.
    """

    name: str
    timeline: Timeline
    clients: tuple[str, ...]
    gate: Gate

    @property
    def tenant(self) -> Tenant:
        """The tenant itself."""
        return self.timeline.tenant


class Tenants(Mapping[str, Member]):
    """The tenants of a process; the one that is called `default` is there as long as the process.

    Args:
        began: Names what the default tenant begins with.
        load: Loads that.
        directory: Where everything is kept; None keeps nothing. Other tenants are in directories below.
        fsync: When a journal forces a request to the disk.

    Attributes:
        by_client: The tenant of each client id and access key id that is known.
        alone: The default tenant while there is no other, and no limit or fault before it.

    Raises:
        ToolkitError: The directory cannot be used, or began with something else.
    """

    def __init__(
        self, began: str, load: Callable[[], World], directory: Path | None = None, fsync: Fsync = "never"
    ) -> None:
        self._directory, self._fsync = directory, fsync
        self._members: dict[str, Member] = {}
        self._stores: dict[str, Store] = {}
        self.by_client: dict[str, Member] = {}
        self.alone: Tenant | None = None
        with ExitStack() as stack:
            stack.callback(self.__exit__)
            self._open(DEFAULT, directory, began, load, ())
            for below in sorted(self._below.iterdir()) if self._below and self._below.is_dir() else ():
                if below.name.startswith(_HALF):
                    rmtree(below)
                else:
                    self._open(below.name, below, None, World, _clients(below))
            stack.pop_all()

    def __enter__(self) -> Self:
        """Return the tenants."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every store."""
        with ExitStack() as stack:
            for store in self._stores.values():
                stack.push(store)

    def __getitem__(self, name: str) -> Member:
        """Return a tenant by its name."""
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names, the default tenant's first."""
        return iter(self._members)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._members)

    def named(self, name: str) -> Member:
        """Return a tenant by its name.

        Raises:
            ToolkitError: There is none.
        """
        if name not in self:
            raise ToolkitError(f"There is no tenant '{name}'.", did_you_mean(name, self))
        return self[name]

    def began(self, name: str) -> str:
        """Return what a tenant began with, as it was named then; empty where nothing is kept."""
        return self._stores[name].began if name in self._stores else ""

    def add(
        self, name: str, load: Callable[[], World], clients: Iterable[str] = (), began: str | None = None
    ) -> Member:
        """Create a tenant; its ids are others than those of a tenant with the same beginning.

        Args:
            name: Of up to 64 letters, digits, '_', '-' and '.'.
            load: Loads what it begins with.
            clients: Client ids and access key ids that belong to it.
            began: Names what it begins with; None is its own name.

        Raises:
            ToolkitError: The name or a client belongs to another one, the name could not be a directory's,
                or the directory cannot be written.
        """
        check_word("tenant", name)
        if name in self:
            raise ToolkitError(f"There is a tenant '{name}' already.", "Remove that one, or choose a name.")
        clients = tuple(clients)
        for client in clients:
            if client in self.by_client:
                other = self.by_client[client].name
                raise ToolkitError(f"The client '{client}' belongs to the tenant '{other}'.")
        world = replace(load(), seed=name)  # before anything is written
        directory = self._below / name if self._below else None
        began = began or name
        if directory:
            try:
                half = _half(directory)
                half.mkdir(mode=0o700, parents=True)
                write_whole(half / "clients", [msgspec.json.encode(clients)])
                with Store(half) as store:
                    store.begin(began, lambda: world)
                half.rename(directory)
                force_names(directory.parent)
            except OSError as error:
                raise ToolkitError(f"{directory} cannot be written: {error.strerror}.") from error
        return self._open(name, directory, began, lambda: world, clients)

    def remove(self, name: str) -> None:
        """Remove a tenant and everything that is kept of it.

        Raises:
            ToolkitError: There is none, or it is the default one.
        """
        member = self.named(name)
        if name == DEFAULT:
            raise ToolkitError("The default tenant cannot be removed.", "Rewind it to request 0.")
        del self._members[name]
        self.by_client = {client: one for client, one in self.by_client.items() if one is not member}
        self.recount()
        if name in self._stores:
            self._stores.pop(name).__exit__()
        if self._below:
            rmtree((self._below / name).rename(_half(self._below / name)))

    @property
    def _below(self) -> Path | None:
        return None if self._directory is None else self._directory / "tenants"

    def _open(
        self,
        name: str,
        directory: Path | None,
        began: str | None,
        load: Callable[[], World],
        clients: tuple[str, ...],
    ) -> Member:
        if directory is None:
            memory = Memory(load())
            timeline = Timeline(Tenant(memory.at(0), memory), memory)
        else:
            store = self._stores[name] = Store(directory, self._fsync)
            world = store.begin(began or store.began, load)
            timeline = Timeline(Tenant.recover(world, store), store)
        made = () if name == DEFAULT else (str(uuid5(NAMESPACE_DNS, f"{name}.zuora.test")),)
        member = self._members[name] = Member(name, timeline, (*made, *clients), Gate(timeline.tenant))
        self.by_client |= dict.fromkeys((name, *member.clients), member)
        self.recount()
        return member

    def recount(self) -> None:
        """Look again whether the default tenant is alone and its gate is open."""
        default = self[DEFAULT]
        self.alone = default.tenant if len(self) == 1 and default.gate.is_open else None


def _half(directory: Path) -> Path:
    """Return where a tenant's directory is before it is whole, and after it is removed; nothing is there."""
    half = directory.with_name(_HALF + directory.name)
    rmtree(half, ignore_errors=True)
    return half


def _clients(directory: Path) -> tuple[str, ...]:
    try:
        return msgspec.json.decode((directory / "clients").read_bytes(), type=tuple[str, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ToolkitError(
            f"{directory} is no directory of a tenant: its file 'clients' is missing or damaged.",
            "Restore the file from a backup, or move the directory away.",
        ) from error
