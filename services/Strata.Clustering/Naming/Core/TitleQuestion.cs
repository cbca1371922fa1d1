using System.IO.Hashing;
using System.Text;
using Strata.Clustering.Layers;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// What a chat model is told of a layer. The same words are the same question, whatever the layer's id: its answer is remembered by them.
/// </summary>
/// <param name="ContentHash">XXH64 of the sorted words.</param>
/// <param name="Words">The layer's words, best first.</param>
/// <param name="Examples">Titles of its nearest items, cut short.</param>
/// <param name="Neighbours">The nearest layers with their words.</param>
public sealed record TitleQuestion(
    ulong ContentHash,
    IReadOnlyList<string> Words,
    IReadOnlyList<string> Examples,
    IReadOnlyList<(uint LayerId, IReadOnlyList<string> Words)> Neighbours)
{
    private const int NeighboursTold = 3;
    private const int LongestExample = 100;

    /// <summary>The question about a layer; null while it has no words.</summary>
    /// <param name="titleOf">Title of an item; null when it is not known.</param>
    public static TitleQuestion? Of(LayerSet set, int index, Func<string, string?> titleOf)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(titleOf);
        if (set.Layers[index].Name is not { Words.Count: > 0 } name)
        {
            return null;
        }

        string[] words = WordsOf(name);
        string[] examples = [.. name.ExampleItemIds.Select(titleOf).OfType<string>()
            .Select(title => title.Length <= LongestExample ? title : title[..LongestExample])];
        var neighbours = set.Nearest(index, NeighboursTold).Where(other => set.Layers[other].Name is { Words.Count: > 0 })
            .Select(other => (set.Layers[other].Id, (IReadOnlyList<string>)WordsOf(set.Layers[other].Name!)));
        return new TitleQuestion(HashOf(name), words, examples, [.. neighbours]);
    }

    /// <summary>Hash of a layer's content: XXH64 of its sorted words.</summary>
    public static ulong HashOf(LayerName name)
        => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', WordsOf(name).Order(StringComparer.Ordinal))));

    private static string[] WordsOf(LayerName name) => [.. name.Words.Select(word => word.Word)];
}
