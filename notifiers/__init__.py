"""Finished text out to people: wording, channels, the answers they give. 通知。"""
