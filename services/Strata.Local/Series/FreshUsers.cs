using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using Strata.Numerics.Clusters;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;

namespace Strata.Local.Series;

/// <summary>
/// People whom the system has never seen, who want one thing, and what they get for it, by the public API only. They come at a moment of
/// the stream, and what they do is part of it from then on.
/// </summary>
internal sealed class FreshUsers(IngestionClient ingestion, SlateReader slates, LayersClient layers, TimeProvider time, int seed)
{
    private const int Slate = 10;
    private const int Clicks = 5;
    private const int ClickersATopic = 4;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>As long as nobody else gets weights, the rest is taken to have none.</summary>
    private static readonly TimeSpan WeightsBudget = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Every query of the shop, each typed by somebody: the agreement of topics with the layers on which it gave them most weight, and the
    /// topic's share of their slates. The searches that gave no weight count as lying in one layer more.
    /// </summary>
    public async Task<(double Nmi, double SlateShare, int WithoutWeight)> SearchAsync(
        SampleCatalogue catalogue,
        string round,
        CancellationToken cancellationToken)
    {
        var wishes = catalogue.Queries.Select((query, n) => (User: $"searcher-{round}-{n}", query.Topic, query.Query)).ToList();
        var shares = new List<double>(wishes.Count);
        foreach (var (user, topic, query) in wishes)
        {
            var act = new UserEvent { UserId = user, Kind = EventKind.Search, Query = query };
            shares.Add(await ShareAsync(catalogue, topic, [act], cancellationToken));
        }

        var found = await LayersAsync([.. wishes.Select(wish => wish.User)], cancellationToken);
        var topics = wishes.Select(wish => catalogue.Topics.ToList().IndexOf(wish.Topic)).ToArray();
        return (ClusterAgreement.NormalizedMutualInformation(found, topics), shares.Average(), found.Count(layer => layer == 0));
    }

    /// <summary>The topic's share of the slates of users who clicked five of its items.</summary>
    public async Task<double> ClickAsync(SampleCatalogue catalogue, string round, CancellationToken cancellationToken)
    {
        var random = Chance.For(seed, "clickers");
        var shares = new List<double>();
        foreach (var topic in catalogue.Items.GroupBy(item => item.Topic, item => item.ItemId))
        {
            for (var n = 0; n < ClickersATopic; n++)
            {
                string[] items = [.. topic];
                random.Shuffle(items);
                var user = $"clicker-{round}-{topic.Key}-{n}";
                var acts = items.Take(Clicks).Select(item => new UserEvent { UserId = user, Kind = EventKind.Click, ItemId = item });
                shares.Add(await ShareAsync(catalogue, topic.Key, acts, cancellationToken));
            }
        }

        return shares.Average();
    }

    private async Task<double> ShareAsync(
        SampleCatalogue catalogue,
        string topic,
        IEnumerable<UserEvent> acts,
        CancellationToken cancellationToken)
    {
        var request = new RecommendRequest { Count = Slate, DryRun = true };
        foreach (var act in acts)
        {
            var sent = await ingestion.PublishEventAsync(new PublishEventRequest { Event = act }, cancellationToken: cancellationToken);
            (request.UserId, request.AsOf) = (act.UserId, sent.AsOf);
        }

        var slate = await slates.ReadAsync(request, cancellationToken);
        var live = catalogue.Items.Count(item => item.Topic == topic);
        return (double)slate.Items.Count(item => catalogue.Find(item.ItemId)?.Topic == topic) / Math.Min(Slate, live);
    }

    /// <summary>The layer of each user's largest weight, 0 where they have none.</summary>
    private async Task<int[]> LayersAsync(string[] users, CancellationToken cancellationToken)
    {
        var found = new int[users.Length];
        for (var last = time.GetTimestamp(); time.GetElapsedTime(last) < WeightsBudget && found.Contains(0);)
        {
            for (var i = 0; i < users.Length; i++)
            {
                if (found[i] == 0 && await LayerAsync(users[i], cancellationToken) is > 0 and var layer)
                {
                    (found[i], last) = (layer, time.GetTimestamp());
                }
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return found;
    }

    private async Task<int> LayerAsync(string user, CancellationToken cancellationToken)
    {
        var row = await layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = user }, cancellationToken: cancellationToken);
        return (int?)row.Layers.Where(layer => layer.LongInterest > 0).MaxBy(layer => layer.LongInterest)?.LayerId ?? 0;
    }
}
