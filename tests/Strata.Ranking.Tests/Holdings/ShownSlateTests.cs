using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Holdings.Core;
using Strata.Ranking.Impressions.Core;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Serving.Core;
using Strata.Ranking.Slates;
using Strata.RankingModel;

namespace Strata.Ranking.Tests.Holdings;

[Trait("height", "unit")]
public sealed class ShownSlateTests
{
    private const string Request = "019ae2f8f0c07a1b8c2d3e4f50617283";
    private static readonly DateTimeOffset Served = DateTimeOffset.FromUnixTimeMilliseconds(World.NowMs).AddHours(5);

    [Fact]
    public void Of_Impression_IsTheSlateItemByItem()
    {
        var (world, answer, impression) = Serve(explained: true);

        // What was called one thing is called another, and one item is gone.
        world.Catalogue.Remove("b");
        var view = world.With(World.LayerSet(4, [], (1, [1, 0], 8), (3, [0, 1], 2))).Published().View;
        var slate = ShownSlate.Of(impression, Served, view);

        Assert.Equal((Request, Served, 7ul), (slate.RequestId, slate.Served.ToDateTimeOffset(), slate.PolicyVersion));
        Assert.Equal(World.NowMs, slate.StreamTime.ToDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal(answer.Items.Select(item => item.ItemId), slate.Items.Select(item => item.ItemId));
        Assert.All(answer.Items.Zip(slate.Items), pair =>
        {
            var (then, now) = pair;
            Assert.Equal((then.Position, (float)then.Score), (now.Position, (float)now.Score));
            Assert.Equal((float)then.Propensity, (float)now.Propensity);
            Assert.Equal(then.Layer.LayerId, now.Layer.LayerId);
            Assert.Equal(then.Layer.Words, now.Layer.Words);
            Assert.Equal((then.Reason.Text, then.Reason.Exploration), (now.Reason.Text, now.Reason.Exploration));
            Assert.Equal(then.Reason.BecauseOf, now.Reason.BecauseOf);
            Assert.Equal(then.Score, now.Reason.Contributions.Sum(part => part.Value), .02); // features are logged as half floats
            Assert.All(then.Reason.Contributions, part => Assert.Equal(
                part.Value, now.Reason.Contributions.Single(made => made.Feature == part.Feature).Value, .02));
        });
        Assert.Equal("title of b: no longer in the catalogue", Assert.Single(slate.Missing));
    }

    [Fact]
    public void Of_ImpressionThatSaysLittle_NamesWhatIsMissing()
    {
        var (world, answer, impression) = Serve(explained: false);
        var slate = ShownSlate.Of(impression, Served, world.Published().View);

        Assert.Equal(answer.Items.Select(item => item.ItemId), slate.Items.Select(item => item.ItemId));
        Assert.All(slate.Items, item => Assert.Empty(item.Reason.Contributions));
        Assert.Equal(["contributions", "reasons", "words of layers"], slate.Missing.Select(what => what[..what.IndexOf(':')]));

        impression.Schema = FeatureSchema.Version - 1;
        Assert.Contains($"schema {FeatureSchema.Version - 1}", ShownSlate.Of(impression, Served, world.View).Missing[0]);
    }

    [Theory]
    [InlineData(null, null, false)] // never forgotten: also of a release whose records do not say when they were served
    [InlineData(5.0, null, true)]
    [InlineData(null, 5.0, true)]
    [InlineData(-.5, null, true)] // clocks differ
    [InlineData(-2.0, -3.0, false)]
    public void WasForgottenAfter_IsSoOnlyWhereSomebodySaysSo(double? since, double? mark, bool expected)
    {
        var held = new HeldValue("policy", true, At(since), At(mark), false);

        Assert.Equal(expected, held.WasForgottenAfter(Served));

        static Forgotten? At(double? minutes)
            => minutes is { } later ? new Forgotten { AskedUnixMs = Served.AddMinutes(later).ToUnixTimeMilliseconds() } : null;
    }

    [Theory]
    [InlineData(Request, 1764744556736)]
    [InlineData("019ae2f8f0c04a1b8c2d3e4f50617283", null)] // version 4
    [InlineData("ffffffffffff7a1b8c2d3e4f50617283", null)] // no time that there is
    [InlineData("r1", null)]
    public void RequestTime_IsThatOfItsId(string request, long? unixMs)
        => Assert.Equal(unixMs, RequestTimes.Of(request)?.ToUnixTimeMilliseconds());

    private static (World World, RecommendResponse Answer, Impression Impression) Serve(bool explained)
    {
        var world = new World().Item("a", [1, 0]).Item("b", [0, 1]).Item("c", [.9f, .1f])
            .With(World.LayerSet(3, [], (1, [1, 0], 8), (2, [0, 1], 2))).With(World.Activity("b", popularity: 3)).Published();
        var policy = RankingPolicy.From(new Strata.Contracts.Policy.V1.Policy { Version = 7 });
        using var request = world.Rank(World.Profile("c"));
        var layers = LayerDistribution.For(request, request.User, policy, new SlateOptions());
        var slate = SlateBuilder.Build(request, layers, 3, 0, new SlateOptions(), new Random(1));
        var answer = Recommendation.Describe(request, policy, layers, slate, Request);
        return (world, answer, ImpressionRecord.Of(request, policy, layers, answer, slate, "ann", Served, "home", explained));
    }
}
