using System.Diagnostics.CodeAnalysis;
using Strata.Contracts.Ranking.V1;
using Strata.RankingModel;

namespace Strata.Optimizer.Estimates;

/// <summary>A slate that was shown, as an estimate needs it: items in the order of their positions.</summary>
internal sealed class LoggedSlate
{
    private LoggedSlate(TrainingExample example, float[] features)
    {
        (Schema, Context) = (example.Schema, (int)example.Context);
        Expected = [.. example.Expected];
        Offsets = example.Offsets.Count > 0 ? [.. example.Offsets] : new float[Expected.Length];
        Chosen = new bool[Expected.Length];
        foreach (var index in example.Chosen)
        {
            Chosen[index] = true;
        }

        Features = features;
    }

    public uint Schema { get; }

    public int Context { get; }

    /// <summary>Clicks of each item once it is looked at, as its layer lets expect.</summary>
    public float[] Expected { get; }

    public bool[] Chosen { get; }

    /// <summary>What each item's score had beside what its features are worth to a model.</summary>
    public float[] Offsets { get; }

    /// <summary>Raw values, item by item.</summary>
    public float[] Features { get; }

    public int Count => Expected.Length;

    /// <summary>Reads what an example says of its slate; false when it says nothing, as all but the first of a slate.</summary>
    public static bool TryRead(TrainingExample example, [NotNullWhen(true)] out LoggedSlate? slate)
    {
        slate = null;
        var count = example.Expected.Count;
        if (count == 0
            || count != example.Candidates
            || example.Context >= Contexts.Count
            || example.Features.Length % (2 * count) != 0
            || example.Chosen.Any(index => index >= count)
            || (example.Offsets.Count > 0 && example.Offsets.Count != count))
        {
            return false;
        }

        var features = new float[example.Features.Length / 2];
        slate = FeatureBytes.TryDecode(example.Features.Span, features) ? new LoggedSlate(example, features) : null;
        return slate is not null;
    }
}
