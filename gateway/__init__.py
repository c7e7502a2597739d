"""HTTP in, pages out. 网关。"""
