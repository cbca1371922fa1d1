using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

/// <summary>What is open is closed by the time of the stream, which is nobody's own.</summary>
[Trait("height", "unit")]
public sealed class ImpressionClockTests
{
    private readonly ImpressionJoin _join = new(new OutcomesOptions());
    private long _offset;

    [Fact]
    public void Resolve_OneUserHoursAhead_ClosesNothingOfOthers()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        Act("u", 1, "z");
        Act("v", 1, "z");
        Act("ahead", 600, "z");
        _join.Add(Scene.Open(1, "r2", "v", 1, "a"));
        _join.Add(Scene.Open(2, "r3", "w", 1, "a"));
        _join.Add(Scene.Open(3, "r4", "ahead", 600, "a"));

        Assert.Empty(_join.Resolve(Scene.At(2)));
        Act("u", 20, "b", "r");

        Assert.Equal([1], _join.Resolve(Scene.At(40)).Single(resolved => resolved.Impression.RequestId == "r").Chosen);
    }

    private void Act(string user, double minutes, string item, string request = "")
        => _join.Add(Scene.Act(user, minutes, item, request), _offset++, Scene.At(minutes), Scene.At(minutes));
}
