"""Rank and linear correlation on small tables with ties, computed from the definitions and unlike the library does it.

Ranks come from counting (how many values are smaller, how many are equal), not from sorting; Pearson's r comes from
numpy.corrcoef. Where scipy is installed, scipy.stats.spearmanr and pearsonr are asserted to agree.
Run: python3 correlation.py > correlation.json
"""
import json
import numpy as np

try:
    from scipy import stats
except ImportError:
    stats = None


def average_ranks(values):
    values = np.asarray(values, dtype=np.float64)
    smaller = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return smaller + (equal + 1) / 2


def pearson(x, y):
    return float(np.corrcoef(x, y)[0, 1])


def case(name, x, y):
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    rho, r = pearson(average_ranks(x), average_ranks(y)), pearson(x, y)
    if stats is not None:
        assert abs(rho - stats.spearmanr(x, y).statistic) < 1e-12 and abs(r - stats.pearsonr(x, y).statistic) < 1e-12
    return {"name": name, "x": x.tolist(), "y": y.tolist(), "ranks_of_x": average_ranks(x).tolist(), "spearman": rho, "pearson": r}


generator = np.random.default_rng(20240607)
noise = generator.normal(size=200)
cases = [
    case("no ties", [3.5, 1, 4, 1.5, 9], [2, 7, 1, 8, 2.5]),
    case("ties in both", [1, 2, 2, 3, 3, 3, 4], [1, 1, 2, 2, 3, 3, 3]),
    case("binary labels", generator.normal(size=50).round(1), generator.integers(0, 2, size=50)),
    case("perfect, not linear", [1, 2, 3, 4, 5], [1, 8, 27, 64, 125]),
    case("reversed", [1, 2, 3, 4], [10, 8, 6, 4]),
    case("large mean", 1e6 + noise, 1e6 + noise + generator.normal(size=200)),
    case("many ties", generator.integers(0, 4, size=300), generator.integers(0, 6, size=300)),
]
print(json.dumps({"producer": "OWN: correlation.py beside this file, numpy " + np.__version__ + ("" if stats is None else ", agrees with scipy"), "cases": cases}))
