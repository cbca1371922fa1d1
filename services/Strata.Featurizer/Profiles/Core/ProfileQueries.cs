using System.Text;
using Google.Protobuf.Collections;
using Strata.Contracts.Common.V1;
using Strata.Contracts.State.V1;

namespace Strata.Featurizer.Profiles.Core;

/// <summary>The last distinct queries of a user, newest first by event time.</summary>
internal static class ProfileQueries
{
    /// <summary>Bytes kept of a query's text: enough to show it again, and a bound on the profile.</summary>
    public const int LongestText = 64;

    /// <summary>Terms kept of a query.</summary>
    public const int MostTerms = 16;

    public static void Add(RepeatedField<ProfileQuery> queries, in ProfileAct act, int most)
    {
        var query = Describe(act.Query, act.Vector, act.Terms, act.TimeUnixMs);
        for (var i = queries.Count - 1; i >= 0; i--)
        {
            if (queries[i].Text == query.Text)
            {
                // Two long texts may be one up to the cut: the newer's vector is the query's.
                query = queries[i].TimeUnixMs > query.TimeUnixMs ? queries[i] : query;
                queries.RemoveAt(i);
            }
        }

        var at = 0;
        while (at < queries.Count && queries[at].TimeUnixMs > query.TimeUnixMs)
        {
            at++;
        }

        queries.Insert(at, query);
        while (queries.Count > most)
        {
            queries.RemoveAt(queries.Count - 1);
        }
    }

    /// <summary>A query as a profile holds it.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="centred">Its vector less the mean of plain queries; null when there is none.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="timeUnixMs">Event time.</param>
    public static ProfileQuery Describe(string text, Vector? centred, IReadOnlyList<TermWeight> terms, long timeUnixMs) => new()
    {
        Text = Cut(text),
        Vector = centred,
        Centred = true,
        Terms = { terms.Take(MostTerms).Select(term => term.Term) },
        TimeUnixMs = timeUnixMs,
    };

    /// <summary>The part of a text by which a query is known.</summary>
    public static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestText)
        {
            return text;
        }

        var cut = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestText)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }
}
