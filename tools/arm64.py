"""Run a command in a small arm64 machine.

::

    python3 tools/arm64.py uname -m
    python3 tools/arm64.py --python 3.13 --carry .=/src -- sh -c 'cd /src && python3 -m strace_py true'
    python3 tools/arm64.py --missing            what is not installed here, and exit status 1 if anything

The machine is Debian's arm64 cloud kernel with CPython, bash, the usual tools and strace, all from Debian's
packages, in an initramfs under qemu-system-aarch64; no disk, no network.  It is made once for each version of
Python (some 20 seconds) and kept in ``~/.cache/strace-py-arm64``; a start takes a few seconds.  It needs apt's
tools and dpkg, qemu-system-aarch64 and cpio; not root, since nothing is installed.

The command gets an empty standard input; what it writes comes out here as it is written, its two streams
as one.  The exit status is the command's; 124 where the machine took longer than ``--timeout`` or died,
which is said with the last lines of its console; 125 where it could not be made.  Nothing is left running.
"""
from __future__ import annotations

import argparse
import glob
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from typing import IO, List, Optional, Sequence, Tuple

#: What this script runs, and the Debian package that brings it.
TOOLS = {"qemu-system-aarch64": "qemu-system-arm", "cpio": "cpio", "apt-get": "apt", "dpkg": "dpkg"}

#: What is in every machine, besides Python; apt adds what these depend on.
PACKAGES = ("linux-image-cloud-arm64", "bash", "dash", "busybox-static", "coreutils", "findutils", "grep", "sed", "tar",
            "gzip", "make", "util-linux", "procps", "curl", "git")

#: Parts of these packages that nothing here reads: how their names begin.
UNUSED = ("boot", "lib/modules", "usr/lib/udev", "usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale",
          "usr/share/lintian", "usr/share/perl", "usr/lib/aarch64-linux-gnu/perl", "usr/lib/systemd",
          "usr/share/bash-completion", "usr/share/zoneinfo", "usr/lib/klibc", "usr/lib/linux-image")

#: Where Debian's packages are looked for, after this machine's own release: what has the newest Python.
NEWEST_SUITE = "sid"

#: The kernel's parameters.  The command writes to the second serial line, so that the console's own messages
#: don't mix with its output.
KERNEL = "console=ttyAMA0 panic=-1 rdinit=/init"

INIT = r"""#!/bin/busybox sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin HOME=/root LANG=C.UTF-8
busybox mount -t proc proc /proc
busybox mount -o remount,noatime rootfs /  # so that who reads a file first doesn't change what the next one sees
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
busybox mkdir -p /dev/pts /dev/shm /tmp /run
busybox mount -t devpts devpts /dev/pts
busybox mount -t tmpfs tmpfs /dev/shm
busybox mount -t tmpfs tmpfs /tmp
busybox mount -t tracefs tracefs /sys/kernel/tracing
busybox mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo > /proc/sys/kernel/modprobe  # there are no modules: don't look for them at every odd socket
echo 4194304 > /proc/sys/kernel/pid_max
echo 30000 > /proc/sys/kernel/ns_last_pid  # as on a machine that has been up for a while
busybox ip link set lo up
busybox hostname arm64
busybox --install -s /usr/local/bin
busybox stty -F /dev/ttyS0 raw -echo
cd /root
/command </dev/null >/dev/ttyS0 2>&1
echo "arm64.py: exit status $?"
busybox poweroff -f
"""
_STATUS = re.compile(rb"arm64\.py: exit status (\d+)")

#: Files that Debian's packages leave to their installation scripts.
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
    "etc/hostname": "arm64\n",
    "etc/hosts": "127.0.0.1 localhost arm64\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}

#: Names that Debian's packages leave to update-alternatives or to their installation scripts.
LINKS = {"bin/sh": "dash", "usr/bin/awk": "mawk", "usr/bin/python3": "python{python}", "usr/bin/which": "/bin/busybox",
         "usr/bin/id": "/usr/bin/id", "usr/bin/nc": "/bin/busybox"}


def missing() -> List[str]:
    """The Debian packages that have to be installed first."""
    return sorted(package for tool, package in TOOLS.items() if shutil.which(tool) is None)


class Failure(Exception):
    """The machine can't be made; its words are for the user."""


def _call(command: Sequence[str], cwd: Optional[str] = None) -> str:
    """Run a command; gives its output, raises Failure with it."""
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode(errors="replace")
    if done.returncode:
        raise Failure(f"{' '.join(command[:2])}: {text.strip()[-2000:]}")
    return text


class Apt:
    """apt for arm64 with lists and a status of its own: nothing of this machine's changes."""

    def __init__(self, directory: str) -> None:
        self.archives = os.path.join(directory, "archives")
        for name in ("lists/partial", "archives/partial", "parts"):
            os.makedirs(os.path.join(directory, name))
        status, sources = os.path.join(directory, "status"), os.path.join(directory, "sources.list")
        open(status, "w").close()
        mirror, release = self._mirror()
        with open(sources, "w", encoding="utf-8") as file:
            for suite in (release, NEWEST_SUITE):
                file.write(f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {suite} main\n")
        self.release = release
        self._words = ["-qq"]
        for option in (f"Dir::Etc::sourcelist={sources}", f"Dir::Etc::sourceparts={directory}/parts",
                       f"Dir::State::lists={directory}/lists", f"Dir::State::status={status}",
                       f"Dir::Cache::archives={self.archives}", "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache=",
                       "APT::Architecture=arm64", "APT::Architectures=arm64", "APT::Sandbox::User=root",
                       "Debug::NoLocking=true"):
            self._words += ["-o", option]
        self("apt-get", "update")

    @staticmethod
    def _mirror() -> Tuple[str, str]:
        """This machine's own Debian mirror and release."""
        try:
            with open("/etc/os-release", encoding="utf-8") as file:
                release = re.search(r"^VERSION_CODENAME=(\w+)", file.read(), re.MULTILINE)
        except OSError:
            release = None
        text = ""
        for path in ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"):
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    text += file.read()
        found = re.search(r"^(?:URIs:|deb(?: \[.*?\])?) (\w+://\S+/debian/?)(?:\s|$)", text, re.MULTILINE)
        if release is None or found is None:
            raise Failure("needs a Debian machine with a Debian mirror in apt's sources")
        return found.group(1), release.group(1)

    def __call__(self, command: str, *words: str) -> str:
        return _call([command, *self._words, *words])

    def download(self, packages: Sequence[str], suite: str) -> List[str]:
        """Download *packages* and what they depend on; gives the files."""
        self("apt-get", "-y", "--no-install-recommends", "--download-only", "-t", suite, "install", *packages)
        return sorted(os.path.join(self.archives, name) for name in os.listdir(self.archives) if name.endswith(".deb"))

    def suite_with(self, package: str) -> str:
        """The suite that has a package, this machine's own release before the newest."""
        text = self("apt-cache", "policy", package)
        for suite in (self.release, NEWEST_SUITE):
            if re.search(rf"\b{suite}/main\b", text):
                return suite
        raise Failure(f"neither {self.release} nor {NEWEST_SUITE} has {package} for arm64")


def image(python: str, strace: str = "") -> str:
    """The directory with the machine's ``kernel`` and ``initrd``, made where it isn't there yet.

    *strace*: a directory of unpacked packages with a strace and its libraries (``usr/bin/strace``); it becomes the
    machine's ``strace``.
    """
    recipe = repr((python, PACKAGES, UNUSED, INIT, FILES, LINKS, strace and os.path.realpath(strace)))
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "strace-py-arm64")
    directory = os.path.join(cache, f"{python}-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}")
    if os.path.exists(os.path.join(directory, "initrd")):
        return directory
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=cache) as work:
        os.mkdir(os.path.join(work, "apt"))
        apt = Apt(os.path.join(work, "apt"))
        suite = apt.suite_with(f"python{python}")
        root = os.path.join(work, "root")
        for name in ("bin", "sbin", "lib"):  # Debian's merged /usr, see usrmerge(7)
            os.makedirs(os.path.join(root, "usr", name))
            os.symlink("usr/" + name, os.path.join(root, name))
        for package in apt.download([*PACKAGES, f"python{python}", f"libpython{python}-stdlib"], suite):
            # Through tar: dpkg would put directories where the links to usr are.
            unpack = 'dpkg --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"'
            _call(["sh", "-c", unpack, "sh", package, root])
        made = os.path.join(work, "made")
        os.mkdir(made)
        kernels = [name for name in os.listdir(os.path.join(root, "boot")) if name.startswith("vmlinuz")]
        shutil.move(os.path.join(root, "boot", kernels[0]), os.path.join(made, "kernel"))
        for name in UNUSED:
            for path in glob.glob(os.path.join(root, name) + "*"):
                shutil.rmtree(path, ignore_errors=True)
        _finish(root, python, strace)
        _archive(root, os.path.join(made, "initrd"))
        try:
            os.rename(made, directory)
        except OSError:  # another one was faster
            if not os.path.exists(os.path.join(directory, "initrd")):
                raise
    return directory


def _finish(root: str, python: str, strace: str) -> None:
    """Do what the packages' installation scripts would have done, as far as it matters here."""
    for name, text in {**FILES, "init": INIT}.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    os.chmod(os.path.join(root, "init"), 0o755)
    for name, target in LINKS.items():
        path = os.path.join(root, name)
        if not os.path.lexists(path):
            os.symlink(target.format(python=python), path)
    for name in ("dev", "proc", "sys", "tmp", "root", "run", "var/tmp", "usr/local/bin"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    os.chmod(os.path.join(root, "tmp"), 0o1777)
    if strace:
        place = "usr/lib/strace"
        shutil.copytree(os.path.join(strace, "usr", "lib", "aarch64-linux-gnu"), os.path.join(root, place),
                        symlinks=True, ignore=shutil.ignore_patterns("gconv"))
        shutil.copy(os.path.join(strace, "usr", "bin", "strace"), os.path.join(root, place))
        wrapper = os.path.join(root, "usr", "bin", "strace")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec /{place}/ld-linux-aarch64.so.1 --argv0 strace --library-path /{place} "
                       f'/{place}/strace "$@"\n')
        os.chmod(wrapper, 0o755)


def _archive(root: str, path: str) -> None:
    """Write a directory as an archive in the form that the kernel unpacks at its start.

    Not compressed: to unpack it costs an emulated processor more than the disk saved is worth.
    """
    _call(["sh", "-c", 'cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 >"$2"', "sh", root, path])


def _carry(items: Sequence[str], command: Sequence[str], directory: str) -> str:
    """An archive of the files to carry in, and of the command as ``/command``."""
    root = os.path.join(directory, "carried")
    os.mkdir(root)
    for item in items:
        source, _, target = item.partition("=")
        target = os.path.join(root, (target or os.path.abspath(source)).lstrip("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            # The kernel would make directories of its own way of those that are links in the machine.
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("__pycache__", ".git", ".mypy_cache", ".ruff_cache"))
        elif os.path.exists(source):
            shutil.copy2(source, target)
        else:
            raise Failure(f"{source}: no such file or directory")
    with open(os.path.join(root, "command"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexec " + " ".join(map(shlex.quote, command)) + "\n")
    os.chmod(os.path.join(root, "command"), 0o755)
    path = os.path.join(directory, "carried.cpio")
    _archive(root, path)
    return path


def run(directory: str, carried: str, timeout: float, cpus: int, memory: str, output: IO[bytes]) -> int:
    """Start the machine that *directory* holds; gives the command's exit status, 124 where there is none."""
    work = os.path.dirname(carried)
    initrd, console = os.path.join(work, "initrd"), os.path.join(work, "console")
    with open(initrd, "wb") as out:
        for path in (os.path.join(directory, "initrd"), carried):
            with open(path, "rb") as part:
                shutil.copyfileobj(part, out)
            out.write(b"\0" * (-out.tell() % 4))
    command = ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi,tb-size=512",
               "-smp", str(cpus), "-m", memory, "-display", "none", "-monitor", "none",
               "-no-reboot", "-nic", "none", "-kernel", os.path.join(directory, "kernel"), "-initrd", initrd,
               "-append", KERNEL, "-serial", f"file:{console}",
               "-chardev", "stdio,id=output,signal=off", "-device", "pci-serial,chardev=output"]
    machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    assert machine.stdout is not None and machine.stderr is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        machine.kill()

    alarm = threading.Timer(timeout, end)
    alarm.start()
    try:
        while True:
            data = machine.stdout.read1(65536)  # type: ignore[attr-defined]
            if not data:
                break
            output.write(data)
            output.flush()
        said = machine.stderr.read().decode(errors="replace")
        machine.wait()
    finally:
        alarm.cancel()
        machine.kill()
        machine.wait()
        machine.stdout.close()
        machine.stderr.close()
    with open(console, "rb") as file:
        text = file.read()
    found = _STATUS.search(text)
    if found:
        return int(found.group(1))
    why = f"no end after {timeout:g} s" if late.is_set() else f"the machine ended by itself {said.strip()}"
    tail = text.decode(errors="replace").splitlines()[-20:]
    print(f"arm64.py: {why}; the console's last lines:", *tail, sep="\n", file=sys.stderr)
    return 124


def main(arguments: Sequence[str]) -> int:
    """The command line, see the top of this file."""
    parser = argparse.ArgumentParser(prog="arm64.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--python", metavar="X.Y", default="3.11", help="CPython's version (default 3.11)")
    parser.add_argument("--carry", metavar="PATH[=GUEST]", action="append", default=[],
                        help="a file or directory to carry in, to the same absolute path or to GUEST")
    parser.add_argument("--strace", metavar="DIR", default="", help="unpacked packages with the strace to have inside")
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=120.0,
                        help="kill the machine after this (default 120)")
    parser.add_argument("--cpus", metavar="N", type=int, default=min(os.cpu_count() or 1, 4),
                        help="how many it has (default: as this machine, at most 4)")
    parser.add_argument("--memory", metavar="SIZE", default="2048M", help="as qemu's -m takes it (default 2048M)")
    parser.add_argument("--missing", action="store_true", help="only say what has to be installed")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command and its arguments")
    options = parser.parse_args(arguments)
    absent = missing()
    if absent:
        print(f"arm64.py: needs Debian's packages {' '.join(absent)}", file=sys.stderr)
    if absent or options.missing:
        return (125 if not options.missing else 1) if absent else 0
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("no command")
    # Whoever ends this script ends the machine, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        directory = image(options.python, options.strace)
        with tempfile.TemporaryDirectory(prefix="arm64-") as work:
            carried = _carry(options.carry, command, work)
            return run(directory, carried, options.timeout, options.cpus, options.memory, sys.stdout.buffer)
    except Failure as failure:
        print(f"arm64.py: {failure}", file=sys.stderr)
        return 125


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
