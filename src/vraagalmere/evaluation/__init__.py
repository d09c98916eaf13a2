"""The citation-accuracy suite: anyone can check us.

Generate once, score often: `run` writes a folder with answers, `scoring` turns it into figures without asking
again, `report`, `compare`, `sample` and `counterfactual` read them. Everything is deterministic: spans and
literal words, no opinions.
"""
