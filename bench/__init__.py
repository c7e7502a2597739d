"""Benchmarks of real processes on this machine's loopback. 测速。"""
