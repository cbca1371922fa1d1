using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Evaluator.Datasets;
using Strata.Evaluator.Replays;
using Strata.Evaluator.Streams;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Profiles.Core;
using Strata.Ingestion.Texts;
using Strata.Local.Sample;
using Strata.Streaming.Topology;
using Strata.Testing;

namespace Strata.Evaluation;

/// <summary>
/// A short stream for the running system and for the evaluator. Events of a user beyond their 60th item are left out: a profile remembers
/// 64, and what it has forgotten is the evaluator's protocol (the client names it) and not the system's. The catalogue lies in the order in
/// which four partitions can be filled one after the other, so that both sides number items alike.
/// </summary>
internal sealed class LiveSet
{
    private const int RetailEvents = 2_000;
    private const int SampleEvents = 500;

    private const int ItemsPerUser = 60;

    // Of a topic of the embedded broker.
    private const int Partitions = 4;

    private LiveSet(IEnumerable<Item> items, IEnumerable<DatasetEvent> events, int count)
    {
        var chosen = Choose(events, count);
        var touched = chosen.Where(e => e.Kind != EventKind.Search).Select(e => e.Item).ToHashSet(StringComparer.Ordinal);
        Item[] catalogue =
        [
            .. items.Where(item => touched.Contains(item.ItemId))
            .OrderBy(item => PartitionOf(item.ItemId))
            .ThenBy(item => item.ItemId, StringComparer.Ordinal),
        ];
        Stream = ReplayStream.Of(catalogue, chosen, new ReplayOptions());
    }

    /// <summary>The stream as the evaluator has it.</summary>
    public ReplayStream Stream { get; }

    /// <summary>The first events of a shop's real ones and the items that they touch; null where the folder is not there.</summary>
    public static LiveSet? OfRetail()
        => SharedFolder.Find() is { } shared && Path.Combine(shared, "data", "online_retail") is var folder && Directory.Exists(folder)
            ? Dataset.Open(folder, 0) is var set ? new LiveSet(set.Items, set.Events, RetailEvents) : null
            : null;

    /// <summary>The bundled sample: clicks, searches, likes and dismissals of simulated shoppers.</summary>
    public static LiveSet OfSample()
    {
        var catalogue = SampleCatalogue.Load();
        var acts = new ShopperSimulator(catalogue, new SimulationOptions { Events = 2 * SampleEvents }).Organic();
        return new LiveSet(
            catalogue.Items.Select(
                item => new Item { ItemId = item.ItemId, Title = Clean(item.Title), Description = Clean(item.Description) }),
            acts.Select(
                (act, line) => new DatasetEvent(
                    line + 1, act.Time, act.UserId, act.ItemId ?? "", act.Action.ToString(), 0, Clean(act.Query ?? ""))),
            SampleEvents);
    }

    // As Ingestion publishes texts: the evaluator takes them as they are.
    private static string Clean(string text) => PlainText.Normalise(text);

    /// <summary>Partition of an item or a user.</summary>
    public static int PartitionOf(string key) => KeyPartitioner.PartitionOf(key, Partitions);

    /// <summary>The event as a producer sends it.</summary>
    public UserEvent ToMessage(int index)
    {
        var message = new UserEvent
        {
            EventId = $"live-{index}",
            UserId = Stream.Users[Stream.User[index]],
            Kind = Stream.Kind[index],
            EventTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(
                DateTimeOffset.FromUnixTimeMilliseconds(Stream.Time[index])),
        };
        if (Stream.Item[index] is >= 0 and var item)
        {
            message.ItemId = Stream.Items[item].ItemId;
        }
        else
        {
            message.Query = Stream.Queries[index];
        }

        return message;
    }

    /// <summary>Events that make an interest point: what speaks for or against an item or an answered query.</summary>
    public HashSet<int> Points { get; } = [];

    /// <summary>Those that speak for it and are not one too many of their user: the layers learn from them.</summary>
    public HashSet<int> LayerPoints { get; } = [];

    /// <summary>Fills <see cref="Points"/> and <see cref="LayerPoints"/>.</summary>
    public void FindPoints(ItemFeatures[] features, QueryFeatures queries)
    {
        var answers = new QueryPoints(queries, new AnswersOptions());
        foreach (var item in features)
        {
            answers.Put(item.ItemId, item.Embedding);
        }

        var options = new ProfilesOptions();
        var (step, influence) = (new ProfileStep(options), new UserInfluence(options));
        Profile[] profiles = [.. Stream.Users.Select(_ => new Profile())];
        for (var index = 0; index < Stream.Count; index++)
        {
            var (user, item, kind) = (Stream.User[index], Stream.Item[index], Stream.Kind[index]);
            var query = item < 0 ? Stream.Queries[index] : "";
            var (id, terms, vector) = item < 0
                ? ("", queries.Terms[query], queries.Vectors[query])
                : (Stream.Items[item].ItemId, (IReadOnlyList<TermWeight>)features[item].Terms, features[item].Embedding);
            var act = new ProfileAct(index, (ulong)index + 1, kind, Stream.Time[index], id, query, terms, vector);
            if (options.Weights.Of(kind) != 0 && (item >= 0 || answers.Of(query) is not null))
            {
                Points.Add(index);
                if (!influence.IsUserOnly(profiles[user], Stream.Users[user], act) && options.Weights.Of(kind) > 0)
                {
                    LayerPoints.Add(index);
                }
            }

            step.Apply(profiles[user], act);
        }
    }

    private static List<DatasetEvent> Choose(IEnumerable<DatasetEvent> events, int count)
    {
        var items = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var chosen = new List<DatasetEvent>(count);
        foreach (var e in events)
        {
            if (!items.TryGetValue(e.User, out var had))
            {
                items[e.User] = had = new HashSet<string>(StringComparer.Ordinal);
            }

            if (e.Kind == EventKind.Search || had.Contains(e.Item) || had.Count < ItemsPerUser)
            {
                _ = e.Kind != EventKind.Search && had.Add(e.Item);
                chosen.Add(e);
            }

            if (chosen.Count == count)
            {
                break;
            }
        }

        return chosen;
    }
}
