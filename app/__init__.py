"""The command line, settings and wiring: the one room that knows all the others. 装配。"""
