namespace Strata.ServiceDefaults.Settings.Core;

/// <summary>What somebody may have meant who wrote a name that is none.</summary>
internal static class NearestName
{
    /// <summary>
    /// The name that the fewest strokes lead to: two of them, in a long name one for every four letters; null where none is near.
    /// </summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        var (name, strokes) = names
            .Select(name => (Name: name, Strokes: Strokes(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Strokes).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault((Name: "", Strokes: int.MaxValue));
        return strokes <= Math.Max(2, written.Length / 4) && strokes < written.Length ? name : null;
    }

    /// <summary>Optimal string alignment: letters put in, left out, changed, or two neighbours exchanged.</summary>
    private static int Strokes(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                distance[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1,
                    distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[a.Length, b.Length];
    }
}
