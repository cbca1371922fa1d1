using Strata.Clustering.Assignment;
using Strata.Clustering.Catalogue.Core;
using Strata.Clustering.Layers;
using Strata.Numerics;

namespace Strata.Clustering.Naming.Core;

/// <summary>
/// Names layers by the items and the searches that lie in them. Words: class-based TF-IDF over their terms, a layer being a class
/// (Grootendorst 2022): score = Σ tf in the layer · ln(1 + A / Σ tf everywhere), A the mean mass of a layer; each stem is shown by the word
/// that titles use most for it, and stems that no title spells out are passed over. Examples: the items nearest to the centroid.
/// </summary>
public static class LayerNaming
{
    private const int Words = 5;
    private const int Examples = 5;

    // Some of the best stems have no word in a title.
    private const int Candidates = 4 * Words;
    private const int Block = 256;

    /// <summary>Names of all layers of a set.</summary>
    /// <param name="items">The catalogue, of the set's encoder, in ascending id.</param>
    /// <param name="queries">A sample of recent searches, in the order in which they came.</param>
    public static IReadOnlyDictionary<uint, LayerName> Name(LayerSet set, IReadOnlyList<CatalogueItem> items, IReadOnlyList<Sample> queries)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(queries);
        var members = Members(set, items, item => item.Vector);
        var searches = Members(set, queries, query => query.Vector);
        var typed = new QueryTerms(queries.Select(query => query.Query), items);
        var everywhere = new Dictionary<string, double>(StringComparer.Ordinal);
        var within = members.Zip(searches, (layer, searched) => TermMass(
            layer.SelectMany(member => member.Subject.Terms).Concat(searched.SelectMany(member => typed.Of(member.Subject.Query))),
            everywhere)).ToArray();
        var meanMass = everywhere.Values.Sum() / set.Count;
        var stems = within.Select(layer => layer
            .Select(term => (Stem: term.Key, Score: term.Value * Math.Log(1 + (meanMass / everywhere[term.Key]))))
            .OrderByDescending(term => term.Score).ThenBy(term => term.Stem, StringComparer.Ordinal)
            .Take(Candidates).ToArray()).ToArray();
        var surfaces = new SurfaceForms(stems.SelectMany(layer => layer).Select(term => term.Stem));
        foreach (var item in items)
        {
            surfaces.Learn(item);
        }

        var names = new Dictionary<uint, LayerName>(set.Count);
        for (var i = 0; i < set.Count; i++)
        {
            names[set.Layers[i].Id] = new LayerName(WordsOf(stems[i], surfaces), ExamplesOf(members[i]), members[i].Count);
        }

        return names;
    }

    private static List<(T Subject, float Cosine)>[] Members<T>(LayerSet set, IReadOnlyList<T> subjects, Func<T, Int8Vector> vectorOf)
    {
        var members = new List<(T, float)>[set.Count];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = [];
        }

        var assigner = new Assigner(set);
        var points = new float[Block * set.Dimensions];
        var nearest = new Nearest[Block];
        foreach (var block in subjects.Chunk(Block))
        {
            var centred = new List<T>(Block);
            foreach (var subject in block)
            {
                var vector = vectorOf(subject);
                if (vector.Dimensions == set.Dimensions
                    && vector.TryCentre(set.Mean.Span, points.AsSpan(centred.Count * set.Dimensions, set.Dimensions)))
                {
                    centred.Add(subject);
                }
            }

            assigner.Assign(points.AsSpan(0, centred.Count * set.Dimensions), nearest);
            for (var i = 0; i < centred.Count; i++)
            {
                members[nearest[i].First].Add((centred[i], nearest[i].FirstCosine));
            }
        }

        return members;
    }

    private static Dictionary<string, double> TermMass(
        IEnumerable<(string Term, float Frequency)> terms, Dictionary<string, double> everywhere)
    {
        var mass = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (term, frequency) in terms)
        {
            mass[term] = mass.GetValueOrDefault(term) + frequency;
            everywhere[term] = everywhere.GetValueOrDefault(term) + frequency;
        }

        return mass;
    }

    private static List<(string Word, float Score)> WordsOf((string Stem, double Score)[] stems, SurfaceForms surfaces)
    {
        var words = new List<(string Word, float Score)>(Words);
        foreach (var (stem, score) in stems)
        {
            if (words.Count < Words && surfaces.WordFor(stem) is { } word && words.TrueForAll(known => known.Word != word))
            {
                words.Add((word, (float)score));
            }
        }

        return words;
    }

    private static string[] ExamplesOf(List<(CatalogueItem Subject, float Cosine)> members) =>
    [
        .. members.OrderByDescending(member => member.Cosine).ThenBy(member => member.Subject.Id, StringComparer.Ordinal)
            .Take(Examples).Select(member => member.Subject.Id),
    ];
}
