"""Runs a server that refuses root and unknown users, without creating users or touching directories."""

import ctypes
import enum
import os
import pwd
import sys

from toolkit.errors import ToolkitError

_CLONE_NEWIPC, _CLONE_NEWUSER = 0x08000000, 0x10000000


class Stance(enum.Enum):
    """Who a server is to its machine."""

    NAMESPACE = "in a user namespace of its own"
    ITSELF = "as the user who started it"
    NOBODY = "as the user nobody, from a copy of its files"


def has_name(uid: int) -> bool:
    """Tell whether the user has an entry in the passwd database."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def choose_stance() -> Stance:
    """Find how a server that refuses root and users without a name can run here.

    A user namespace comes first: it also gives the server its own shared memory, which the kernel
    removes with it.

    Raises:
        ToolkitError: The user has no name and namespaces are refused.
    """
    if namespaces_work():
        return Stance.NAMESPACE
    if os.geteuid() == 0:
        return Stance.NOBODY
    if has_name(os.geteuid()):
        return Stance.ITSELF
    raise ToolkitError(
        f"User id {os.geteuid()} has no passwd entry and this machine refuses user namespaces.",
        "Add a passwd entry, or give TOOLKIT_POSTGRES_URL.",
    )


def namespaces_work() -> bool:
    """Tell whether this process may enter a user namespace, by trying it in a child."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        try:
            enter_namespace()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def enter_namespace() -> None:
    """Move this process into a user namespace in which it is neither root nor unknown, and no one else.

    Outside, its files keep belonging to the user who started it. See user_namespaces(7).

    Raises:
        OSError: The kernel refuses.
    """
    user, group = os.geteuid(), os.getegid()
    inside = user if user != 0 and has_name(user) else next(filter(has_name, range(1, 100)), 1)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWIPC) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{inside} {user} 1"),
        ("gid_map", f"{inside} {group} 1"),
    ):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, text.encode())
        os.close(descriptor)


def become_nobody() -> None:
    """Give up root for good."""
    user = nobody()
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def nobody() -> pwd.struct_passwd:
    """Return the passwd entry of the user nobody.

    Raises:
        ToolkitError: There is none.
    """
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise ToolkitError(
            "Postgres refuses root, namespaces are refused, and there is no user 'nobody'.",
            "Run as an ordinary user, or give TOOLKIT_POSTGRES_URL.",
        ) from error
