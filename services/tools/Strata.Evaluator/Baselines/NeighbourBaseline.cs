namespace Strata.Evaluator.Baselines;

/// <summary>
/// Scores what goes with the user's last items: Σ_{k&lt;n} ψ^k · weight of j beside i_k. What a weight is and how it is learned differs.
/// Grid: n, ψ, shrinkage λ and the half-life of the weights.
/// </summary>
/// <param name="items">Number of items.</param>
/// <param name="startMs">Time of the first event.</param>
/// <param name="halfLifeDays">Half-lives to try.</param>
/// <param name="shrinkages">λ to try.</param>
/// <param name="lengths">n to try; null: from 1 to 64.</param>
internal abstract class NeighbourBaseline(
    int items, long startMs, double[] halfLifeDays, double[] shrinkages, int[]? lengths = null) : IBaseline
{
    private const int Capacity = 200;

    private static readonly int[] Lengths = [1, 2, 3, 5, 10, 20, 64];
    private static readonly double[] Decays = [0.25, 0.4, 0.6, 0.8, 0.9, 0.97];

    private readonly NeighbourTable[] _tables =
    [
        .. halfLifeDays.Select(days => new NeighbourTable(items, Capacity, days * DayMs, startMs)),
    ];
    private readonly (int Table, double Shrinkage, int Length, double Decay)[] _grid =
    [
        .. from table in Enumerable.Range(0, halfLifeDays.Length)
           from shrinkage in shrinkages
           from length in lengths ?? Lengths
           from decay in length == 1 ? [1] : Decays
           select (table, shrinkage, length, decay),
    ];

    /// <summary>Milliseconds of a day.</summary>
    protected const double DayMs = 86_400_000;

    public abstract string Name { get; }

    public IReadOnlyList<string> Settings
        => [.. _grid.Select(s => $"last {s.Length}, decay {s.Decay}, shrinkage {s.Shrinkage}, half-life {halfLifeDays[s.Table]} d")];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores)
    {
        var (number, shrinkage, length, decay) = _grid[setting];
        var table = _tables[number];
        var pull = shrinkage * table.UnitAt(request.TimeMs);
        var weight = 1.0;
        var last = request.History is { } history ? history.Items : [];
        for (var k = 0; k < Math.Min(length, last.Length); k++)
        {
            var own = weight / Divisor(table.Total(last[k]) + pull);
            var neighbours = table.Neighbours(last[k]);
            var weights = table.Weights(last[k]);
            for (var n = 0; n < neighbours.Length; n++)
            {
                scores.Add(neighbours[n], own * weights[n] / OtherDivisor(table.Total(neighbours[n]) + pull));
            }

            weight *= decay;
        }
    }

    public void Learn(in Touch touch)
    {
        if (touch.First)
        {
            foreach (var table in _tables)
            {
                Learn(touch, table, table.UnitAt(touch.TimeMs));
            }
        }
    }

    /// <summary>What a weight is divided by, from the shrunken total of the user's item.</summary>
    protected abstract double Divisor(double total);

    /// <summary>What it is also divided by, from the shrunken total of the other item.</summary>
    protected abstract double OtherDivisor(double total);

    /// <summary>Learns a first touch; <paramref name="unit"/> is what 1 weighs now.</summary>
    protected abstract void Learn(in Touch touch, NeighbourTable table, double unit);
}

/// <summary>
/// Items co-visited with the user's last ones: A[i][j] / √((nA[i] + λ)(nA[j] + λ)), where a first touch is a co-visit of the twenty items
/// before.
/// </summary>
internal sealed class ItemKnn(int items, long startMs, int[]? lengths = null)
    : NeighbourBaseline(items, startMs, [30, 90, double.PositiveInfinity], [1, 5, 20], lengths)
{
    private const int Window = 20;

    public override string Name => "item-knn";

    protected override double Divisor(double total) => Math.Sqrt(total);

    protected override double OtherDivisor(double total) => Math.Sqrt(total);

    protected override void Learn(in Touch touch, NeighbourTable table, double unit)
    {
        var before = touch.Before is { } history ? history.Items : [];
        foreach (var item in before[..Math.Min(Window, before.Length)])
        {
            table.Add(item, touch.Item, unit);
            table.Add(touch.Item, item, unit);
        }

        table.Count(touch.Item, unit);
    }
}

/// <summary>
/// What came next after the user's last items: B[i][j] / (nB[i] + λ), where a first touch adds 0.8^k / (1 + days since) from each of the
/// five items before.
/// </summary>
internal sealed class Markov(int items, long startMs) : NeighbourBaseline(items, startMs, [60, double.PositiveInfinity], [2, 10, 50, 200])
{
    private const int Window = 5;
    private const double StepDecay = 0.8;

    public override string Name => "markov";

    protected override double Divisor(double total) => total;

    protected override double OtherDivisor(double total) => 1;

    protected override void Learn(in Touch touch, NeighbourTable table, double unit)
    {
        for (var k = 0; touch.Before is { } before && k < Math.Min(Window, before.Items.Length); k++)
        {
            var weight = unit / (1 + ((touch.TimeMs - before.Times[k]) / DayMs));
            table.Add(before.Items[k], touch.Item, weight);
            table.Count(before.Items[k], weight);
            unit *= StepDecay;
        }
    }
}
