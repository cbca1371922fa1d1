using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Optimizer.Outcomes.Core;

namespace Strata.Optimizer.Tests.Outcomes.Core;

[Trait("height", "unit")]
public sealed class ImpressionJoinTests
{
    private readonly OutcomesOptions _options = new();
    private readonly ImpressionJoin _join;
    private long _offset;

    public ImpressionJoinTests() => _join = new ImpressionJoin(_options);

    [Fact]
    public void Resolve_BeforeTheWindowIsOver_KeepsTheImpression()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        Act("u", 1, "a", "r");
        Act("other", 30.9, "z");

        Assert.Empty(_join.Resolve(Scene.At(30.9)));
        Assert.Equal(0, _join.OldestImpression);
        Assert.Equal(0, _join.OldestEvent);
    }

    [Fact]
    public void Resolve_ClicksOfTheRequest_ChooseTheirPlacesOnce()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b", "c", "d"));
        Act("u", 3, "c", "r");
        Act("u", 3, "c", "r");
        Act("u", 4, "c", "r", EventKind.Purchase);
        Act("u", 5, "a", "r", EventKind.Like);
        Act("u", 5, "b", "r", EventKind.View);
        Act("u", 6, "z", "r");
        Act("v", 6, "d", "r");

        Assert.Equal([0, 2], ResolveAll(31).Chosen);
        Assert.Null(_join.OldestImpression);
    }

    [Fact]
    public void Resolve_ClickReadBeforeItsImpression_IsItsOutcome()
    {
        Act("u", 1, "b", "r");
        Assert.Empty(_join.Resolve(Scene.At(1)));
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));

        Assert.Equal([1], ResolveAll(31).Chosen);
    }

    [Fact]
    public void Resolve_ClickByABackwardClock_IsItsOutcomeWhenItNamesTheRequest()
    {
        _join.Add(Scene.Open(0, "r", "u", 20, "a", "b"));
        Act("u", 5, "b", "r");
        Act("u", 6, "a");

        Assert.Equal([1], ResolveAll(51).Chosen);
    }

    [Fact]
    public void Resolve_ClickAfterTheWindow_IsNoOutcome()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        Act("u", 30.1, "b", "r");

        Assert.Empty(ResolveAll(31).Chosen);
    }

    [Fact]
    public void Resolve_DismissedItem_IsNotChosenWhateverElseWasDone()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        Act("u", 1, "b", "r");
        Act("u", 2, "b", kind: EventKind.Dismiss);

        Assert.Empty(ResolveAll(31).Chosen);
    }

    [Fact]
    public void Resolve_EventWithoutRequest_CountsSoonAfterOnly()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b", "c"));
        Act("u", 9, "b");
        Act("u", 11, "c");

        Assert.Equal([1], ResolveAll(31).Chosen);
    }

    [Fact]
    public void Resolve_EventWithoutRequest_BelongsToTheNewestSlateThatShowedTheItem()
    {
        _join.Add(Scene.Open(0, "r1", "u", 0, "a", "b"));
        _join.Add(Scene.Open(1, "r2", "u", 2, "b", "c"));
        _join.Add(Scene.Open(2, "r3", "u", 6, "b"));
        Act("u", 4, "b");
        Act("u", 5, "a");
        Act("x", 60, "z");

        var resolved = _join.Resolve(Scene.At(60));

        Assert.Equal(["r1", "r2", "r3"], resolved.Select(r => r.Impression.RequestId));
        Assert.Equal([0], resolved[0].Chosen);
        Assert.Equal([0], resolved[1].Chosen);
        Assert.Empty(resolved[2].Chosen);
    }

    [Fact]
    public void Resolve_QuietPartition_ClosesByTheWallClock()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a"));
        Act("u", 1, "a", "r");

        Assert.Empty(_join.Resolve(Scene.At(30.9)));
        Assert.Equal([0], Assert.Single(_join.Resolve(Scene.At(31))).Chosen);
    }

    [Fact]
    public void Resolve_EventFromTheFuture_ClosesNothing()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a"));
        var act = Scene.Act("v", 5000, "z");
        act.ReceivedTime = Timestamp.FromDateTimeOffset(Scene.Start.AddMinutes(1));
        _join.Add(act, _offset++, Scene.At(5000), Scene.At(1));

        Assert.Empty(_join.Resolve(Scene.At(1)));
    }

    [Fact]
    public void Resolve_YoungerImpressionIsOver_WaitsForTheOlderOffset()
    {
        _join.Add(Scene.Open(0, "late", "u", 5, "a"));
        _join.Add(Scene.Open(1, "early", "v", 0, "a"));
        Act("x", 32, "z");

        Assert.Empty(_join.Resolve(Scene.At(5)));
        Act("x", 36, "z");
        Assert.Equal(["late", "early"], _join.Resolve(Scene.At(5)).Select(r => r.Impression.RequestId));
    }

    [Fact]
    public void Add_SameRequestTwice_TakesItOnce()
    {
        Assert.Equal(Admission.Waiting, _join.Add(Scene.Open(0, "r", "u", 0, "a")));
        Assert.Equal(Admission.Duplicate, _join.Add(Scene.Open(1, "r", "u", 0, "a")));
        Assert.Equal(0, ResolveAll(40).Impression.Offset);
    }

    [Fact]
    public void Add_UserWithTooMany_LeavesTheRestOut()
    {
        _options.MaxPerUser = 2;
        _join.Add(Scene.Open(0, "r0", "u", 0, "a"));
        _join.Add(Scene.Open(1, "r1", "u", 0, "a"));

        Assert.Equal(Admission.Crowded, _join.Add(Scene.Open(2, "r2", "u", 0, "a")));
    }

    [Fact]
    public void Resolve_TooManyImpressions_ClosesTheOldestEarly()
    {
        _options.MaxImpressions = 2;
        for (var i = 0; i < 5; i++)
        {
            _join.Add(Scene.Open(i, $"r{i}", $"u{i}", 0, "a"));
        }

        Assert.Equal(["r0", "r1", "r2"], _join.Resolve(Scene.At(0)).Select(r => r.Impression.RequestId));
        Assert.Equal(3, _join.Early);
        Assert.Equal(3, _join.OldestImpression);
    }

    [Fact]
    public void Resolve_TooManyEvents_LetsGoOfUnclaimedOnesFirst()
    {
        _options.MaxEvents = 3;
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        Act("u", 1, "a", "r");
        for (var i = 0; i < 20; i++)
        {
            Act($"v{i}", 1, "z");
        }

        Assert.Empty(_join.Resolve(Scene.At(1)));
        Assert.Equal(3, _join.Held);
        Assert.Equal(0, _join.Early);
        Assert.Equal(0, _join.OldestEvent);
    }

    [Fact]
    public void Resolve_TooManyClaimedEvents_ClosesTheOldestImpressionEarly()
    {
        _options.MaxEvents = 3;
        _join.Add(Scene.Open(0, "r", "u", 0, "a", "b"));
        for (var i = 0; i < 5; i++)
        {
            Act("u", 1, "a", "r");
        }

        Assert.Equal([0], Assert.Single(_join.Resolve(Scene.At(1))).Chosen);
        Assert.Equal(1, _join.Early);
        Assert.Equal(0, _join.Held);
    }

    [Fact]
    public void Resolve_OrganicEvent_IsHeldOnlyUntilItsImpressionMustHaveBeenRead()
    {
        Act("u", 1, "a");
        _join.Resolve(Scene.At(1));
        Assert.Equal(0, _join.OldestEvent);

        _join.Resolve(Scene.At(3.01));
        Assert.Null(_join.OldestEvent);

        Act("u", 4, "a");
        _join.Add(Scene.Open(0, "r", "v", 5.1, "a"));
        _join.Resolve(Scene.At(4.1));
        Assert.Null(_join.OldestEvent);
        Assert.Empty(_join.Late.TakeBelow(long.MaxValue));
    }

    [Fact]
    public void Resolve_EventOfARequestThatIsOver_IsLate()
    {
        _join.Add(Scene.Open(0, "r", "u", 0, "a"));
        Act("u", 1, "a", "r");
        Assert.Single(_join.Resolve(Scene.At(31)));
        Act("u", 40, "a", "r");

        _join.Resolve(Scene.At(50));

        Assert.Equal(1, Assert.Single(_join.Late.TakeBelow(2)).Offset);
        Assert.Equal(0, _join.Held);
    }

    private void Act(string user, double minutes, string item, string request = "", EventKind kind = EventKind.Click)
        => _join.Add(Scene.Act(user, minutes, item, request, kind), _offset++, Scene.At(minutes), Scene.At(minutes));

    private ResolvedImpression ResolveAll(double minutes)
    {
        Act("clock", minutes, "z");
        return Assert.Single(_join.Resolve(Scene.At(minutes)));
    }
}
