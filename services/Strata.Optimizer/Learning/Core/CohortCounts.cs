using System.Globalization;
using Google.Protobuf;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// What users with an attribute in common choose, by layer, beside what everybody does. Sums in the order of the examples, all halved
/// together: the same examples give the same bytes.
/// </summary>
public sealed class CohortCounts
{
    /// <summary>Cohorts counted, at most; later ones are not.</summary>
    public const int Most = 64;

    /// <summary>Segments counted beside them, at most: those with the highest ids, which are the newest.</summary>
    public const int MostSegments = 64;

    /// <summary>With what the names of segments begin, before their ids.</summary>
    public const string SegmentPrefix = "segment=";

    private const int UserBytes = 32;
    private const string Everybody = "";

    // Choices of everybody at which all counts are halved, and what then is too little to keep.
    private const double Full = 50_000;
    private const double Negligible = 0.1;

    private readonly SortedDictionary<string, Cohort> _cohorts = new(StringComparer.Ordinal);
    private double _all;

    /// <summary>Counts an organic positive; one that lies in no layer says nothing.</summary>
    public void Count(TrainingExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.LayerId == 0 || example.UserBucket >= 8 * UserBytes)
        {
            return;
        }

        Add(Everybody, example);
        foreach (var name in example.Cohorts)
        {
            if (name.Length > 0 && (_cohorts.ContainsKey(name) || HasRoomFor(name)))
            {
                Add(name, example);
            }
        }

        if (++_all >= Full)
        {
            Halve();
        }
    }

    /// <summary>Writes the counts into a policy, by name and by layer.</summary>
    public void WriteTo(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.Cohorts.Clear();
        foreach (var (name, cohort) in _cohorts)
        {
            var written = new Policy.Types.Cohort { Name = name, Users = ByteString.CopyFrom(cohort.Users) };
            written.Layers.AddRange(cohort.Layers.Select(
                layer => new Policy.Types.LayerChoices { LayerId = layer.Key, Chosen = layer.Value }));
            policy.Cohorts.Add(written);
        }
    }

    /// <summary>Goes on from a policy.</summary>
    public static CohortCounts From(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var counts = new CohortCounts();
        foreach (var written in policy.Cohorts)
        {
            var cohort = counts._cohorts[written.Name] = new Cohort();
            written.Users.Span[..Math.Min(UserBytes, written.Users.Length)].CopyTo(cohort.Users);
            foreach (var layer in written.Layers)
            {
                cohort.Layers[layer.LayerId] = layer.Chosen;
            }
        }

        counts._all = counts._cohorts.GetValueOrDefault(Everybody)?.Layers.Values.Sum() ?? 0;
        return counts;
    }

    private void Add(string name, TrainingExample example)
    {
        if (!_cohorts.TryGetValue(name, out var cohort))
        {
            _cohorts[name] = cohort = new Cohort();
        }

        cohort.Users[example.UserBucket / 8] |= (byte)(1 << (int)(example.UserBucket % 8));
        cohort.Layers[example.LayerId] = cohort.Layers.GetValueOrDefault(example.LayerId) + 1;
    }

    // Segments come and go: the oldest makes room. Attributes do not, and keep their own.
    private bool HasRoomFor(string name)
    {
        if (SegmentOf(name) is not { } id)
        {
            return _cohorts.Keys.Count(known => known.Length > 0 && SegmentOf(known) is null) < Most;
        }

        var segments = _cohorts.Keys.Select(SegmentOf).OfType<uint>().ToArray();
        if (segments.Length < MostSegments)
        {
            return true;
        }

        return segments.Min() < id && _cohorts.Remove(string.Create(CultureInfo.InvariantCulture, $"{SegmentPrefix}{segments.Min()}"));
    }

    private static uint? SegmentOf(string name)
        => name.StartsWith(SegmentPrefix, StringComparison.Ordinal)
            && uint.TryParse(name.AsSpan(SegmentPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    private void Halve()
    {
        foreach (var cohort in _cohorts.Values)
        {
            foreach (var (layer, chosen) in cohort.Layers.ToArray())
            {
                cohort.Layers[layer] = chosen / 2;
                if (chosen / 2 < Negligible)
                {
                    cohort.Layers.Remove(layer);
                }
            }
        }

        _all = _cohorts[Everybody].Layers.Values.Sum();
    }

    private sealed class Cohort
    {
        public byte[] Users { get; } = new byte[UserBytes];

        public SortedDictionary<uint, double> Layers { get; } = [];
    }
}
