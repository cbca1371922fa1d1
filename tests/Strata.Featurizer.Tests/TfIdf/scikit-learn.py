#!/usr/bin/env python3
"""Makes scikit-learn.json: idf and vectors of titles.txt (500 products of UCI's Online Retail), words as terms. Run beside the file: python3 scikit-learn.py (scikit-learn 1.2.1)."""
import json
import re

from sklearn.feature_extraction.text import TfidfVectorizer

titles = open("titles.txt", encoding="utf-8").read().splitlines()
model = TfidfVectorizer(analyzer=lambda title: re.findall("[a-z0-9]+", title.lower()), smooth_idf=True, norm="l2")
vectors = model.fit_transform(titles)
terms = model.get_feature_names_out()
with open("scikit-learn.json", "w", encoding="utf-8") as file:
    json.dump(
        {
            "idf": {term: round(idf, 9) for term, idf in zip(terms, model.idf_.tolist())},
            "vectors": [{terms[column]: round(row[0, column], 9) for column in sorted(row.indices)} for row in vectors],
        },
        file,
        separators=(",", ":"),
    )
    file.write("\n")
