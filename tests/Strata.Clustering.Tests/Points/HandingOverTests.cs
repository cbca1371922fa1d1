using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.State;

namespace Strata.Clustering.Tests.Points;

/// <summary>A user's weights go on under another name: once, and nothing stays behind.</summary>
[Trait("height", "harness")]
public sealed class HandingOverTests
{
    private const string Old = "first.ann";
    private const string New = "second.ann";
    private const long Start = 1_700_000_000_000;

    private readonly Pipeline _pipeline = new();
    private readonly TopicWorld _world = new(8, 24, .3, 1);

    [Theory]
    [InlineData(1, false)]
    [InlineData(100, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    public async Task HandOver_AndTakeOver_BringTheWeightsAsTheyWere_ThoughAWorkerIsKilled(int batch, bool killed)
    {
        await ThreePointsAsync(Old);
        await _pipeline.WorkAsync(0, batch);
        var before = Weights(Old);
        Order(Start + 100);
        await _pipeline.WorkAsync(0, batch);

        // Written and not committed: whoever reads on sends the same again.
        Assert.Empty(Arrived());
        Assert.Equal(before.LayerIds, Assert.Single(Weights(Old).HandedOver).Sent.Layers.LayerIds);
        if (killed)
        {
            await _pipeline.WorkAsync(0, batch, restart: true);
        }

        await _pipeline.DrainAsync(0);
        await _pipeline.IdleAsync(0);
        await _pipeline.WorkAsync(0, batch);
        await _pipeline.DrainAsync(0);
        if (killed)
        {
            await _pipeline.WorkAsync(0, batch, restart: true);
            await _pipeline.DrainAsync(0);
        }

        Assert.Single(Arrived());
        Assert.Equal(new UserLayers(), Weights(Old));
        Assert.Equal(before, Weights(New));
    }

    [Fact]
    public async Task HandOver_BehindACutOfTheSameCall_DoesNotLeaveWithItsPosition()
    {
        _pipeline.PointsOptions.EpochPoints = 3;
        await ThreePointsAsync(Old);
        Order(Start + 100);

        await _pipeline.WorkAsync(0, 100);

        // All that a call sends is committed with the last position of that call.
        Assert.Equal(3, _pipeline.OutputOf(0).Positions[Topics.InterestPoints]);
        Assert.Empty(_pipeline.OutputOf(0).Pending);
        Assert.Single(Weights(Old).HandedOver);
    }

    [Fact]
    public async Task HandOver_OfWhatAProcessBeforeDidNotLetGo_LetsItGo()
    {
        await ThreePointsAsync(Old);
        Order(Start + 100);
        await _pipeline.WorkAsync(0);
        await _pipeline.DrainAsync(0);
        Assert.Single(Weights(Old).HandedOver);

        // Committed, and over before it was let go.
        Order(Start + 200);
        await _pipeline.WorkAsync(0, restart: true);
        await _pipeline.DrainAsync(0);
        await _pipeline.IdleAsync(0);

        Assert.Empty(Weights(Old).HandedOver);
        Assert.Single(Arrived());
    }

    [Fact]
    public async Task TakeOver_BesideWeights_IsAsIfOneHadDoneWhatBothDid()
    {
        await ThreePointsAsync(Old);
        await ThreePointsAsync(New, Start + 86_400_000);
        await ThreePointsAsync("both", seeded: true);
        var vectors = Vectors();
        foreach (var (vector, i) in vectors.Select((vector, i) => (vector, i)))
        {
            _pipeline.Append(0, "both", vector, 1 + i, Start + 86_400_000 + i);
        }

        Order(Start + 86_400_100);
        await _pipeline.WorkAsync(0);
        await _pipeline.DrainAsync(0);
        await _pipeline.WorkAsync(0);

        var (expected, actual) = (Weights("both"), Weights(New));
        Assert.Equal(expected.LayerIds, actual.LayerIds);
        Assert.Equal(expected.AsOfUnixMs, actual.AsOfUnixMs);
        Assert.All(expected.LongWeights.Zip(actual.LongWeights), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.All(expected.ShortWeights.Zip(actual.ShortWeights), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task TakeOver_OfWhatKnowsNothingOfAForgetting_BringsNothingBack()
    {
        await ThreePointsAsync(Old);
        Order(Start + 100);
        Append(New, new InterestPoint
        {
            UserId = New,
            Kind = EventKind.Forget,
            EventTimeUnixMs = Start + 50,
            Forgotten = new Forgotten { EventTimeUnixMs = Start + 50, AskedUnixMs = Start + 50 },
        });
        await _pipeline.WorkAsync(0);
        await _pipeline.DrainAsync(0);

        await _pipeline.WorkAsync(0);

        Assert.Single(Arrived());
        Assert.DoesNotContain(Keys.UserLayers(New), _pipeline.Store.Values.Keys);
    }

    private async Task ThreePointsAsync(string user, long start = Start, bool seeded = false)
    {
        if (_pipeline.Layers.Current is null && !seeded)
        {
            await _pipeline.SeedAsync(_world);
        }

        foreach (var (vector, i) in Vectors().Select((vector, i) => (vector, i)))
        {
            _pipeline.Append(0, user, vector, 1 + i, start + i);
        }
    }

    private static Strata.Numerics.Int8Vector[] Vectors() => [.. new TopicWorld(8, 24, .3, 2).Take(3).Select(point => point.Vector)];

    private IReadOnlyList<InterestPoint> Arrived()
        => [.. _pipeline.Logs.From(Topics.InterestPoints, 0, 0)
            .Select(record => InterestPoint.Parser.ParseFrom(record.Value!.Value.Span))
            .Where(point => point.Kind == EventKind.TakeOver)];

    private UserLayers Weights(string user)
        => UserLayers.Parser.ParseFrom(FencedValue.Payload(_pipeline.Store.Values[Keys.UserLayers(user)]).Span);

    private void Order(long time) => Append(Old, new InterestPoint
    {
        UserId = Old,
        Kind = EventKind.HandOver,
        EventTimeUnixMs = time,
        HandOver = new HandOver { ToUserId = New, SameUser = true, AskedUnixMs = time },
    });

    private void Append(string user, InterestPoint point)
        => _pipeline.Logs.Append(
            Topics.InterestPoints, 0, user, point, DateTimeOffset.FromUnixTimeMilliseconds(point.EventTimeUnixMs));
}
