using System.IO.Hashing;
using System.Text;
using Strata.Contracts.Catalog.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Priors;

/// <summary>
/// Small systems that begin: from some moment of a set on, what a part of its users does, one to ten in ten of them, with the items that
/// they touch for a catalogue, until they have done a hundred to two hundred and fifty things.
/// </summary>
internal sealed class Beginnings(IReadOnlyList<Item> items, IReadOnlyList<DatasetEvent> events, int seed)
{
    /// <summary>Choices that are taken of each set's.</summary>
    public const int Choices = 1000;

    private const int FewestEvents = 100;
    private const int MostEvents = 250;
    private const int FewestItems = 3;
    private const int Attempts = 1000;

    /// <summary>The streams, one after the other; the same seed draws the same.</summary>
    public IEnumerable<ReplayStream> Streams()
    {
        var known = items.ToDictionary(item => item.ItemId, StringComparer.Ordinal);
        var inOrder = events.OrderBy(e => e.Time).ToArray();
        var random = new Random(seed);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var share = Math.Pow(10, -random.NextDouble());
            var length = random.Next(FewestEvents, MostEvents);
            var first = random.Next(Math.Max(1, inOrder.Length - (int)(length / share)));
            var salt = random.Next();
            var own = inOrder.Skip(first).Where(e => IsOf(e.User, salt, share)).Take(length).ToArray();
            var touched = own.Select(e => e.Item).Where(known.ContainsKey).ToHashSet(StringComparer.Ordinal);
            if (touched.Count >= FewestItems)
            {
                yield return ReplayStream.Of([.. items.Where(item => touched.Contains(item.ItemId))], own, new ReplayOptions());
            }
        }
    }

    private static bool IsOf(string user, int salt, double share)
        => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(user), salt) < share * uint.MaxValue;
}
