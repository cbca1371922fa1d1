using Strata.Chaos.Load;
using Strata.Chaos.Promises;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Chaos.Tests.Load;

/// <summary>The client sees each promise broken that a slate can break.</summary>
[Trait("height", "unit")]
public sealed class SlateClientTests
{
    private readonly ViolationLog _violations = new();
    private readonly SlateClient _client;

    public SlateClientTests() => _client = new SlateClient(null!, _violations, 1);

    [Fact]
    public void Look_GoodSlate_FindsNothing()
    {
        _client.Forbid("other");

        _client.Look("ranking", "u", Slate());

        Assert.Empty(_violations.Found);
    }

    [Fact]
    public void Look_EmptySlate_IsFound() => Finds(new RecommendResponse(), "no slate is empty");

    [Fact]
    public void Look_DeletedItem_IsFound()
    {
        _client.Forbid("item");

        Finds(Slate(), "no slate has a deleted item");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Look_NumberThatIsNone_IsFound(double number)
    {
        var score = Slate();
        score.Items[0].Score = number;
        Finds(score, "every number is finite");
    }

    [Fact]
    public void Look_ContributionThatIsNoNumber_IsFound()
    {
        var slate = Slate();
        slate.Items[0].Reason.Contributions[0].Value = double.NaN;

        Finds(slate, "every number is finite");
    }

    [Theory]
    [InlineData(.5, .5, 0)]
    [InlineData(.5, .4, 1)]
    [InlineData(.5, double.NaN, 1)]
    public void LookAt_Probabilities_MustSumToOne(double first, double second, int violations)
    {
        var row = new GetUserLayersResponse { Layers = { new UserLayer { Probability = first }, new UserLayer { Probability = second } } };

        _client.LookAt("ranking", "u", row);

        Assert.Equal(violations, _violations.Found.Count);
    }

    private static RecommendResponse Slate() => new()
    {
        Items =
        {
            new RankedItem
            {
                ItemId = "item",
                Score = 1,
                Propensity = .5,
                Layer = new LayerReference { Probability = .5 },
                Reason = new Reason { Contributions = { new Contribution { Feature = "f", Value = 1 } } },
            },
        },
    };

    private void Finds(RecommendResponse slate, string rule)
    {
        _client.Look("ranking", "u", slate);

        Assert.StartsWith(rule, Assert.Single(_violations.Found).What, StringComparison.Ordinal);
    }
}
