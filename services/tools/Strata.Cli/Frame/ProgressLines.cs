using System.Globalization;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Frame;

/// <summary>How far the work is, a line every ten seconds: what a log file keeps of it.</summary>
internal sealed class ProgressLines(TextWriter to, TimeProvider time) : IEvaluationProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _last = time.GetTimestamp();

    public Action<int> Begin(string name, int total, string unit) => done =>
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_last) >= Interval)
            {
                _last = time.GetTimestamp();
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {done:N0} of {total:N0} {unit}"));
            }
        }
    };
}
