"""scikit-learn's side of the benchmark `kmeans`: arguments are the threads and the numbers of clusters.

Prints one JSON object with points a second and sgemm GFLOP/s."""
import json, statistics, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np, sklearn
from sklearn.cluster import MiniBatchKMeans
from threadpoolctl import threadpool_info, threadpool_limits

blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
if not blas:
    sys.exit("numpy runs on the reference BLAS, a tenth as fast as this machine: apt-get install libopenblas0-pthread")

threads, counts = int(sys.argv[1]), [int(k) for k in sys.argv[2:]]
D, B, BATCHES = 384, 1024, 8
threadpool_limits(threads)
rng = np.random.default_rng(0)
topics = rng.standard_normal((300, D), dtype=np.float32)

def points(n):
    x = topics[rng.integers(0, 300, n)] + .7 * rng.standard_normal((n, D), dtype=np.float32)
    return np.ascontiguousarray(x / np.linalg.norm(x, axis=1, keepdims=True), dtype=np.float32)

def median(work, times=7):
    work()
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)

batches = [points(B) for _ in range(BATCHES)]
a, b = (rng.standard_normal((2048, 2048), dtype=np.float32) for _ in range(2))
c = np.empty((2048, 2048), np.float32)
found = {
    "version": sklearn.__version__,
    "blas": f"{blas[0]['internal_api']} {blas[0]['version']} {blas[0]['architecture']}",
    "gflops": 2 * 2048**3 / median(lambda: np.dot(a, b, out=c)) / 1e9,
    "points": {},
}
for k in counts:
    km = MiniBatchKMeans(k, batch_size=B, init=points(k), n_init=1, random_state=0, compute_labels=False)
    km.partial_fit(batches[0])
    found["points"][k] = B * BATCHES / median(lambda: [km.partial_fit(x) for x in batches])
print(json.dumps(found))
