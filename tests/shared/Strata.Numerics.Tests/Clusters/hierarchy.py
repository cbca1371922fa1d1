#!/usr/bin/env python3
"""Makes hierarchy.json: vectors, and what scikit-learn's DBSCAN, SciPy's ward, scikit-learn's silhouette and NumPy's svd make of them. Run beside the file: python3 hierarchy.py (scikit-learn 1.2.1, SciPy 1.10)."""
import json

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import DBSCAN
from sklearn.metrics import silhouette_score

generator = np.random.default_rng(6)
centres = generator.normal(size=(5, 16))
rows = np.concatenate([centre + generator.normal(size=(size, 16)) * spread for centre, size, spread in zip(centres, (9, 7, 5, 3, 2), (0.15, 0.3, 0.45, 0.3, 0.7))] + [generator.normal(size=(6, 16))])
rows = rows[generator.permutation(len(rows))]
rows = np.round(rows / np.linalg.norm(rows, axis=1, keepdims=True), 7)
weights = np.round(generator.gamma(1.0, 1.0, len(rows)), 3)
runs = [
    {"eps": eps, "leastWeight": least, "labels": DBSCAN(eps=eps, min_samples=least, metric="cosine").fit(rows, sample_weight=weights).labels_.tolist()}
    for eps in (0.02, 0.05, 0.1, 0.2, 0.4)
    for least in (1, 2, 4)
]
ward = linkage(rows, "ward")
u, s, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
plane = u[:, :2] * s[:2]
plane *= np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
json.dump(
    {
        "rows": rows.tolist(),
        "weights": weights.tolist(),
        "dbscan": runs,
        "ward": ward.tolist(),
        "plane": plane.tolist(),
        "silhouette": {str(k): float(silhouette_score(rows, fcluster(ward, k, "maxclust"), metric="cosine")) for k in (2, 5, 9, 20)},
        "explained": float((s[:2] ** 2).sum() / (s**2).sum()),
        "cuts": {str(k): fcluster(ward, k, "maxclust").tolist() for k in (1, 2, 5, 9, 20)},
        "heights": {str(h): fcluster(ward, h, "distance").tolist() for h in (0.3, 0.6, 1.0)},
    },
    open("hierarchy.json", "w"),
    indent=0,
)
