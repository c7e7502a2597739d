"""Pure decisions: facts and `now` in, facts out. 规则。"""
