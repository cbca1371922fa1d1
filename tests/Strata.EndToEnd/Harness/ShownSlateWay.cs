using Grpc.Core;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;
using UsersClient = Strata.Contracts.Users.V1.Users.UsersClient;

namespace Strata.EndToEnd.Harness;

/// <summary>The way of a slate that was shown back out of the log.</summary>
internal static class ShownSlateWay
{
    /// <summary>Whatever was learned and clicked since, the slate is item by item what it was.</summary>
    public static async Task AssertComesBackAsync(
        StrataSystem system, string user, RecommendResponse served, Func<Func<Task<bool>>, Task> untilAsync)
    {
        var (users, shown) = (new UsersClient(system.Channel), new GetShownSlateResponse());
        await untilAsync(async () =>
        {
            try
            {
                shown = await users.GetShownSlateAsync(
                    new GetShownSlateRequest { UserId = user, RequestId = served.RequestId },
                    cancellationToken: TestContext.Current.CancellationToken);
                return true;
            }
            catch (RpcException fault) when (fault.StatusCode == StatusCode.NotFound)
            {
                return false; // impressions are gathered for a moment
            }
        });

        Assert.Empty(shown.Missing);
        Assert.Equal(served.PolicyVersion, shown.PolicyVersion);
        Assert.Equal(served.Items.Count, shown.Items.Count);
        Assert.All(served.Items.Zip(shown.Items), pair =>
        {
            var (then, now) = pair;
            Assert.Equal((then.ItemId, then.Position, (float)then.Score), (now.ItemId, now.Position, (float)now.Score));
            Assert.Equal((then.Layer.LayerId, then.Reason.Text), (now.Layer.LayerId, now.Reason.Text));
            Assert.Equal(then.Layer.Words, now.Layer.Words);
            Assert.Equal(then.Reason.BecauseOf, now.Reason.BecauseOf);
            Assert.Equal(then.Score, now.Reason.Contributions.Sum(part => part.Value), 0.05); // features are logged as half floats
        });
    }

    /// <summary>
    /// What is chosen after a slate was settled corrects it: Optimizer finds the slate in its log, and Ranking gives it back. Takes as long
    /// as outcomes and acts are waited for.
    /// </summary>
    public static async Task AssertLateChoiceCountsAsync(
        IngestionClient ingestion, RankingClient ranking, UsersClient users, string user, CancellationToken cancellationToken)
    {
        var slate = await ranking.RecommendAsync(new RecommendRequest { UserId = user, Count = 5 }, cancellationToken: cancellationToken);
        await SettledAsync(late: false);
        var click = new UserEvent { UserId = user, Kind = EventKind.Click, ItemId = slate.Items[1].ItemId, RequestId = slate.RequestId };
        await ingestion.PublishEventAsync(new PublishEventRequest { Event = click }, cancellationToken: cancellationToken);
        await SettledAsync(late: true);
        var shown = await users.GetShownSlateAsync(
            new GetShownSlateRequest { UserId = user, RequestId = slate.RequestId }, cancellationToken: cancellationToken);
        Assert.Equal(slate.Items.Select(item => item.ItemId), shown.Items.Select(item => item.ItemId));

        async Task SettledAsync(bool late)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (true)
            {
                var held = await users.ExportUserAsync(new ExportUserRequest { UserId = user }, cancellationToken: cancellationToken);
                if (held.Counters?.Settled.Any(settled => !late || settled.Late.Count > 0) == true)
                {
                    return;
                }

                await tick.WaitForNextTickAsync(cancellationToken);
            }
        }
    }
}
