using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.ServiceDefaults.State;

namespace Strata.Featurizer.Tests.Profiles;

/// <summary>Profiles are written at once; what goes on to others is gathered.</summary>
[Trait("height", "harness")]
public sealed class CutIntervalTests : IDisposable
{
    private readonly ProfilesWorld _world = new();

    public CutIntervalTests() => _world.Options_.CutInterval = TimeSpan.FromMilliseconds(200);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task HandleAsync_WithinTheCutInterval_WritesProfilesAtOnceAndGathersTheRest()
    {
        for (var i = 0; i < 4; i++)
        {
            _world.Event("u", EventKind.Click, $"i{i}", i);
        }

        var handler = _world.Handler();
        var output = await _world.RunAsync(handler, 0, 1);

        // The first after a quiet time went at once; the profile holds all, and what waits is below no committed position.
        Assert.Equal(4, _world.Profile("u").Items.Count);
        Assert.Equal(new Fence(ProfilesWorld.EventsLog, 4), _world.Store.Positions[Keys.Position("g", Topics.Events, 0)]);
        Assert.Equal([0L], output.SentTo<InterestPoint>(Topics.InterestPoints).Select(point => point.EventOffset));
        Assert.Equal(1, output.Committed(Topics.Events));

        await handler.IdleAsync(output, CancellationToken.None);
        Assert.Equal(1, output.Committed(Topics.Events));
        _world.Time.Advance(TimeSpan.FromMilliseconds(200));
        await handler.IdleAsync(output, CancellationToken.None);

        Assert.Equal([0L, 1, 2, 3], output.SentTo<InterestPoint>(Topics.InterestPoints).Select(point => point.EventOffset));
        Assert.Equal([(0L, 1L), (1L, 4L)], output.SentTo<ActivityDelta>(Topics.ActivityDeltas).Select(d => (d.From, d.To)).Distinct());
        Assert.Equal(4, output.Committed(Topics.Events));
    }

    [Fact]
    public async Task DrainAsync_WithinTheCutInterval_SendsWhatWaits()
    {
        _world.Event("u", EventKind.Click, "i1", 0);
        _world.Event("u", EventKind.Click, "i2", 1);
        var handler = _world.Handler();
        var output = await _world.RunAsync(handler, 0, 1);

        await handler.DrainAsync(output, CancellationToken.None);

        Assert.Equal(2, output.Committed(Topics.Events));
        Assert.Equal(2, output.SentTo<InterestPoint>(Topics.InterestPoints).Count);
    }

    [Fact]
    public async Task HandleAsync_CrashWhileTheRestWaits_SendsItAllTheSameOnTheSecondReading()
    {
        _world.RandomEvents(seed: 5, count: 60);
        using var undisturbed = new ProfilesWorld();
        undisturbed.RandomEvents(seed: 5, count: 60);
        var expected = await undisturbed.RunAsync(undisturbed.Handler(), 0);

        var before = await _world.RunAsync(_world.Handler(), 0, 7); // only the first batch is out, profiles hold all
        var committed = before.Committed(Topics.Events);
        Assert.Equal(7, committed);
        var again = _world.Handler(committed: committed);
        var output = await _world.RunAsync(again, committed, 11);
        await again.DrainAsync(output, CancellationToken.None);

        Assert.Equal(ProfilesWorld.Snapshot(undisturbed.Store), ProfilesWorld.Snapshot(_world.Store));
        Assert.Equal(ProfilesWorld.Points(expected.Sent), ProfilesWorld.Points(before.Sent.Concat(output.Sent)));
        ProfilesWorld.AssertSame(undisturbed.Activity(expected.Sent), _world.Activity(before.Sent.Concat(output.Sent)));
    }
}
