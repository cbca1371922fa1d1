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

    /// <summary>Twelve users are shown slates and click their first items; each arm has counted its own.</summary>
    public static async Task AssertCountedByArmAsync(StrataSystem system, Func<Func<Task<bool>>, Task> untilAsync)
    {
        const int Users = 12;
        var cancellation = TestContext.Current.CancellationToken;
        var ranking = new RankingClient(system.Channel);
        var put = new PutItemsRequest();
        put.Items.AddRange(SampleCatalogue.Load().Items.Take(20).Select(item => new Item { ItemId = item.ItemId, Title = item.Title }));
        await new IngestionClient(system.Channel).PutItemsAsync(put, cancellationToken: cancellation);
        await untilAsync(async () => (await ranking.RecommendAsync(
            new RecommendRequest { UserId = "looker", Count = 20, DryRun = true }, cancellationToken: cancellation)).Items.Count == 20);

        // Users of other tests are in the arms too, and some of their slates may be settled while this test waits.
        var before = (await ReadAsync(system)).Arms.ToDictionary(arm => arm.Name, StringComparer.Ordinal);
        var served = before.Keys.ToDictionary(arm => arm, _ => new List<RecommendResponse>(), StringComparer.Ordinal);
        var result = new ExperimentResult();

        // A busy system may read all clicks of an arm only after its slates are settled: then they are shown slates and click again.
        for (var again = 0; again == 0 || result.Arms.Any(arm => arm.Clicked == before[arm.Name].Clicked); again++)
        {
            Assert.True(again < 5, "no click was ever read in time");
            for (var i = 0; i < Users; i++)
            {
                var slate = await ShowAndClickAsync(system, ranking, $"shopper-{i}");
                var arm = Assert.Single(slate.Arms);
                Assert.Equal("mixed", arm.Experiment);
                served[arm.Arm].Add(slate);
            }

            var rounds = (ulong)(again + 1);
            await untilAsync(async () => (result = await ReadAsync(system)).Arms.All(arm => IsCounted(arm, served[arm.Name], rounds)));
        }

        Assert.Equal(["control", "even"], result.Arms.Select(arm => arm.Name));
        Assert.All(result.Arms, arm =>
        {
            Assert.True(arm.Slates >= arm.Users);
            Assert.InRange(arm.Clicked - before[arm.Name].Clicked, 1ul, (ulong)served[arm.Name].Count);
            Assert.Equal((1, (double)arm.Clicked / arm.Slates), (arm.Ndcg.Value, arm.ClickRate.Value));
            Assert.InRange(arm.ItemsShown, 0, put.Items.Count * 4);
            Assert.InRange(arm.Coverage, 0.001, 1);
            Assert.Null(arm.ClickRate.Difference);
        });

        // Each user is served once a round. Two of the sample's items, RUN-015 and RUN-017, share a register of the sketch.
        bool IsCounted(ArmResult arm, List<RecommendResponse> slates, ulong rounds)
            => arm.Slates >= before[arm.Name].Slates + (ulong)slates.Count
                && arm.Users >= before[arm.Name].Users + ((ulong)slates.Count / rounds)
                && arm.ItemsShown >= slates.SelectMany(slate => slate.Items).DistinctBy(item => item.ItemId).Count() - 1;
    }

    private static async Task<ExperimentResult> ReadAsync(StrataSystem system)
        => (await new ExperimentsClient(system.Channel).ListExperimentsAsync(
            new ListExperimentsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Experiments.Single();

    private static async Task<RecommendResponse> ShowAndClickAsync(StrataSystem system, RankingClient ranking, string user)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ingestion = new IngestionClient(system.Channel);
        var slate = await ranking.RecommendAsync(new RecommendRequest { UserId = user, Count = 5 }, cancellationToken: cancellation);
        var click = new UserEvent
        {
            EventId = $"click-{slate.RequestId}",
            UserId = user,
            Kind = EventKind.Click,
            ItemId = slate.Items[0].ItemId,
            RequestId = slate.RequestId,
        };
        await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellation);
        return slate;
    }
}
