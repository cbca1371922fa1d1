using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Answers;
using Strata.Featurizer.Answers.Core;
using Strata.Featurizer.Embeddings.Core;
using Strata.Featurizer.Profiles;
using Strata.Featurizer.Profiles.Core;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Featurizer.Tokens.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Topology;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>One partition of events and users with a store, a catalogue of 40 items and handlers that come and go.</summary>
internal sealed class ProfilesWorld : IDisposable
{
    public const ulong EventsLog = 77;
    public const long Start = 1_700_000_000_000;

    private readonly TermExtractor _extractor = new(Options.Create(new TokensOptions()));

    public ProfilesWorld()
    {
        for (var i = 0; i < 40; i++)
        {
            PutItem($"i{i}");
        }
    }

    public InMemoryStateStore Store { get; init; } = new();

    public InMemoryLog Log { get; init; } = new();

    public FakeTimeProvider Time { get; } = new();

    public HashEncoder Encoder { get; } = new() { Dimensions = 3 };

    public ProfilesOptions Options_ { get; } = new() { ItemPatience = TimeSpan.Zero, CutInterval = TimeSpan.Zero };

    public int ItemPartitions { get; init; } = 3;

    public void Dispose() => _extractor.Dispose();

    public void PutItem(string id) => Store.Values[Keys.Item(id)] = FencedValue.Encode([new Fence(1, 1)], Features(id).ToByteArray());

    /// <summary>The catalogue of 40 items, any of which may answer any query: vectors are drawn by chance.</summary>
    private AnswerTable Answers()
    {
        var table = new AnswerTable(Encoder, Options.Create(new AnswersOptions { LeastCosine = -1 }), NullLogger<AnswerTable>.Instance);
        var log = new InMemoryLog();
        for (var i = 0; i < 40; i++)
        {
            log.Append(Topics.ItemFeatures, 0, $"i{i}", Features($"i{i}"), Time.GetUtcNow());
        }

        table.ApplyAsync(log.From(Topics.ItemFeatures, 0, 0), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        table.CaughtUp();
        return table;
    }

    public StreamRecord Event(string user, EventKind kind, string subject, long minutes, string? id = null)
    {
        var happened = new UserEvent
        {
            EventId = id ?? $"e{Log.From(Topics.Events, 0, 0).Count}",
            UserId = user,
            Kind = kind,
            EventTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(Start + (minutes * 60_000))),
        };
        if (kind == EventKind.Search)
        {
            happened.Query = subject;
        }
        else
        {
            happened.ItemId = subject;
        }

        return Log.Append(Topics.Events, 0, user, happened, happened.EventTime.ToDateTimeOffset());
    }

    /// <summary>Forgets a user: nothing that happened up to then counts.</summary>
    public StreamRecord Forget(string user, long minutes)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Start + (minutes * 60_000));
        var (at, id) = (Timestamp.FromDateTimeOffset(time), $"f{Log.From(Topics.Events, 0, 0).Count}");
        var order = new UserEvent { EventId = id, UserId = user, Kind = EventKind.Forget, EventTime = at, ReceivedTime = at };
        return Log.Append(Topics.Events, 0, user, order, time);
    }

    /// <summary>Events of a few users, some sent twice, some late; where asked for, one now and then forgets or moves its user.</summary>
    public void RandomEvents(int seed, int count, bool forgets = false)
    {
        var chance = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            if (forgets && (i % 23 == 22 || i % 17 == 16))
            {
                _ = i % 23 == 22 ? Forget($"u{chance.Next(4)}", (i * 30) - 15) : this.Move(chance, i * 30);
                continue;
            }

            var kind = (EventKind)chance.Next(1, 8);
            var again = i > 0 && chance.Next(8) == 0 ? $"e{Math.Max(0, i - chance.Next(1, 5))}" : null;
            Event(
                $"u{chance.Next(4)}",
                kind,
                kind == EventKind.Search ? $"query {chance.Next(6)}" : $"i{chance.Next(45)}",
                (i * 30) - (chance.Next(6) == 0 ? 500 : 0),
                again);
        }
    }

    public ProfilesHandler Handler(IStateStore? store = null, long committed = 0, long users = 0)
    {
        var options = Options.Create(Options_);
        var metrics = new ProfilesMetrics(TestEncoders.Meters);
        var context = new PartitionContext(
            "g",
            0,
            new Dictionary<string, ulong> { [Topics.Events] = EventsLog, [Topics.Users] = 78 },
            new Dictionary<string, long> { [Topics.Events] = committed, [Topics.Users] = users });
        var subjects = new SubjectSource(
            new ItemFeaturesSource(store ?? Store, Time, options, metrics),
            _extractor,
            Encoder,
            Answers(),
            Options.Create(new TokensOptions()));
        return new ProfilesHandler(
            context,
            store ?? Store,
            ForgottenMarksOver.Store(store ?? Store),
            new FixedTopics(ItemPartitions),
            subjects,
            Time,
            options,
            Options.Create(new ActivityOptions()),
            metrics);
    }

    /// <summary>Reads all events from <paramref name="from"/> on, cut into batches of the sizes.</summary>
    public async Task<RecordingOutput> RunAsync(ProfilesHandler handler, long from, params int[] sizes)
    {
        var output = new RecordingOutput();
        await handler.StartAsync(TestContext.Current.CancellationToken);
        await FeedAsync(handler, output, from, sizes);
        return output;
    }

    public async Task FeedAsync(ProfilesHandler handler, PartitionOutput output, long from, params int[] sizes)
    {
        var records = Log.From(Topics.Events, 0, from);
        for (int at = 0, n = 0; at < records.Count; n++)
        {
            var size = sizes.Length == 0 ? records.Count : Math.Min(sizes[n % sizes.Length], records.Count - at);
            await handler.HandleAsync([.. records.Skip(at).Take(size)], output, TestContext.Current.CancellationToken);
            at += size;
        }
    }

    public Profile Profile(string user)
        => Strata.Contracts.State.V1.Profile.Parser.ParseFrom(FencedValue.Payload(Store.Values[Keys.Profile(user)]).Span);

    /// <summary>Fences and profiles as they are stored, without the undo log, which depends on what was committed when.</summary>
    public static string Snapshot(InMemoryStateStore store)
    {
        var lines = store.Values.Where(value => value.Key.EndsWith(":profile", StringComparison.Ordinal))
            .OrderBy(value => value.Key, StringComparer.Ordinal)
            .Select(value =>
        {
            var profile = Strata.Contracts.State.V1.Profile.Parser.ParseFrom(FencedValue.Payload(value.Value).Span);
            profile.UndoLog.Clear();
            return $"{value.Key} {Convert.ToHexString(FencedValue.Header(value.Value).Span)} {Convert.ToHexString(profile.ToByteArray())}";
        });
        return string.Join('\n', lines);
    }

    /// <summary>Points, and what was handed over.</summary>
    public static string[] Points(IEnumerable<SentMessage> sent)
        =>
        [
            .. sent.Where(message => message.Topic is Topics.InterestPoints or Topics.Events).OrderBy(message => message.Topic)
                .Select(message => $"{message.Key} {Convert.ToHexString(message.Value.ToByteArray())}"),
        ];

    /// <summary>The activity that the deltas give, all item partitions; the partition of each must be its own.</summary>
    public IReadOnlyDictionary<string, ItemActivity> Activity(IEnumerable<SentMessage> sent)
    {
        var states = Enumerable.Range(0, ItemPartitions).Select(partition => new ActivityState(new ActivityOptions(), partition)).ToArray();
        foreach (var message in sent.Where(message => message.Topic == Topics.ActivityDeltas))
        {
            var delta = (ActivityDelta)message.Value!;
            Assert.Equal(delta.ItemPartition, message.Partition);
            var read = ActivityDelta.Parser.ParseFrom(delta.ToByteArray());
            Assert.Equal(ActivityDeltaOutcome.Applied, states[delta.ItemPartition].Apply(read));
        }

        var items = states.SelectMany(
            state => state.TakeChanged().Select(item => (item, Partition: state.Marker().ItemPartition))).ToArray();
        Assert.All(items, entry => Assert.Equal(KeyPartitioner.PartitionOf(entry.item.ItemId, ItemPartitions), entry.Partition));
        return items.ToDictionary(entry => entry.item.ItemId, entry => entry.item);
    }

    public static void AssertSame(IReadOnlyDictionary<string, ItemActivity> expected, IReadOnlyDictionary<string, ItemActivity> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (id, item) in expected)
        {
            Assert.Equal(item.Popularity, actual[id].Popularity, Near);
            Assert.True(Near(item.FirstTouches, actual[id].FirstTouches) && Near(item.TransitionsOut, actual[id].TransitionsOut));
            Assert.Equal(Named(item.CoVisits), Named(actual[id].CoVisits));
            Assert.Equal(Named(item.Transitions), Named(actual[id].Transitions));
        }

        static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Abs(a);

        static IEnumerable<(string, float)> Named(IEnumerable<ItemActivity.Types.Neighbour> neighbours)
            => neighbours.Select(neighbour => (neighbour.ItemId, neighbour.Weight)).OrderBy(pair => pair.ItemId, StringComparer.Ordinal);
    }

    private static ItemFeatures Features(string id) => new()
    {
        ItemId = id,
        Encoder = "hash",
        Terms =
        {
            new Contracts.Common.V1.TermWeight { Term = $"term{id[1..]}", Weight = .5f },
            new Contracts.Common.V1.TermWeight { Term = "shared", Weight = .25f },
        },
        Embedding = Vectors.ToVector([int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) + 1f, 1, 2]),
    };
}
