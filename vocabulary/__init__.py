"""The words and facts that travel; knows nothing of any other room. 词汇。"""
