"""The book: state and outgoing intent, committed together in SQL. 台账。"""
