using System.Globalization;
using Strata.Contracts.Layers.V1;

namespace Strata.Cli.Layers;

/// <summary>Says what is new in a layer set, line by line.</summary>
internal sealed class LayerWatch
{
    private const double Moved = 0.01;

    private Dictionary<uint, LayerSummary>? _before;

    /// <summary>What changed since the last call: layers that came and went, and those whose share moved by a hundredth or more.</summary>
    public IReadOnlyList<string> Look(ListLayersResponse set)
    {
        var now = set.Layers.ToDictionary(layer => layer.LayerId);
        var before = _before;
        _before = now;
        if (before is null)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"version {set.Version}: {now.Count} layers")];
        }

        var changes = before.Keys.Except(now.Keys).Order().Select(gone => $"{gone} went ({Words(before[gone])})")
            .Concat(now.Keys.Except(before.Keys).Order().Select(born => $"{born} came ({Words(now[born])})"))
            .Concat(now.Values
                .Where(layer => before.TryGetValue(layer.LayerId, out var was) && Math.Abs(layer.Share - was.Share) >= Moved)
                .Select(layer => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer.LayerId} from {before[layer.LayerId].Share:P1} to {layer.Share:P1} ({Words(layer)})")));
        return [.. changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"version {set.Version}: {change}"))];
    }

    private static string Words(LayerSummary layer) => string.Join(", ", layer.Words.Take(4));
}
