using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Strata.Benchmarks.KMeans;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Profiles.Core;
using Strata.Numerics;

namespace Strata.Benchmarks.InnerLoops;

/// <summary>The step from profile to profile on one that is full: 64 items, 64 terms, three queries, 32 seen events.</summary>
public class ProfileBenchmarks
{
    private const int Acts = 1_024;
    private const long Start = 1_750_000_000_000;
    private const long Minute = 60_000;

    private readonly ProfileStep _step = new(new ProfilesOptions());
    private readonly Profile _profile = new();
    private readonly ProfileAct[] _acts;
    private readonly byte[] _bytes;
    private long _offset;

    public ProfileBenchmarks()
    {
        var random = new Random(1);
        _acts = [.. Enumerable.Range(0, Acts).Select(i => Draw(i, random))];
        for (var i = 0; i < Acts; i++)
        {
            Apply();
        }

        _bytes = _profile.ToByteArray();
    }

    /// <summary>What every event costs besides: the profile from its bytes and back.</summary>
    [Benchmark(Baseline = true)]
    public int ParseAndWrite() => Profile.Parser.ParseFrom(_bytes).ToByteArray().Length;

    [Benchmark]
    public bool IsDuplicate() => ProfileStep.IsDuplicate(_profile, Next());

    [Benchmark]
    public Undo Apply() => _step.Apply(_profile, Next());

    private ProfileAct Next()
    {
        var act = _acts[_offset % Acts] with { Offset = _offset, TimeUnixMs = Start + (_offset * Minute) };
        _offset++;
        return act;
    }

    private static ProfileAct Draw(int index, Random random)
    {
        var kind = index % 8 == 0 ? EventKind.Search : (EventKind)random.Next((int)EventKind.View, (int)EventKind.Purchase + 1);
        var isSearch = kind == EventKind.Search;
        var vector = Int8Vector.Encode(new TopicPoints(index % 8).Draw(1));
        return new ProfileAct(
            0,
            ProfileAct.HashOf($"event-{index}"),
            kind,
            0,
            isSearch ? "" : $"item-{random.Next(500):000}",
            isSearch ? $"query {random.Next(50)}" : "",
            [.. Enumerable.Range(0, isSearch ? 3 : 32).Select(_ => random.Next(1_000)).Distinct().Select(Term)],
            new Vector { Codes = ByteString.CopyFrom(vector.Codes.Span), Scale = vector.Scale });

        TermWeight Term(int number) => new() { Term = $"term{number}", Weight = (float)random.NextDouble() };
    }
}
