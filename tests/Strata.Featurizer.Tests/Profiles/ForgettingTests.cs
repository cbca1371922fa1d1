using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>Of a forgotten user a mark by keyed hash stays, and nothing of before comes back.</summary>
[Trait("height", "harness")]
public sealed class ForgettingTests : IDisposable
{
    private const string User = "ann";

    private static readonly string Mark = ForgottenMarksOver.KeyOf(User, "profile");

    private readonly ProfilesWorld _world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Forget_LeavesAMarkOnly_AndTellsWhoFollowsThePoints()
    {
        _world.Store.Values[Keys.Quarantine(Keys.Profile(User))] = [1];
        _world.Event(User, EventKind.Click, "i1", 0);
        _world.Event("bob", EventKind.Click, "i2", 1);
        _world.Forget(User, 5);

        var output = await _world.RunAsync(_world.Handler(), 0);

        Assert.Equal([Mark, Keys.Profile("bob")], Kept());
        var forgotten = Forgotten.Parser.ParseFrom(FencedValue.Payload(_world.Store.Values[Mark]).Span);
        Assert.Equal(ProfilesWorld.Start + (5 * 60_000), forgotten.EventTimeUnixMs);
        Assert.Equal(new Fence(ProfilesWorld.EventsLog, 3), FencedValue.ReadFence(_world.Store.Values[Mark]));
        var points = output.SentTo<InterestPoint>(Topics.InterestPoints);
        Assert.Equal([EventKind.Click, EventKind.Click, EventKind.Forget], points.Select(point => point.Kind));
        Assert.Equal(forgotten, points[^1].Forgotten);
    }

    [Fact]
    public async Task Event_OfBeforeTheForgetting_SaysNothing_AndOneOfAfterDoes()
    {
        _world.Event(User, EventKind.Click, "i1", 0);
        _world.Forget(User, 5);
        _world.Event(User, EventKind.Click, "i2", 4);
        _world.Event(User, EventKind.Click, "i3", 6);
        _world.Event(User, EventKind.Click, "i4", 5);

        var output = await _world.RunAsync(_world.Handler(), 0, 1);

        Assert.Equal(["i3"], _world.Profile(User).Items.Select(item => item.ItemId));
        Assert.Equal(
            ["i1", "", "i3"], output.SentTo<InterestPoint>(Topics.InterestPoints).Select(point => point.ItemId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rebuild_FromTheLogsBeginning_BringsNothingOfBeforeBack(bool returned)
    {
        _world.Event(User, EventKind.Click, "i1", 0);
        _world.Forget(User, 5);
        if (returned)
        {
            _world.Event(User, EventKind.Click, "i3", 6);
        }

        await _world.RunAsync(_world.Handler(), 0);
        _world.Store.Values.Remove(Keys.Profile(User));
        _world.Store.Positions.Clear();
        var handler = _world.Handler(committed: 3);
        await handler.StartAsync(Cancel);

        // After each record: not even for a moment.
        foreach (var record in _world.Log.From(Topics.Events, 0, 0))
        {
            await handler.HandleAsync([record], new RecordingOutput(), Cancel);
            Assert.DoesNotContain(Items(), id => id == "i1");
        }

        Assert.Equal(returned ? ["i3"] : [], Items());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Tombstone_OfTheForgetting_LeavesNoProfileAndTakesNothingFromOneWhoIsBack(int batch)
    {
        var asked = DateTimeOffset.FromUnixTimeMilliseconds(ProfilesWorld.Start + (5 * 60_000));
        var forget = _world.Forget(User, 5);
        var old = new UserAttributes { UserId = User, Region = "NZ" };
        old.Updated = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(asked.AddMinutes(-1));
        var before = _world.Log.Append(Topics.Users, 0, User, old, asked.AddMinutes(-1));
        var tombstone = _world.Log.Append(Topics.Users, 0, User, (byte[]?)null, asked);
        var handler = _world.Handler();
        await handler.StartAsync(Cancel);
        foreach (var records in new[] { forget, before, tombstone }.Chunk(batch))
        {
            await handler.HandleAsync(records, new RecordingOutput(), Cancel);
        }

        Assert.Equal([Mark], Kept());

        var back = _world.Event(User, EventKind.Click, "i3", 6);
        await handler.HandleAsync([back], new RecordingOutput(), Cancel);
        await handler.HandleAsync([tombstone with { Offset = 2 }], new RecordingOutput(), Cancel);

        Assert.Equal(["i3"], Items());
    }

    [Fact]
    public async Task Event_ForSumsOnly_CountsForItsItemAndForNothingOfItsUser()
    {
        _world.Event(User, EventKind.Click, "i1", 0);
        var anonymous = _world.Event(User, EventKind.Click, "i2", 1);
        var happened = UserEvent.Parser.ParseFrom(anonymous.Value!.Value.Span);
        happened.AggregateOnly = true;
        var handler = _world.Handler();
        var output = new RecordingOutput();
        await handler.StartAsync(Cancel);
        await handler.HandleAsync([_world.Log.From(Topics.Events, 0, 0)[0]], output, Cancel);
        var before = _world.Store.Values[Keys.Profile(User)];

        await handler.HandleAsync([anonymous with { Value = Google.Protobuf.MessageExtensions.ToByteArray(happened) }], output, Cancel);

        Assert.Equal(before, _world.Store.Values[Keys.Profile(User)]);
        Assert.Equal(["i1"], output.SentTo<InterestPoint>(Topics.InterestPoints).Select(point => point.ItemId));
        var activity = _world.Activity(output.Sent);
        Assert.Equal(1, activity["i2"].Popularity[^1]);
        Assert.Empty(activity["i2"].CoVisits);
    }

    private string[] Kept()
        => [.. _world.Store.Values.Keys.Where(key => !key.StartsWith("item:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private string[] Items()
        => _world.Store.Values.ContainsKey(Keys.Profile(User)) ? [.. _world.Profile(User).Items.Select(item => item.ItemId)] : [];
}
