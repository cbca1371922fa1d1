using System.Diagnostics.Metrics;
using System.IO.Hashing;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Shadow;
using Strata.Ranking.Shadow.Core;
using Strata.Ranking.Users.Core;
using Strata.RankingModel;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Testing.Doubles;

namespace Strata.Ranking.Tests.Shadow;

[Trait("height", "harness")]
public sealed class ShadowHandlerTests
{
    private const int Partition = 5;
    private const ulong EventsLog = 12;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly InMemoryLog _log = new();
    private readonly InMemoryStateStore _store = new();
    private readonly FakeTimeProvider _clock = new(Start.AddHours(1));
    private readonly Watermark _watermark = new();
    private readonly Ranker _ranker = new();
    private readonly ShadowOptions _options = new();
    private readonly RecordingOutput _output = new();

    [Fact]
    public async Task Handle_OrganicClick_SendsTheListItWouldHaveChosenFrom()
    {
        var click = Event("u", "b", minutes: 3);

        await HandleAsync(click);

        var example = Assert.Single(Sent());
        Assert.Equal(TrainingExample.Types.Origin.Shadow, example.Origin);
        Assert.Equal((1, 3u, 7u, 2u), (example.Positive, example.Candidates, example.Schema, example.Context));
        Assert.Equal(Start.AddMinutes(3).ToUnixTimeMilliseconds(), example.TimeUnixMs);
        Assert.Equal(3u, example.LayerId);
        Assert.Equal(["gender=f"], example.Cohorts);
        Assert.Equal(Cohorts.BucketOf("u"), example.UserBucket);
        var features = new float[6];
        Assert.True(FeatureBytes.TryDecode(example.Features.Span, features));
        Assert.Equal([0, 0.5f, 1, 1.5f, 2, 2.5f], features);
        Assert.Equal(0, Assert.Single(_output.Sent).Partition);
        Assert.Equal(1, _output.Positions[Topics.Events]);
    }

    [Fact]
    public async Task Handle_FarAheadOfTheActivity_WaitsUntilItComesNear()
    {
        _options.MaxAhead = 1;
        Event("u", "a", 0);
        Event("u", "a", 1);
        var handling = HandleAsync(Event("u", "b", 2));
        Assert.False(handling.IsCompleted);

        _watermark.Next = 1;
        while (!handling.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await handling;

        Assert.Single(Sent());
    }

    [Fact]
    public async Task Handle_ActivityNeverComesNear_DropsTheEventAndGoesOn()
    {
        _options.MaxAhead = 1;
        Event("u", "a", 0);
        Event("u", "a", 1);
        var handling = HandleAsync(Event("u", "b", 2));

        while (!handling.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await handling;
        Assert.Empty(Sent());
        Assert.Equal(3, _output.Positions[Topics.Events]);
    }

    [Fact]
    public async Task Handle_ProfileHoldsTheEvent_RanksWithTheProfileBefore()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "x", 0, Start.ToUnixTimeMilliseconds());
        ModelProfile.Touch(profile, "b", 1, Start.AddMinutes(1).ToUnixTimeMilliseconds());
        ModelProfile.Touch(profile, "x", 2, Start.AddMinutes(2).ToUnixTimeMilliseconds());
        Store("u", profile, next: 3);
        Event("u", "x", 0);
        var click = Event("u", "b", 1);

        await HandleAsync(click);

        var seen = Assert.Single(_ranker.Profiles);
        Assert.Equal(["x"], seen.Items.Select(item => item.ItemId));
        Assert.Equal(0, seen.Items[0].Offset);
        Assert.Equal(Start.AddMinutes(1), Assert.Single(_ranker.Times));
        Assert.Single(Sent());
    }

    [Theory]
    [InlineData(EventKind.View)]
    [InlineData(EventKind.Search)]
    [InlineData(EventKind.Dismiss)]
    public async Task Handle_NoPositive_IsPassedOver(EventKind kind)
    {
        await HandleAsync(Event("u", kind == EventKind.Search ? "" : "b", 1, kind: kind));

        Assert.Empty(_ranker.Profiles);
        Assert.Equal(1, _output.Positions[Topics.Events]);
    }

    [Fact]
    public async Task Handle_EventOfASlate_IsPassedOver()
    {
        await HandleAsync(Event("u", "b", 1, request: "r"));

        Assert.Empty(_ranker.Profiles);
    }

    [Fact]
    public async Task Handle_ActivityKnowsTheEvent_IsDropped()
    {
        _watermark.Next = 1;

        await HandleAsync(Event("u", "b", 1));

        Assert.Empty(_ranker.Profiles);
        Assert.Empty(Sent());
        Assert.Equal(1, _output.Positions[Topics.Events]);
    }

    [Fact]
    public async Task Handle_ActivityAbsorbsTheEventDuringScoring_IsDropped()
    {
        _ranker.WhenCalled = () => _watermark.Next = 1;

        await HandleAsync(Event("u", "b", 1));

        Assert.Single(_ranker.Profiles);
        Assert.Empty(Sent());
    }

    [Fact]
    public async Task Handle_ItemThatTheUserHad_IsDroppedUnlessRepeatsAreLearned()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "b", 0, Start.ToUnixTimeMilliseconds());
        Store("u", profile, next: 1);
        Event("u", "b", 0);
        var repeat = Event("u", "b", 1);

        await HandleAsync(repeat);
        Assert.Empty(Sent());
        _options.Repeats = true;
        await HandleAsync(repeat);

        Assert.Single(Sent());
        Assert.Equal([true], _ranker.Repeats);
    }

    [Fact]
    public async Task Handle_RepeatedEventId_IsDropped()
    {
        var click = Event("u", "b", 1);
        var profile = new Profile();
        profile.Seen.Add(new SeenEvent { IdHash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes("u-b-1")), Offset = 0 });
        Store("u", profile, next: 1);
        var again = _log.Append(Topics.Events, Partition, "u", UserEvent.Parser.ParseFrom(click.Value!.Value.Span), Start);

        await HandleAsync(again);

        Assert.Empty(Sent());
    }

    [Fact]
    public async Task Handle_ProfileOfAnotherLog_IsDropped()
    {
        Store("u", new Profile(), next: 0, log: EventsLog + 1);

        await HandleAsync(Event("u", "b", 1));

        Assert.Empty(Sent());
    }

    [Fact]
    public async Task Handle_InexactProfile_IsDropped()
    {
        var profile = new Profile();
        ModelProfile.Touch(profile, "x", 0, Start.ToUnixTimeMilliseconds());
        ModelProfile.Touch(profile, "b", 1, Start.AddMinutes(1).ToUnixTimeMilliseconds());
        ModelProfile.Touch(profile, "x", 2, Start.AddMinutes(2).ToUnixTimeMilliseconds());
        ModelProfile.CommitBelow(profile, 3);
        Store("u", profile, next: 3);
        Event("u", "x", 0);

        await HandleAsync(Event("u", "b", 1));

        Assert.Empty(Sent());
    }

    [Fact]
    public async Task Handle_LayersThatMayHoldTheEvent_AreLeftOut()
    {
        StoreLayers("u", Start.AddMinutes(1));
        await HandleAsync(Event("u", "b", 1));
        StoreLayers("v", Start.AddMinutes(1));
        await HandleAsync(Event("v", "b", 2));

        Assert.Null(_ranker.Layers[0]);
        Assert.Equal([9u], _ranker.Layers[1]!.LayerIds);
    }

    [Fact]
    public async Task Handle_ChosenItemIsNoCandidate_SaysSo()
    {
        await HandleAsync(Event("u", "elsewhere", 1));

        var example = Assert.Single(Sent());
        Assert.Equal(-1, example.Positive);
    }

    [Fact]
    public async Task Handle_MoreThanTheTarget_TakesAboutTheTarget()
    {
        _options.MaxAhead = 1_000_000;
        _options.TargetPerSecond = 20;
        var sampler = new AdaptiveSampler(_options.TargetPerSecond, 1, _clock, new Random(1));
        var handler = Make(sampler);
        for (var second = 0; second < 30; second++)
        {
            await handler.HandleAsync([.. Enumerable.Range(0, 400).Select(i => Event($"u{i}", "b", 1))], _output, CancellationToken.None);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(Sent().Count, 500, 700);
    }

    private Task HandleAsync(StreamRecord record)
        => Make(new AdaptiveSampler(_options.TargetPerSecond, 1, _clock, new Random(1)))
            .HandleAsync([record], _output, CancellationToken.None).AsTask();

    private ShadowHandler Make(AdaptiveSampler sampler)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var context = new PartitionContext(
            "ranking-shadow", Partition, new Dictionary<string, ulong> { [Topics.Events] = EventsLog }, new Dictionary<string, long>());
        return new ShadowHandler(context, _options, _store, _watermark, _ranker, sampler, _clock, new ShadowMetrics(meters));
    }

    private IReadOnlyList<TrainingExample> Sent() => _output.SentTo<TrainingExample>(Topics.Training);

    private StreamRecord Event(string user, string item, double minutes, string request = "", EventKind kind = EventKind.Click)
        => _log.Append(Topics.Events, Partition, user, new UserEvent
        {
            EventId = $"{user}-{item}-{minutes}",
            UserId = user,
            ItemId = item,
            Kind = kind,
            RequestId = request,
            EventTime = Timestamp.FromDateTimeOffset(Start.AddMinutes(minutes)),
        }, Start.AddMinutes(minutes));

    private void Store(string user, Profile profile, long next, ulong log = EventsLog)
        => _store.Values[Keys.Profile(user)] = FencedValue.Encode([new Fence(log, next), default], profile.ToByteArray());

    private void StoreLayers(string user, DateTimeOffset asOf)
    {
        var asOfMs = asOf.ToUnixTimeMilliseconds();
        var layers = new UserLayers { LayerIds = { 9 }, LongWeights = { 1 }, ShortWeights = { 1 }, AsOfUnixMs = asOfMs };
        _store.Values[Keys.UserLayers(user)] = FencedValue.Encode([new Fence(3, 8)], layers.ToByteArray());
    }

    private sealed class Watermark : IActivityWatermark
    {
        public long Next { get; set; }

        public bool HasAbsorbed(int eventsPartition, long offset)
        {
            Assert.Equal(Partition, eventsPartition);
            return offset < Next;
        }

        public long FirstOpen(int eventsPartition) => Next;
    }

    private sealed class Ranker : IShadowRanker
    {
        public List<Profile> Profiles { get; } = [];

        public List<UserLayers?> Layers { get; } = [];

        public List<DateTimeOffset> Times { get; } = [];

        public List<bool> Repeats { get; } = [];

        public Action WhenCalled { get; set; } = () => { };

        public ShadowList Rank(Profile profile, UserLayers? layers, DateTimeOffset now, bool allowRepeats)
        {
            Profiles.Add(profile);
            Layers.Add(layers);
            Times.Add(now);
            Repeats.Add(allowRepeats);
            WhenCalled();
            return new ShadowList(
                7, 2, ["a", "b", "c"], [0, 0.5f, 1, 1.5f, 2, 2.5f], ["gender=f"], id => id == "b" ? 3u : 0);
        }
    }
}
