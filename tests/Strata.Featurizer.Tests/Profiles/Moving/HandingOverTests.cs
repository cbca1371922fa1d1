using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Featurizer.Tests.Profiles.Moving;

/// <summary>What is held under one name goes on under another: once, all of it, and nothing stays behind.</summary>
[Trait("height", "harness")]
public sealed class HandingOverTests : IDisposable
{
    private const string Old = "first.ann";
    private const string New = "second.ann";

    private readonly ProfilesWorld _world = new();
    private readonly RecordingOutput _output = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task HandOver_ToAnEmptyName_IsTheSameProfileThere_AndLeavesFencesHere()
    {
        _world.RandomEvents(5, 40);
        foreach (var item in Enumerable.Range(0, 40))
        {
            _world.Event(Old, item % 5 == 0 ? EventKind.Dismiss : EventKind.Click, $"i{item}", item);
        }

        _world.Event(Old, EventKind.Search, "a query", 50);
        var attributes = new UserAttributes { UserId = Old, Region = "NZ" };
        var handler = _world.Handler();
        await handler.StartAsync(Cancel);
        await _world.FeedAsync(handler, _output, 0, 7);
        await handler.HandleAsync(
            [_world.Log.Append(Topics.Users, 0, Old, attributes, DateTimeOffset.UnixEpoch.AddDays(1))], _output, Cancel);
        var before = Comparable(_world.Profile(Old));

        await handler.HandleAsync([_world.HandOver(Old, New, 60)], _output, Cancel);
        var sent = Assert.Single(_output.SentTo<UserEvent>(Topics.Events));
        await handler.HandleAsync([_world.Deliver(sent)], _output, Cancel);
        await handler.IdleAsync(_output, Cancel);

        Assert.Equal((EventKind.TakeOver, New, Old), (sent.Kind, sent.UserId, sent.HandOver.FromUserId));
        Assert.Equal(before, Comparable(_world.Profile(New)));
        Assert.Equal(new Profile(), _world.Profile(Old));
        Assert.Equal((New, "NZ"), _output.SentTo<UserAttributes>(Topics.Users) is [var put] ? (put.UserId, put.Region) : default);
        Assert.Equal(EventKind.HandOver, _output.SentTo<InterestPoint>(Topics.InterestPoints)[^1].Kind);

        // Once more: nothing is left to hand over.
        await handler.HandleAsync([_world.HandOver(Old, New, 61)], _output, Cancel);
        Assert.Single(_output.SentTo<UserEvent>(Topics.Events));
    }

    [Fact]
    public async Task TakeOver_BesideAProfile_IsAsIfOneHadDoneWhatBothDid()
    {
        using var one = new ProfilesWorld();
        foreach (var (world, user, other) in new[] { (_world, Old, New), (one, New, New) })
        {
            world.Event(user, EventKind.Click, "i1", 0);
            world.Event(user, EventKind.Like, "i2", 10);
            world.Event(user, EventKind.Dismiss, "i3", 20);
            world.Event(user, EventKind.Search, "old query", 30);
            world.Event(other, EventKind.Click, "i2", 3_000);
            world.Event(other, EventKind.Click, "i3", 3_010);
            world.Event(other, EventKind.Search, "new query", 3_020);
        }

        await one.RunAsync(one.Handler(), 0);
        _world.HandOver(Old, New, 3_030);
        var handler = _world.Handler();
        await handler.StartAsync(Cancel);
        await _world.FeedAsync(handler, _output, 0);
        await handler.HandleAsync([_world.Deliver(_output.SentTo<UserEvent>(Topics.Events)[0])], _output, Cancel);

        var (expected, actual) = (Comparable(one.Profile(New)), Comparable(_world.Profile(New)));
        foreach (var (a, b) in expected.Terms.Zip(actual.Terms))
        {
            Assert.Equal((a.Term, a.Weight), (b.Term, b.Weight), (x, y) => x.Term == y.Term && Math.Abs(x.Weight - y.Weight) < 1e-5);
            b.Weight = a.Weight;
        }

        foreach (var (a, b) in expected.Items.Zip(actual.Items))
        {
            Assert.Equal(a.Count, b.Count, 1e-5);
            b.Count = a.Count;
        }

        Assert.Equal(expected.Points, actual.Points, 1e-4);
        (actual.Points, actual.PointsAsOfUnixMs) = (expected.Points, expected.PointsAsOfUnixMs);
        Assert.Equal(expected.Seen.Select(seen => seen.IdHash).Order().Count(), actual.Seen.Count);
        actual.Seen.Clear();
        expected.Seen.Clear();
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task Event_UnderTheOldNameAfterwards_BeginsAnewThere_AndTheNextOrderBringsItAlong()
    {
        _world.Event(Old, EventKind.Click, "i1", 0);
        _world.HandOver(Old, New, 10);
        _world.Event(Old, EventKind.Click, "i2", 20);
        var handler = _world.Handler();
        await handler.StartAsync(Cancel);
        await _world.FeedAsync(handler, _output, 0, 1);
        await handler.HandleAsync([_world.Deliver(_output.SentTo<UserEvent>(Topics.Events)[0])], _output, Cancel);
        Assert.Equal(["i2"], _world.Profile(Old).Items.Select(item => item.ItemId));

        await handler.HandleAsync([_world.HandOver(Old, New, 30)], _output, Cancel);
        await handler.HandleAsync([_world.Deliver(_output.SentTo<UserEvent>(Topics.Events)[1])], _output, Cancel);

        Assert.Equal(["i2", "i1"], _world.Profile(New).Items.Select(item => item.ItemId));
        Assert.Equal(2ul, _world.Profile(New).Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Forget_BetweenOrderAndArrival_BringsNothingBack(bool orderFirst)
    {
        // The order stands before the forgetting in the old name's log; the other name meets its forgetting before what arrives.
        _world.Event(Old, EventKind.Click, "i1", 0);
        if (orderFirst)
        {
            _world.HandOver(Old, New, 10);
        }

        _world.Forget(New, 5);
        _world.Forget(Old, 5);
        if (!orderFirst)
        {
            _world.Event(Old, EventKind.Click, "i2", 6);
            _world.HandOver(Old, New, 10);
        }

        var handler = _world.Handler();
        await handler.StartAsync(Cancel);
        await _world.FeedAsync(handler, _output, 0);
        await handler.HandleAsync([_world.Deliver(_output.SentTo<UserEvent>(Topics.Events)[0])], _output, Cancel);

        // By the clock the order came later than the forgetting both times.
        Assert.Equal(!orderFirst, _world.Store.Values.ContainsKey(Keys.Profile(New)));
        if (!orderFirst)
        {
            Assert.Equal(["i2"], _world.Profile(New).Items.Select(item => item.ItemId));
        }
    }

    [Fact]
    public async Task HandOver_OfNobodyAndToItself_WritesNothing()
    {
        _world.HandOver(Old, New, 0);
        _world.HandOver(New, New, 0);
        _world.TakeOver(New, new Profile(), 0).ToString();

        await _world.RunAsync(_world.Handler(), 0);

        Assert.DoesNotContain(Keys.Profile(Old), _world.Store.Values.Keys);
        Assert.Equal(3, FencedValue.ReadFence(_world.Store.Values[Keys.Profile(New)]).Next);
    }

    /// <summary>Without positions in the log of one name or the other.</summary>
    private static Profile Comparable(Profile profile)
    {
        profile.UndoLog.Clear();
        foreach (var item in profile.Items)
        {
            item.Offset = 0;
        }

        foreach (var seen in profile.Seen)
        {
            seen.Offset = 0;
        }

        return profile;
    }
}
