using Strata.Evaluator.Reports;

namespace Strata.Cli.Frame;

/// <summary>Ends a step where it tells how far it is, so that Ctrl-C need not wait for work that looks at no token.</summary>
internal sealed class StoppableProgress(IEvaluationProgress progress, CancellationToken cancellationToken) : IEvaluationProgress
{
    public Action<int> Begin(string name, int total, string unit)
    {
        var tell = progress.Begin(name, total, unit);
        return done =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            tell(done);
        };
    }
}
