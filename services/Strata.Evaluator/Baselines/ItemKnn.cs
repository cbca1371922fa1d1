namespace Strata.Evaluator.Baselines;

/// <summary>
/// Items co-visited with the user's last ones: Σ_{k&lt;n} ψ^k · A[i_k][j] / √((nA[i_k] + λ)(nA[j] + λ)). Grid: n, ψ, λ and the half-life of A.
/// </summary>
internal sealed class ItemKnn : IBaseline
{
    private const int Window = 20;
    private const int Capacity = 200;
    private const double DayMs = 86_400_000;

    private static readonly double[] HalfLifeDays = [30, 90, double.PositiveInfinity];
    private static readonly int[] Lengths = [1, 2, 3, 5, 10, 20];
    private static readonly double[] Decays = [0.4, 0.6, 0.8, 0.9];
    private static readonly double[] Shrinkages = [1, 5, 20];

    private readonly NeighbourTable[] _tables;
    private readonly List<(int Table, int Length, double Decay, double Shrinkage)> _grid = [];

    public ItemKnn(int items, long startMs)
    {
        _tables = [.. HalfLifeDays.Select(days => new NeighbourTable(items, Capacity, days * DayMs, startMs))];
        for (var table = 0; table < _tables.Length; table++)
        {
            foreach (var shrinkage in Shrinkages)
            {
                _grid.AddRange(Lengths.SelectMany(length => (length == 1 ? [1] : Decays).Select(decay => (table, length, decay, shrinkage))));
            }
        }
    }

    public string Name => "item-knn";

    public IReadOnlyList<string> Settings => [.. _grid.Select(s => $"last {s.Length}, decay {s.Decay}, shrinkage {s.Shrinkage}, half-life {HalfLifeDays[s.Table]} d")];

    public void Prepare(in Request request)
    {
    }

    public void Score(in Request request, int setting, Scores scores)
    {
        var (tableNumber, length, decay, shrinkage) = _grid[setting];
        var table = _tables[tableNumber];
        var pull = shrinkage * table.UnitAt(request.TimeMs);
        var weight = 1.0;
        var items = request.History is { } history ? history.Items : [];
        for (var k = 0; k < Math.Min(length, items.Length); k++)
        {
            var own = weight / Math.Sqrt(table.Total(items[k]) + pull);
            var neighbours = table.Neighbours(items[k]);
            var weights = table.Weights(items[k]);
            for (var n = 0; n < neighbours.Length; n++)
            {
                scores.Add(neighbours[n], own * weights[n] / Math.Sqrt(table.Total(neighbours[n]) + pull));
            }

            weight *= decay;
        }
    }

    public void Learn(in Touch touch)
    {
        if (!touch.First)
        {
            return;
        }

        foreach (var table in _tables)
        {
            var unit = table.UnitAt(touch.TimeMs);
            var items = touch.Before is { } before ? before.Items : [];
            foreach (var item in items[..Math.Min(Window, items.Length)])
            {
                table.Add(item, touch.Item, unit);
                table.Add(touch.Item, item, unit);
            }

            table.Count(touch.Item, unit);
        }
    }
}
