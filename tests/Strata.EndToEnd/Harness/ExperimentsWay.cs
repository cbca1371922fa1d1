using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using Strata.Testing.Systems;
using ExperimentsClient = Strata.Contracts.Ranking.V1.Experiments.ExperimentsClient;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd.Harness;

/// <summary>The way of users in an experiment: from the slate that names their arm to the report of what they clicked.</summary>
internal static class ExperimentsWay
{
    // Outcomes are waited for no longer than the test clicks.
    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Ranking:Experiments:mixed:Salt"] = "end-to-end",
        ["Ranking:Experiments:mixed:Arms:control:Share"] = "0.5",
        ["Ranking:Experiments:mixed:Arms:even:Share"] = "0.5",
        ["Ranking:Experiments:mixed:Arms:even:Options:Slates:Diversity"] = "0.06",
        ["Optimizer:Outcomes:Window"] = "00:00:10",
        ["Optimizer:Outcomes:ImplicitWindow"] = "00:00:00",
        ["Optimizer:Outcomes:Lateness"] = "00:00:01",
    };

    /// <summary>Ends when a slate that somebody was shown is counted in their arm.</summary>
    public static async Task CountedAsync(ExperimentsClient experiments, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await experiments.ListExperimentsAsync(new ListExperimentsRequest(), cancellationToken: cancellationToken))
            .Experiments.Single().Arms.All(arm => arm.Slates == 0))
        {
            await tick.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Twelve users are shown a slate each and click its first item; each arm has counted its own.</summary>
    public static async Task AssertCountedByArmAsync(StrataSystem system, Func<Func<Task<bool>>, Task> untilAsync)
    {
        const int Users = 12;
        var cancellation = TestContext.Current.CancellationToken;
        var (ingestion, ranking) = (new IngestionClient(system.Channel), new RankingClient(system.Channel));
        var put = new PutItemsRequest();
        put.Items.AddRange(SampleCatalogue.Load().Items.Take(20).Select(item => new Item { ItemId = item.ItemId, Title = item.Title }));
        await ingestion.PutItemsAsync(put, cancellationToken: cancellation);
        await untilAsync(async () => (await ranking.RecommendAsync(
            new RecommendRequest { UserId = "looker", Count = 20, DryRun = true }, cancellationToken: cancellation)).Items.Count == 20);
        var served = new Dictionary<string, int>(StringComparer.Ordinal);
        var shown = new HashSet<(string Arm, string Item)>();
        for (var i = 0; i < Users; i++)
        {
            var slate = await ranking.RecommendAsync(
                new RecommendRequest { UserId = $"shopper-{i}", Count = 5 }, cancellationToken: cancellation);
            var arm = Assert.Single(slate.Arms);
            Assert.Equal("mixed", arm.Experiment);
            served[arm.Arm] = served.GetValueOrDefault(arm.Arm) + 1;
            shown.UnionWith(slate.Items.Select(item => (arm.Arm, item.ItemId)));
            var click = new UserEvent
            {
                EventId = $"click-{i}",
                UserId = $"shopper-{i}",
                Kind = EventKind.Click,
                ItemId = slate.Items[0].ItemId,
                RequestId = slate.RequestId,
            };
            await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellation);
        }

        var experiments = new ExperimentsClient(system.Channel);
        ExperimentResult? result = null;
        await untilAsync(async () =>
        {
            var list = await experiments.ListExperimentsAsync(new ListExperimentsRequest(), cancellationToken: cancellation);
            result = Assert.Single(list.Experiments);
            return result.Arms.All(arm => arm.Users >= (ulong)served.GetValueOrDefault(arm.Name) && arm.Clicked > 0);
        });

        Assert.Equal(["control", "even"], result!.Arms.Select(arm => arm.Name));
        Assert.All(result.Arms, arm =>
        {
            // Who was here in another test was shown slates too, and answered none of them; a busy system reads a click too late.
            Assert.True(arm.Slates >= arm.Users);
            Assert.InRange(arm.Clicked, 1ul, (ulong)served[arm.Name]);
            Assert.Equal((1, (double)arm.Clicked / arm.Slates), (arm.Ndcg.Value, arm.ClickRate.Value));

            // Two of the sample's items, RUN-015 and RUN-017, share a register of the sketch.
            Assert.InRange(arm.ItemsShown, shown.Count(one => one.Arm == arm.Name) - 1, put.Items.Count * 4);
            Assert.InRange(arm.Coverage, 0.001, 1);
            Assert.Null(arm.ClickRate.Difference);
        });
    }
}
