"""The duty room's parts, each in a process of its own. 分进程。

The same acts as in one process, on a shared book. Nobody leads: what is due is claimed by rows,
and what was written is told by NOTIFY.
"""
