"""All that talks to the kernel: pure ctypes bindings to libc, and nothing of ours is imported here.

Read in this order: libc (the C functions), ptrace (requests and their structures), status (what
waitpid said), memory (a tracee's bytes), spawn (fork and execve), seccomp (cBPF programs), clock.
"""
