using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Profiles.Core;
using Strata.Featurizer.TfIdf.Core;
using Strata.Featurizer.Tokens.Core;
using Strata.Testing;

namespace Strata.Featurizer.Tests;

/// <summary>The pure cores on half a year of a real shop, with no broker: what an offline evaluation stands on.</summary>
[Trait("height", "harness")]
public sealed class ReplayTests(ITestOutputHelper output)
{
    [Fact]
    public void Replay_HalfAYearOfAShop_IsFastBoundedAndAddsUp()
    {
        var (acts, tokens) = Read();
        var step = new ProfileStep(new ProfilesOptions());
        var profiles = new Dictionary<string, Profile>(StringComparer.Ordinal);
        var accumulator = new ActivityAccumulator(new ActivityOptions(), 0, 1, 0, 1);
        var state = new ActivityState(new ActivityOptions(), 0);
        var (steps, sums) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var (user, act) in acts)
        {
            if (!profiles.TryGetValue(user, out var profile))
            {
                profiles[user] = profile = new Profile();
            }

            var start = Stopwatch.GetTimestamp();
            accumulator.Add(act.Offset, act.TimeUnixMs, act.ItemId, profile.Items);
            if (accumulator.Events == 500 || act.Offset == acts.Count - 1)
            {
                state.Apply(accumulator.Cut(act.Offset + 1)[0]);
            }

            var middle = Stopwatch.GetTimestamp();
            step.Apply(profile, act);
            sums += Stopwatch.GetElapsedTime(start, middle);
            steps += Stopwatch.GetElapsedTime(middle);
        }

        var sizes = profiles.Values.Select(profile => profile.CalculateSize()).Order().ToArray();
        var items = state.TakeChanged();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{acts.Count} events: profile step {steps.TotalMicroseconds / acts.Count:F1} us/event, "
            + $"activity {sums.TotalMicroseconds / acts.Count:F1} us/event, terms {tokens:F1} us/title"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{profiles.Count} profiles: median {sizes[sizes.Length / 2]} B, 90 % {sizes[sizes.Length * 9 / 10]} B, largest {sizes[^1]} B; "
            + $"{items.Count} items, {items.Average(item => item.CalculateSize()):F0} B each"));
        Assert.Equal(acts.Count, items.Sum(item => item.Popularity[5]));
        Assert.True(sizes[^1] <= 2_400 + (4 * 96) + 1_540);
        Assert.True(steps + sums < TimeSpan.FromMinutes(2));
    }

    private static (List<(string User, ProfileAct Act)> Acts, double MicrosecondsATitle) Read()
    {
        var folder = SharedFolder.Find() is { } shared ? Path.Combine(shared, "data", "online_retail") : "";
        if (!Directory.Exists(folder))
        {
            Assert.Skip("the folder shared/data/online_retail is not there");
        }

        using var extractor = new TermExtractor(Options.Create(new TokensOptions()));
        var terms = new Dictionary<string, IReadOnlyList<TermWeight>>(StringComparer.Ordinal);
        var started = Stopwatch.GetTimestamp();
        foreach (var line in Lines(Path.Combine(folder, "items.csv.gz")))
        {
            var comma = line.IndexOf(',', StringComparison.Ordinal);
            terms[line[..comma]] = TermFrequencies.Of(extractor.Extract(line[(comma + 1)..].Trim('"')), 32);
        }

        var microseconds = Stopwatch.GetElapsedTime(started).TotalMicroseconds / terms.Count;
        var acts = new List<(string, ProfileAct)>();
        foreach (var line in Lines(Path.Combine(folder, "events_2010-12_to_2011-05.csv.gz")))
        {
            var fields = line.Split(',');
            var time = DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
            var known = terms.GetValueOrDefault(fields[2], []);
            acts.Add((fields[1], new ProfileAct(acts.Count, (ulong)acts.Count + 1, EventKind.Purchase, time, fields[2], "", known, null)));
        }

        return (acts, microseconds);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
