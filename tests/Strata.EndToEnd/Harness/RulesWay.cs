using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd.Harness;

/// <summary>A rule of the shop, from its settings to the slate that names it.</summary>
internal static class RulesWay
{
    private const string Rule = "autumn";
    private const string Placement = "window";

    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        [$"Ranking:Rules:{Rule}:Action"] = "pin",
        [$"Ranking:Rules:{Rule}:Places"] = "2",
        [$"Ranking:Rules:{Rule}:Placements:0"] = Placement,
        [$"Ranking:Rules:{Rule}:Items:Tags:0"] = "autumn",
    };

    /// <summary>Two of three tagged items stand first where the rule holds, and the slate says so.</summary>
    public static async Task AssertPinnedAsync(StrataSystem system, Func<Func<Task<bool>>, Task> untilAsync)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ranking = new RankingClient(system.Channel);
        var put = new PutItemsRequest();
        put.Items.Add(SampleCatalogue.Load().Items.Take(3).Select(
            item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description, Tags = { "Autumn" } }));
        await new IngestionClient(system.Channel).PutItemsAsync(put, cancellationToken: cancellation);
        var slate = new RecommendResponse();
        await untilAsync(async () =>
        {
            slate = await ranking.RecommendAsync(
                new RecommendRequest { UserId = "passer-by", Count = 2, Placement = Placement, DryRun = true },
                cancellationToken: cancellation);
            return slate.Items.Count == 2 && slate.Items.All(item => item.Rules.Contains(Rule));
        });
        var elsewhere = await ranking.RecommendAsync(
            new RecommendRequest { UserId = "passer-by", Count = 2, DryRun = true }, cancellationToken: cancellation);

        Assert.All(slate.Items, item => Assert.Contains(put.Items, tagged => tagged.ItemId == item.ItemId));
        Assert.Equal([Rule], slate.Rules);
        Assert.Empty(elsewhere.Rules);
    }
}
