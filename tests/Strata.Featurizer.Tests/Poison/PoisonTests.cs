using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Events.V1;
using Strata.Featurizer.Activity;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Items;
using Strata.Featurizer.Tests.Doubles;
using Strata.Featurizer.Tests.Embeddings;
using Strata.Featurizer.Tests.Profiles;
using Strata.Featurizer.TfIdf;
using Strata.Featurizer.Tokens.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Testing.Doubles;
using Strata.Testing.Poison;

namespace Strata.Featurizer.Tests.Poison;

/// <summary>Every field of every topic with what no writer means: nothing stops, and what goes on is clean.</summary>
[Trait("height", "harness")]
public sealed class PoisonTests : IDisposable
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(GoodMessages.TimeMs);

    private readonly ProfilesWorld _world = new();
    private readonly RecordingOutput _output = new();
    private readonly TermExtractor _terms = new(Options.Create(new TokensOptions()));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _world.Dispose();
        _terms.Dispose();
    }

    [Fact]
    public async Task Profiles_AbsurdEvents_AreDeadLetteredAndTheNextOneCounts()
    {
        var good = GoodMessages.Event();
        good.LayerControl = null;
        var poison = _world.Log.AppendAbsurdities(Topics.Events, 0, good.UserId, good).Count
            + _world.Log.AppendAbsurdities(Topics.Events, 0, good.UserId, Control()).Count;
        good.EventId = "last";
        _world.Log.Append(Topics.Events, 0, good.UserId, good, Time);

        var output = await _world.RunAsync(_world.Handler(), 0, 50);

        Assert.InRange(output.Dead.Count, 1, poison);
        Assert.Contains(output.Dead, dead => dead.Reason.StartsWith("event_time is 4611686018427387904 s", StringComparison.Ordinal));
        Assert.Empty(output.Faults());
        Assert.Equal(poison + 1, output.Committed(Topics.Events));
        Assert.Equal(GoodMessages.TimeMs, _world.Profile(good.UserId).LastEventUnixMs);
    }

    [Fact]
    public async Task Profiles_AbsurdAttributes_AreDeadLettered()
    {
        var poison = _world.Log.AppendAbsurdities(Topics.Users, 0, "u1", GoodMessages.User());
        _world.Log.Append(Topics.Users, 0, "u1", GoodMessages.User(), Time);
        var handler = _world.Handler();
        await handler.StartAsync(Cancel);

        await handler.HandleAsync(_world.Log.From(Topics.Users, 0, 0), _output, Cancel);

        Assert.InRange(_output.Dead.Count, 1, poison.Count);
        Assert.Equal("NO", _world.Profile("u1").Attributes.Region);
    }

    [Fact]
    public async Task Profiles_ValuesThatAreNone_AreSetAsideOneByOneAndOthersGoOn()
    {
        var good = FencedValue.Encode([new Fence(ProfilesWorld.EventsLog, 0), default], GoodMessages.Profile().ToByteArray());
        var users = 0;
        foreach (var absurdity in Absurdities.Of(GoodMessages.Profile()))
        {
            var payload = FencedValue.Encode([new Fence(ProfilesWorld.EventsLog, 0), default], absurdity.Bytes);
            _world.Store.Values[Keys.Profile($"p{users++}")] = payload;
        }

        _world.Store.Values[Keys.Profile("cut")] = good[..9];
        _world.Store.Values[Keys.Profile("well")] = good;
        _world.Store.Values[Keys.Item("i3")] = [200, 1, 2];
        for (var user = 0; user < users; user++)
        {
            _world.Event($"p{user}", EventKind.Click, "i1", user);
        }

        _world.Event("cut", EventKind.Click, "i3", 1);
        _world.Event("well", EventKind.Click, "i2", 2);

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Empty(output.Dead);
        Assert.Empty(output.Faults());
        Assert.Equal(good[..9], _world.Store.Values[Keys.Quarantine(Keys.Profile("cut"))]);
        Assert.True(_world.Store.Values.ContainsKey(Keys.Quarantine(Keys.Item("i3"))));
        Assert.Equal(["i3"], _world.Profile("cut").Items.Select(item => item.ItemId));
        Assert.Equal(["i1", "i2"], _world.Profile("well").Items.Select(item => item.ItemId));
        Assert.All(
            Enumerable.Range(0, users), user => Assert.Null(Strata.Contracts.Bounds.MessageBounds.Fault(_world.Profile($"p{user}"))));
    }

    [Fact]
    public async Task Items_AbsurdOnes_AreDeadLetteredAndTheNextVersionCounts()
    {
        var log = new InMemoryLog();
        var poison = log.AppendAbsurdities(Topics.Items, 0, "i1", GoodMessages.Item());
        log.Append(Topics.Items, 0, "i1", GoodMessages.Item(), Time);
        var store = new InMemoryStateStore();
        store.Values[Keys.Item("i1")] = [1, 2, 3];

        var items = Items(store);
        await items.StartAsync(Cancel);
        await items.HandleAsync(log.From(Topics.Items, 0, 0), _output, Cancel);

        Assert.InRange(_output.Dead.Count, 1, poison.Count);
        Assert.Empty(_output.Faults());
        Assert.Equal([1, 2, 3], store.Values[Keys.Quarantine(Keys.Item("i1"))]);
        Assert.Equal(
            "Red shoes",
            Contracts.Features.V1.ItemFeatures.Parser.ParseFrom(FencedValue.Payload(store.Values[Keys.Item("i1")]).Span).Title);
    }

    [Fact]
    public async Task Activity_AbsurdDeltas_AreDeadLetteredAndTheNextOneCounts()
    {
        var log = new InMemoryLog();
        log.AppendAbsurdities(Topics.ActivityDeltas, 2, null, GoodMessages.Delta(), NoOtherRange);
        log.AppendAbsurdities(Topics.ItemFeatures, 2, "i9", GoodMessages.Features());
        log.Append(Topics.ActivityDeltas, 2, null, GoodMessages.Delta(), Time);
        var reducer = Activity(log);
        await reducer.StartAsync(Cancel);

        await reducer.HandleAsync(
            [.. log.From(Topics.ItemFeatures, 2, 0), .. log.From(Topics.ActivityDeltas, 2, 0)], _output, Cancel);
        await reducer.DrainAsync(_output, Cancel);

        Assert.NotEmpty(_output.Dead);
        Assert.Empty(_output.Faults());
        Assert.Equal(12, _output.SentTo<ActivityMarker>(Topics.ItemActivity).Single().Positions.Single(p => p.EventsPartition == 1).Next);
    }

    [Fact]
    public async Task Activity_GarbageInItsTopic_IsSkippedAndTheOlderRecordStays()
    {
        var log = new InMemoryLog();
        log.Append(Topics.ItemActivity, 2, "i1", GoodMessages.Activity(), Time);
        log.Append(Topics.ItemActivity, 2, "marker:2", GoodMessages.Marker(), Time);
        log.AppendAbsurdities(Topics.ItemActivity, 2, "i1", GoodMessages.Activity(), absurdity => absurdity.IsRefused);
        log.AppendAbsurdities(Topics.ItemActivity, 2, "marker:2", GoodMessages.Marker(), absurdity => absurdity.IsRefused);
        log.Append(Topics.ItemActivity, 2, null, [1], Time);
        var more = GoodMessages.Delta();
        (more.From, more.To) = (12, 14);
        log.Append(Topics.ActivityDeltas, 2, null, more, Time);
        var reducer = Activity(log);

        await reducer.StartAsync(Cancel);
        await reducer.HandleAsync(log.From(Topics.ActivityDeltas, 2, 0), _output, Cancel);

        Assert.Equal(log.From(Topics.ItemActivity, 2, 2).Count, log.Skipped.Count);
        Assert.Equal(7, _output.SentTo<ItemActivity>(Topics.ItemActivity).Single(item => item.ItemId == "i1").Popularity[5]);
    }

    private static UserEvent Control()
    {
        var control = GoodMessages.Event();
        (control.Kind, control.ItemId, control.EventId) = (EventKind.Control, "", "c1");
        return control;
    }

    // Another partition or a range that begins later is another delta, not a wrong one.
    private static bool NoOtherRange(Absurdity absurdity)
        => absurdity.IsRefused || absurdity.Field is not ("from" or "to" or "bytes");

    private ItemsHandler Items(IStateStore store)
    {
        var options = Options.Create(new ItemsOptions());
        var context = new PartitionContext(
            "g",
            0,
            new Dictionary<string, ulong> { [Topics.Items] = FixedTopics.Log },
            new Dictionary<string, long> { [Topics.Items] = 0 });
        return new ItemsHandler(
            context,
            store,
            new ItemFeaturizer(_terms, new HashEncoder(), TestEncoders.Pictures, Options.Create(new TokensOptions()), options),
            Options.Create(new TfIdfOptions()),
            options,
            new ItemsMetrics(TestEncoders.Meters));
    }

    private static ActivityReducer Activity(InMemoryLog log) => new(
        new PartitionContext("g", 2, new Dictionary<string, ulong>(), new Dictionary<string, long>()),
        log,
        TimeProvider.System,
        Options.Create(new ActivityOptions()),
        new ActivityMetrics(TestEncoders.Meters),
        NullLogger<ActivityReducer>.Instance);
}
