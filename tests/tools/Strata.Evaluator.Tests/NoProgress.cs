using Strata.Evaluator.Reports;

namespace Strata.Evaluator.Tests;

internal sealed class NoProgress : IEvaluationProgress
{
    public Action<int> Begin(string name, int total, string unit) => static _ => { };
}
