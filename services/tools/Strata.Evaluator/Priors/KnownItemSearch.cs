using Strata.Contracts.State.V1;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;

namespace Strata.Evaluator.Priors;

/// <summary>
/// Searches for data sets that have none: before some of the events their user is taken to have looked for the item by two or three words
/// of its title (known-item search: Azzopardi, de Rijke and Balog 2007).
/// </summary>
internal sealed class KnownItemSearch(ReplayStream stream, int seed)
{
    private const double Searched = 0.4;

    // Of these, the share whose search is what they did last; the others did something in between, and half of those looked for
    // something else.
    private const double Last = 0.5;
    private const double Elsewhere = 0.5;
    private const int ShortestWord = 3;

    /// <summary>What was typed before an event; null: nothing.</summary>
    public AskedQuery? Before(int index)
    {
        var random = new Random((seed * 1_000_003) ^ index);
        if (random.NextDouble() >= Searched)
        {
            return null;
        }

        var last = random.NextDouble() < Last;
        var item = !last && random.NextDouble() < Elsewhere ? random.Next(stream.Items.Length) : stream.Item[index];
        var words = stream.Items[item].Title.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant())
            .Where(word => word.Length >= ShortestWord).Distinct(StringComparer.Ordinal).ToArray();
        if (words.Length == 0)
        {
            return null;
        }

        var count = Math.Min(words.Length, 2 + random.Next(2));
        var first = random.Next(words.Length - count + 1);
        return new AskedQuery(string.Join(' ', words[first..(first + count)]), last);
    }
}

/// <summary>A query that a user is taken to have typed before an event.</summary>
/// <param name="Text">What they typed.</param>
/// <param name="Last">It is what they did last.</param>
internal sealed record AskedQuery(string Text, bool Last)
{
    private const long AgoMs = 1000;

    /// <summary>The query as their profile has it.</summary>
    public ProfileQuery At(long timeMs, long lastEventMs, QueryFeatures queries) => queries.InProfile(
        Text,
        Last ? timeMs : (lastEventMs > 0 ? Math.Min(timeMs, lastEventMs) : timeMs) - AgoMs);
}
