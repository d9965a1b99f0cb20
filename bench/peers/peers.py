"""Runs synthos and what else there is on datasets whose damage is known.

    pip install -r bench/peers/requirements.txt
    python3 bench/peers/peers.py --data DIR --cases REGEXP --synthos ./synthos

Every tool judges each dataset against its reference as it comes, without settings of ours. Printed are, of
each tool, the area under the ROC curve of its score (damaged against healthy datasets), what its own decision
says of both where it decides at all, and the CPU seconds of the median dataset.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OrdinalEncoder

warnings.filterwarnings("ignore")


def synthos(data, reference, case, options):
    """The collapse score and the decision; without the stages that find and mend rows."""
    command = [options.synthos, "validate", case.file, "--reference", case.reference_file]
    done = subprocess.run(command + ["--omit", "localize,recommend", "--no-cache", "--config", "none", "--quiet", "--json"], capture_output=True, text=True)
    result = json.loads(done.stdout)
    return -result["collapse_score"], not result["approved_for_training"]


def evidently(data, reference, case, options):
    """The share of columns that drifted; a dataset has drifted if that is half of them."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    metrics = Report([DataDriftPreset()]).run(data, reference).dict()["metrics"]
    share = next(m["value"]["share"] for m in metrics if m["metric_name"].startswith("DriftedColumnsCount"))
    return share, share >= 0.5


def metadata(reference):
    """What SDMetrics needs to be told of columns: whether they are numbers."""
    kinds = {c: "numerical" if pd.api.types.is_numeric_dtype(t) else "categorical" for c, t in reference.dtypes.items()}
    return {"columns": {c: {"sdtype": k} for c, k in kinds.items()}}


def sdmetrics_quality(data, reference, case, options):
    """The overall score of the quality report; it does not decide."""
    from sdmetrics.reports.single_table import QualityReport

    report = QualityReport()
    report.generate(reference, data, metadata(reference), verbose=False)
    return -report.get_score(), None


def sdmetrics_diagnostic(data, reference, case, options):
    """The overall score of the diagnostic report, whose checks should all pass: less than 1 is a failure."""
    from sdmetrics.reports.single_table import DiagnosticReport

    report = DiagnosticReport()
    report.generate(reference, data, metadata(reference), verbose=False)
    return -report.get_score(), report.get_score() < 1


def numbers(data, reference):
    """Both tables as numbers: levels by their order in the reference, nulls as -2."""
    texts = [c for c in reference.columns if not pd.api.types.is_numeric_dtype(reference[c])]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(reference[texts].astype(str)) if texts else None
    out = []
    for table in (data, reference):
        table = table[reference.columns].copy()
        if texts:
            table[texts] = encoder.transform(table[texts].astype(str))
        out.append(table.apply(pd.to_numeric, errors="coerce").fillna(-2).to_numpy(float))
    return out


def isolation_forest(data, reference, case, options):
    """The share of rows that a forest grown on the reference calls outliers; it does not decide about datasets."""
    x, y = numbers(data, reference)
    return float(np.mean(IsolationForest(random_state=0).fit(y).predict(x) < 0)), None


def cleanlab(data, reference, case, options):
    """The share of rows whose label of the first class column of the manifest is an issue; it does not decide."""
    from cleanlab.classification import CleanLearning
    from sklearn.ensemble import RandomForestClassifier

    target = next((t.split(":")[0] for t in case.targets.split(";") if t.endswith(":cls")), None)
    if target is None:
        raise ValueError("no column of classes")
    data = data[data[target].notna()]
    labels = data[target].astype(str)
    labels = labels[labels.map(labels.value_counts()) >= 10]  # it wants each class in each of five parts
    x, _ = numbers(data.loc[labels.index].drop(columns=target), reference.drop(columns=target))
    codes = labels.astype("category").cat.codes.to_numpy(int)
    issues = CleanLearning(RandomForestClassifier(random_state=0)).find_label_issues(x, codes)
    return float(issues["is_label_issue"].mean()), None


TOOLS = [synthos, sdmetrics_quality, sdmetrics_diagnostic, evidently, cleanlab, isolation_forest]


def cpu():
    """CPU seconds of this process and of those it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path, help="folder with a manifest.csv: bench/quality --help lists its columns")
    parser.add_argument("--cases", default=".", help="only the cases whose id matches")
    parser.add_argument("--synthos", default="synthos", help="the program (default: synthos)")
    parser.add_argument("--tools", default="", help="only these, separated by commas: " + ", ".join(t.__name__ for t in TOOLS))
    options = parser.parse_args()
    manifest = pd.read_csv(options.data / "manifest.csv", keep_default_na=False)
    manifest = manifest[manifest.id.str.contains(options.cases, regex=True) & (manifest.reference_file != "") & (manifest.kind == "tabular")]
    print(f"{len(manifest)} datasets, {(manifest.label == 'healthy').sum()} of them healthy\n")
    print("| tool | area under the curve | damaged: seen | healthy: rejected | CPU s, median | CPU s, all | could not judge |\n|---|---|---|---|---|---|---|")
    for tool in TOOLS:
        if options.tools and tool.__name__ not in options.tools.split(","):
            continue
        damaged, scores, decisions, took, failed = [], [], [], [], 0
        for case in manifest.itertuples():
            case = case._replace(file=options.data / case.file, reference_file=options.data / case.reference_file)
            data, reference = pd.read_csv(case.file), pd.read_csv(case.reference_file)
            began = cpu()
            try:
                score, decision = tool(data, reference, case, options)
            except Exception as error:
                failed += 1
                print(f"{tool.__name__}: {case.id}: {type(error).__name__}: {str(error)[:200]}", flush=True, file=sys.stderr)
                continue
            took.append(cpu() - began)
            damaged.append(case.label != "healthy")
            scores.append(score)
            decisions.append(decision)
        share = lambda of: "does not decide" if decisions[0] is None else f"{sum(d for d, x in zip(decisions, damaged) if x == of)} of {damaged.count(of)}"
        print(f"| {tool.__name__} | {roc_auc_score(damaged, scores):.3f} | {share(True)} | {share(False)} | {statistics.median(took):.1f} | {sum(took):.0f} | {failed} |", flush=True)


if __name__ == "__main__":
    main()
