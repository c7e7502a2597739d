"""Benchmarks with figures in JSON. 测速。"""
