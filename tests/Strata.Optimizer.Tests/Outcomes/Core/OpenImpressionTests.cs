using Google.Protobuf;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Outcomes.Core;
using Strata.RankingModel;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class OpenImpressionTests
{
    [Fact]
    public void TryMake_FeaturesWithEachItem_AreTakenAsThoseOfAll()
    {
        var now = Scene.Impression("r", "u", 0, "a", "b");
        var before = Scene.Impression("r", "u", 0, "a", "b");
        before.Features = ByteString.Empty;
        before.Shown[0].Features.AddRange([0, 10, 0.5f]);
        before.Shown[1].Features.AddRange([1, 9, 0.5f]);

        Assert.Equal(Make(now).Features, Make(before).Features);
    }

    public static TheoryData<string, float[], float[]> Uneven => new()
    {
        { "none", [], [] },
        { "not as many each", [1, 2, 3], [] },
        { "no number", [1, float.NaN], [] },
        { "of one item only", [], [1] },
    };

    [Theory]
    [MemberData(nameof(Uneven))]
    public void TryMake_FeaturesThatAreNotAsManyEach_IsRefusedWithTheReason(string what, float[] all, float[] ofTheFirst)
    {
        var impression = Scene.Impression("r", "u", 0, "a", "b");
        impression.Features = ByteString.CopyFrom(FeatureBytes.Encode(all));
        impression.Shown[0].Features.AddRange(ofTheFirst);

        Assert.False(OpenImpression.TryMake(impression, "u", 0, 0, out _, out var reason), what);
        Assert.Equal("the shown items don't carry equally many finite features", reason);
    }

    private static OpenImpression Make(Impression impression)
    {
        Assert.True(OpenImpression.TryMake(impression, impression.UserId, 0, 0, out var open, out var reason), reason);
        return open;
    }
}
