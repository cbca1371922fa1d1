using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.ServiceDefaults.State;
using Strata.Testing.Doubles;

namespace Strata.Clustering.Tests.Points;

/// <summary>A forgotten user's weights go, a mark stays, and points of before do not bring them back.</summary>
[Trait("height", "harness")]
public sealed class ForgettingTests
{
    private const string User = "ann";
    private const long Start = 1_700_000_000_000;

    private static readonly string Mark = ForgottenMarksOver.KeyOf(User, "layers");

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Forget_DropsTheWeights_AndWhatComesLaterBeginsAnew(int batch)
    {
        var (pipeline, world) = await SeededAsync();
        var vectors = world.Take(4).Select(point => point.Vector).ToArray();
        pipeline.Append(0, User, vectors[0], 3, Start);
        pipeline.Append(0, "bob", vectors[1], 1, Start);
        Forget(pipeline, Start + 10);

        await pipeline.WorkAsync(0, batch);

        Assert.Equal([Mark, Keys.UserLayers("bob")], Kept(pipeline));

        pipeline.Append(0, User, vectors[2], 1, Start + 20);
        await pipeline.WorkAsync(0, batch);

        var after = Weights(pipeline);
        Assert.Equal(1, after.LongWeights.Sum(), 1e-3);
        Assert.Equal(Start + 10, after.Forgotten.EventTimeUnixMs);

        // Rebuilt from the beginning of the log: only what came after.
        pipeline.Store.Values.Remove(Keys.UserLayers(User));
        pipeline.Store.Positions.Clear();
        await pipeline.WorkAsync(0, batch, until: 1, restart: true);
        Assert.DoesNotContain(Keys.UserLayers(User), pipeline.Store.Values.Keys);
        await pipeline.WorkAsync(0, batch);

        Assert.Equal(after, Weights(pipeline));
    }

    private static string[] Kept(Pipeline pipeline) => [.. pipeline.Store.Values.Keys.Order(StringComparer.Ordinal)];

    private static UserLayers Weights(Pipeline pipeline)
        => UserLayers.Parser.ParseFrom(FencedValue.Payload(pipeline.Store.Values[Keys.UserLayers(User)]).Span);

    private static void Forget(Pipeline pipeline, long time)
    {
        var point = new InterestPoint
        {
            UserId = User,
            Kind = EventKind.Forget,
            EventTimeUnixMs = time,
            Forgotten = new Forgotten { EventTimeUnixMs = time, AskedUnixMs = time },
        };
        pipeline.Logs.Append(Topics.InterestPoints, 0, User, point, DateTimeOffset.FromUnixTimeMilliseconds(time));
    }

    private static async Task<(Pipeline Pipeline, TopicWorld World)> SeededAsync()
    {
        var (pipeline, world) = (new Pipeline(), new TopicWorld(8, 24, .3, 1));
        await pipeline.SeedAsync(world);
        return (pipeline, world);
    }
}
