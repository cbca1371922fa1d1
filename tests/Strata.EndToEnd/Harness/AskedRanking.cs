using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd.Harness;

/// <summary>Calls that need more of a system than a slate does: the encoder, the log of events, an open stream.</summary>
internal static class AskedRanking
{
    /// <summary>What the query means Featurizer says, by a call; the first one pays for what is compiled.</summary>
    public static async Task SearchAsync(RankingClient ranking, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                var found = await ranking.SearchAsync(
                    new SearchRequest { Query = "honey", Count = 5 }, cancellationToken: cancellationToken);
                Assert.Equal((5, 0), (found.Items.Count, found.Degraded.Count));
                return;
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.Unavailable && tries < 20)
            {
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    /// <summary>
    /// A second user searches "honey" as the first did, and the whole log of events is read for it; then a stream sends a slate at once.
    /// </summary>
    public static async Task SuggestAsync(
        IngestionClient ingestion, RankingClient ranking, string user, CancellationToken cancellationToken)
    {
        await ingestion.PublishEventAsync(
            new PublishEventRequest { Event = new UserEvent { UserId = "another", Kind = EventKind.Search, Query = "Honey" } },
            cancellationToken: cancellationToken);
        SuggestResponse suggested;
        do
        {
            await Task.Delay(500, cancellationToken);
            suggested = await ranking.SuggestAsync(new SuggestRequest { Prefix = "hon" }, cancellationToken: cancellationToken);
        }
        while (!suggested.Suggestions.Any(one => one is { Text: "honey", Kind: Suggestion.Types.Kind.Query }));

        using var stream = ranking.RecommendStream(
            new RecommendRequest { UserId = user, Count = 5, Diversity = 0.5 }, cancellationToken: cancellationToken);
        Assert.True(await stream.ResponseStream.MoveNext(cancellationToken));
        Assert.Equal(5, stream.ResponseStream.Current.Slate.Items.Count);
    }
}
