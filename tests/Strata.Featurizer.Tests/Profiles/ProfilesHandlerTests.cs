using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Profiles;

[Trait("height", "harness")]
public sealed class ProfilesHandlerTests : IDisposable
{
    private readonly ProfilesWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task HandleAsync_EventSentTwice_MovesTheFenceAndNothingElse()
    {
        _world.Event("ann", EventKind.Click, "i1", 0, id: "once");
        var first = await _world.RunAsync(_world.Handler(), 0);
        var profile = _world.Profile("ann");
        _world.Event("ann", EventKind.Click, "i1", 0, id: "once");

        var second = await _world.RunAsync(_world.Handler(committed: 1), 1);

        // The producer's retry has a token of its own: a reader waits until the fence holds it.
        Assert.True(FencedValue.ReadFence(_world.Store.Values[Keys.Profile("ann")]).Holds(ProfilesWorld.EventsLog, 1));
        Assert.Equal(profile.Events, _world.Profile("ann").Events);
        Assert.Equal(profile.Items, _world.Profile("ann").Items);
        Assert.Single(first.SentTo<InterestPoint>(Topics.InterestPoints));
        Assert.Empty(second.SentTo<InterestPoint>(Topics.InterestPoints));
    }

    [Fact]
    public async Task HandleAsync_Events_WritesProfilesAndSendsPointsAndDeltas()
    {
        _world.Event("u", EventKind.View, "i1", 0);
        _world.Event("u", EventKind.Search, "red shoes", 1);
        _world.Event("u", EventKind.Purchase, "i2", 2);
        _world.Event("u", EventKind.Dismiss, "i1", 3);

        var output = await _world.RunAsync(_world.Handler(), 0);

        var points = output.SentTo<InterestPoint>(Topics.InterestPoints);
        Assert.Equal([.3f, .7f, 5, -1], points.Select(point => point.Weight));
        Assert.Equal(["i1", "", "i2", "i1"], points.Select(point => point.ItemId));
        Assert.Equal("red shoes", points[1].Query);
        Assert.NotEqual(await _world.Encoder.EncodeQueryAsync("red shoes", CancellationToken.None), points[1].Vector);
        var asked = _world.Profile("u").Queries[0];
        Assert.True(asked.Centred);
        Assert.NotEqual(await _world.Encoder.EncodeQueryAsync("red shoes", CancellationToken.None), asked.Vector);
        Assert.NotEqual(points[1].Vector, asked.Vector);
        Assert.Equal([0L, 1, 2, 3], points.Select(point => point.EventOffset));
        var deltas = output.SentTo<ActivityDelta>(Topics.ActivityDeltas);
        Assert.Equal(3, deltas.Count);
        Assert.All(deltas, delta => Assert.Equal((0L, 4L, ProfilesWorld.EventsLog), (delta.From, delta.To, delta.Log)));
        Assert.Equal(2, _world.Activity(output.Sent).Count);
        Assert.Equal(["i2", "i1"], _world.Profile("u").Items.Select(item => item.ItemId));
        Assert.Equal(4, output.Committed(Topics.Events));
        Assert.Equal(new Fence(ProfilesWorld.EventsLog, 4), _world.Store.Positions[Keys.Position("g", Topics.Events, 0)]);
    }

    [Theory]
    [InlineData("?")]
    [InlineData("...")]
    [InlineData("the")]
    public async Task HandleAsync_QueryWithoutATerm_MakesNoPoint(string query)
    {
        _world.Event("u", EventKind.Search, query, 0);

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Empty(output.SentTo<InterestPoint>(Topics.InterestPoints));
    }

    [Fact]
    public async Task HandleAsync_ManyBatches_DeltasJoinWithoutAGap()
    {
        _world.RandomEvents(1, 100);

        var output = await _world.RunAsync(_world.Handler(), 0, 7, 1, 13);

        foreach (var partition in output.SentTo<ActivityDelta>(Topics.ActivityDeltas).GroupBy(delta => delta.ItemPartition))
        {
            Assert.Equal(0, partition.First().From);
            Assert.Equal(100, partition.Last().To);
            Assert.All(partition.Zip(partition.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        }
    }

    [Fact]
    public async Task HandleAsync_SameEventIdAgain_ChangesAndSendsNothing()
    {
        _world.Event("u", EventKind.Click, "i1", 0, "same");
        _world.Event("u", EventKind.Click, "i1", 0, "same");
        _world.Event("v", EventKind.Click, "i1", 0, "same");

        var output = await _world.RunAsync(_world.Handler(), 0, 1);

        Assert.Equal([0L, 2], output.SentTo<InterestPoint>(Topics.InterestPoints).Select(point => point.EventOffset));
        Assert.Equal(1ul, _world.Profile("u").Events);
        Assert.Equal(2, _world.Activity(output.Sent)["i1"].Popularity[5]);
    }

    [Fact]
    public async Task HandleAsync_StoreFallsBehind_RestoresTheProfileAndSendsNothingAgain()
    {
        _world.RandomEvents(2, 60);
        var all = await _world.RunAsync(_world.Handler(), 0, 10);
        var expected = ProfilesWorld.Snapshot(_world.Store);
        using var behind = new ProfilesWorld { Log = _world.Log };
        var old = new RecordingOutput();
        var handler = behind.Handler();
        await handler.StartAsync(TestContext.Current.CancellationToken);
        await handler.HandleAsync([.. behind.Log.From(Topics.Events, 0, 0).Take(20)], old, TestContext.Current.CancellationToken);

        var successor = behind.Handler(committed: 50);
        var start = await successor.StartAsync(TestContext.Current.CancellationToken);
        var output = new RecordingOutput();
        await behind.FeedAsync(successor, output, start[Topics.Events], 7);

        Assert.Equal(20, start[Topics.Events]);
        Assert.Equal(expected, ProfilesWorld.Snapshot(behind.Store));
        Assert.Equal(ProfilesWorld.Points(all.Sent).Where(point => OffsetOf(point) >= 50), ProfilesWorld.Points(output.Sent));
        Assert.Equal(50, output.SentTo<ActivityDelta>(Topics.ActivityDeltas)[0].From);
        Assert.Equal(60, output.Committed(Topics.Events));
    }

    [Fact]
    public async Task HandleAsync_OneUserWithMoreThanTheUndoLogHolds_CommitsInBetween()
    {
        _world.Options_.UndoLimit = 8;
        for (var i = 0; i < 50; i++)
        {
            _world.Event("u", EventKind.View, $"i{i % 40}", i);
        }

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Equal([8L, 16, 24, 32, 40, 48, 50], output.Commits.Select(commit => commit.Value));
        Assert.True(_world.Profile("u").UndoLog.Count <= 8);
    }

    [Fact]
    public async Task HandleAsync_MoreTouchesThanADeltaHolds_CutsIt()
    {
        _world.Options_.EventsPerDelta = 10;
        for (var i = 0; i < 25; i++)
        {
            _world.Event($"u{i}", EventKind.View, "i1", i);
        }

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Equal(
            [10L, 20, 25],
            output.SentTo<ActivityDelta>(Topics.ActivityDeltas).Where(delta => delta.ItemPartition == 0).Select(delta => delta.To));
    }

    [Fact]
    public async Task HandleAsync_AttributesAndTombstone_AreTakenOverAndForgetTheUser()
    {
        _world.Event("u", EventKind.Click, "i1", 0);
        var handler = _world.Handler();
        var output = await _world.RunAsync(handler, 0);
        var attributes = _world.Log.Append(
            Topics.Users,
            0,
            "u",
            new UserAttributes { UserId = "u", AgeBand = "25-34", Region = new string('x', 100) },
            DateTimeOffset.UnixEpoch);
        await handler.HandleAsync([attributes], output, TestContext.Current.CancellationToken);

        Assert.Equal("25-34", _world.Profile("u").Attributes.AgeBand);
        Assert.Equal(64, _world.Profile("u").Attributes.Region.Length);
        Assert.Equal(1, output.Committed(Topics.Users));

        var tombstone = _world.Log.Append(Topics.Users, 0, "u", (byte[]?)null, DateTimeOffset.UnixEpoch);
        await handler.HandleAsync([tombstone], output, TestContext.Current.CancellationToken);
        await _world.RunAsync(_world.Handler(users: 1), 0);

        Assert.Equal(0, _world.Profile("u").CalculateSize());
        Assert.Equal(new Fence(ProfilesWorld.EventsLog, 1), FencedValue.ReadFence(_world.Store.Values[Keys.Profile("u")], 0));
    }

    [Fact]
    public async Task HandleAsync_RecordsThatCannotBeRead_AreDeadLettered()
    {
        _world.Log.Append(Topics.Events, 0, "u", [0xFF], DateTimeOffset.UnixEpoch);
        _world.Log.Append(
            Topics.Events, 0, "u", new UserEvent { UserId = "v", Kind = EventKind.View, ItemId = "i1" }, DateTimeOffset.UnixEpoch);
        _world.Log.Append(Topics.Events, 0, "u", new UserEvent { UserId = "u", Kind = EventKind.Search }, DateTimeOffset.UnixEpoch);
        _world.Log.Append(Topics.Events, 0, "u", new UserEvent { UserId = "u", ItemId = "i1" }, DateTimeOffset.UnixEpoch);
        _world.Event("u", EventKind.View, "i1", 0);

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Equal(4, output.Dead.Count);
        Assert.Single(output.SentTo<InterestPoint>(Topics.InterestPoints));
        Assert.Equal(5, output.Committed(Topics.Events));
    }

    [Fact]
    public async Task HandleAsync_AnotherWriter_IsFencedAndSendsNothing()
    {
        _world.Event("u", EventKind.View, "i1", 0);
        _world.Event("u", EventKind.View, "i2", 1);
        var slow = _world.Handler();
        var slowOutput = await _world.RunAsync(slow, 2);
        await slow.HandleAsync([.. _world.Log.From(Topics.Events, 0, 0).Take(1)], slowOutput, TestContext.Current.CancellationToken);
        await _world.RunAsync(_world.Handler(committed: 1), 1);
        _world.Event("u", EventKind.View, "i3", 2);
        await _world.RunAsync(_world.Handler(committed: 2), 2);
        var sent = slowOutput.Sent.Count;

        await Assert.ThrowsAsync<StateFencedException>(
            async () => await slow.HandleAsync(
                [.. _world.Log.From(Topics.Events, 0, 1).Take(1)], slowOutput, TestContext.Current.CancellationToken));

        Assert.Equal(sent, slowOutput.Sent.Count);
        Assert.Empty(slowOutput.Pending);
    }

    private static long OffsetOf(string point) => InterestPoint.Parser.ParseFrom(Convert.FromHexString(point.Split(' ')[1])).EventOffset;
}
