"""Writes reference.json: inputs, and what scipy, numpy and scikit-learn say of them.

Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
"""
import json

import numpy as np
import scipy.special
import scipy.stats
import sklearn.covariance
import sklearn.metrics

rng = np.random.default_rng(7)
x = np.round(rng.normal(0, 1, 40), 2)
y = np.round(rng.normal(0.4, 1.5, 27), 1)  # ties, and another size
u = np.round(rng.normal(0, 1, 30), 1)
v = np.round(0.6 * u + rng.normal(0, 1, 30), 1)
labels = rng.random(30) < 0.4
p = rng.dirichlet(np.ones(6))
q = np.append(rng.dirichlet(np.ones(5)), 0.0)  # a bin without mass
a = rng.integers(0, 4, 60)
b = np.where(rng.random(60) < 0.5, a % 3, rng.integers(0, 3, 60))
m = np.round(rng.normal(0, 1, (25, 4)) @ rng.normal(0, 1, (4, 4)) + 3, 3)
probabilities = [1e-300, 1e-50, 1e-17, 1e-9, 1e-3, 0.0199, 0.0201, 0.3, 0.5, 0.8, 0.99, 1 - 1e-12]
quantiles = [0.0, 0.1, 0.25, 0.5, 0.733, 1.0]

table = np.zeros((4, 3))
np.add.at(table, (a, b), 1)
eigenvalues = np.linalg.eigvalsh(np.cov(m.T))[::-1]
share = eigenvalues / eigenvalues.sum()
centred = x - x.mean()
shrunk = 0.8 * np.cov(m.T) + 0.2 * np.trace(np.cov(m.T)) / 4 * np.eye(4)


def cramers_v(table):
    """Bergsma 2013, from scipy's chi-square."""
    n = table.sum()
    r, c = table.shape
    phi2 = scipy.stats.chi2_contingency(table, correction=False).statistic / n
    phi2 = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return np.sqrt(phi2 / (min(r, c) - 1))


json.dump({
    "x": x.tolist(), "y": y.tolist(), "u": u.tolist(), "v": v.tolist(), "labels": labels.tolist(),
    "p": p.tolist(), "q": q.tolist(), "a": a.tolist(), "b": b.tolist(), "m": m.ravel().tolist(),
    "probabilities": probabilities, "quantile_at": quantiles,
    "ks": scipy.stats.ks_2samp(x, y).statistic,
    "auc": sklearn.metrics.roc_auc_score(labels, u),
    "ranks": scipy.stats.rankdata(u).tolist(),
    "spearman": scipy.stats.spearmanr(u, v).statistic,
    "pearson": scipy.stats.pearsonr(u, v).statistic,
    "tvd": float(np.abs(p - q).sum() / 2),
    "entropy": scipy.stats.entropy(p),
    "mean": x.mean(), "variance": x.var(ddof=1),
    "quantiles": np.quantile(x, quantiles).tolist(),
    "normal_quantiles": scipy.special.ndtri(probabilities).tolist(),
    "cramers_v": cramers_v(table),
    "covariance": np.cov(m.T).ravel().tolist(),
    "correlation": np.corrcoef(m.T).ravel().tolist(),
    "eigenvalues": eigenvalues.tolist(),
    "effective_rank": float(np.exp(-(share * np.log(share)).sum())),
    "log_det": np.linalg.slogdet(np.cov(m.T))[1],
    "log_det_shrunk": np.linalg.slogdet(shrunk)[1],
    "ledoit_wolf": sklearn.covariance.ledoit_wolf_shrinkage(m),
    "autocorrelation": [float((centred[:40 - k] * centred[k:]).sum() / (centred ** 2).sum()) for k in range(11)],
}, open("reference.json", "w"), indent=None)
