using System.Collections.Concurrent;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Strata.Evaluator.Reports;

namespace Strata.Cli.Frame;

/// <summary>One bar for each step of an evaluation, with what it does a second and the time left.</summary>
internal sealed class ProgressBars : IEvaluationProgress
{
    private readonly ProgressContext _context;
    private readonly ConcurrentDictionary<int, string> _units;

    private ProgressBars(ProgressContext context, ConcurrentDictionary<int, string> units) => (_context, _units) = (context, units);

    /// <summary>Shows bars while <paramref name="work"/> runs.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<IEvaluationProgress, Task<T>> work)
    {
        var units = new ConcurrentDictionary<int, string>();
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RateColumn(units),
                new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressBars(context, units)));
    }

    public Action<int> Begin(string name, int total, string unit)
    {
        var bar = _context.AddTask(name, maxValue: Math.Max(1, total));
        _units[bar.Id] = unit;
        return done => bar.Value = done;
    }

    private sealed class RateColumn(ConcurrentDictionary<int, string> units) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
            => new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Speed ?? 0:N0} {units.GetValueOrDefault(task.Id, "")}/s"))
                .RightJustified();
    }
}
