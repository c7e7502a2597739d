"""Intake, clock, deliver: what arrives, what is due, what must be sent. 流。"""
