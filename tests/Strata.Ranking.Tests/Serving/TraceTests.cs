using Strata.Contracts.Ranking.V1;

namespace Strata.Ranking.Tests.Serving;

/// <summary>A slate says how it came about, when it is asked to.</summary>
[Trait("height", "harness")]
public sealed class TraceTests : IDisposable
{
    private readonly ServiceWorld _services = new(RankingServiceTests.Shop());

    public TraceTests() => _services.Put("u", World.Profile("i3", "i6"));

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Trace_AskedFor_NamesStagesSourcesAndWhatFiltersRemoved()
    {
        var answer = await _services.Recommend(new RecommendRequest { UserId = "u", Trace = true, ExcludeItemIds = { "i0" } });

        var trace = answer.Trace;
        Assert.Equal(["read", "rank", "slate"], trace.Stages.Select(stage => stage.Name));
        Assert.All(trace.Stages, stage => Assert.InRange(stage.Seconds, 0, 60));
        var popular = trace.Sources.Single(source => source.Name == "popular_all");
        Assert.Equal(["i1", "i2", "i4"], popular.ItemIds.Take(3));
        Assert.All(trace.Sources, source => Assert.Equal(Math.Min(20u, source.Items), (uint)source.ItemIds.Count));
        Assert.Equal(
            [("had", "i3,i6"), ("excluded", "i0")],
            trace.Filters.Select(filter => (filter.Name, string.Join(',', filter.ItemIds.Order(StringComparer.Ordinal)))));
        Assert.Equal([2u, 1u], trace.Filters.Select(filter => filter.Items));
        Assert.InRange(trace.Candidates, (uint)answer.Items.Count, 40u);
        Assert.Equal(trace.Candidates, trace.Proposed);
        Assert.Subset(
            trace.Sources.SelectMany(source => source.ItemIds).ToHashSet(), answer.Items.Take(3).Select(item => item.ItemId).ToHashSet());
    }

    [Fact]
    public async Task Trace_WithAFilterOfTheRequest_CountsWhatItRemovedAndWhatCameFromAnywhere()
    {
        var answer = await _services.Recommend(
            new RecommendRequest { UserId = "u", Trace = true, Filter = new ItemFilter { LayerIds = { 2 } } });

        Assert.Contains(answer.Trace.Filters, filter => filter.Name == "filtered" && filter.Items > 0);
        Assert.True(answer.Trace.Proposed <= answer.Trace.Candidates);
    }

    [Fact]
    public async Task Trace_NotAskedFor_IsAbsentAndTheSlateIsTheSame()
    {
        var plain = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true });
        var traced = await _services.Recommend(new RecommendRequest { UserId = "u", DryRun = true, Trace = true });

        Assert.Null(plain.Trace);
        Assert.Equal(plain.Items, traced.Items);
    }
}
