using Strata.ServiceDefaults.State;

namespace Strata.ServiceDefaults.Tests.State;

/// <summary>What copies on the nodes of a cluster say together.</summary>
[Trait("height", "unit")]
public sealed class StoredPositionTests
{
    private const ulong A = 1;
    private const ulong B = 2;
    private const ulong C = 4;

    [Fact]
    public void Position_Alone_IsItsOwn()
        => Assert.Equal(new Fence(7, 5), new StoredPosition([Copy(0, 5, 0)]).Position);

    [Fact]
    public void Position_CopiesNeverWritten_IsItsOwn()
        => Assert.Equal(new Fence(7, 5), new StoredPosition([Copy(0, 5, 0), Copy(A, null, 0), Copy(B, null, 0)]).Position);

    [Fact]
    public void Position_ANodeIsOlder_IsThatNodes()
        => Assert.Equal(new Fence(7, 3), new StoredPosition([Copy(0, 5, 0), Copy(A, 5, A | B), Copy(B, 3, A | B)]).Position);

    [Fact]
    public void Position_ANodeLostItsCopy_IsNone()
        => Assert.Equal(default, new StoredPosition([Copy(0, 5, 0), Copy(A, 5, A | B), Copy(B, null, 0)]).Position);

    [Fact]
    public void Position_ANodeIsNew_IsThatOfTheOthers()
        => Assert.Equal(
            new Fence(7, 5),
            new StoredPosition([Copy(0, 5, 0), Copy(A, 5, A | B), Copy(B, 5, A | B), Copy(C, null, 0)]).Position);

    [Fact]
    public void Position_ANodeThatWasAwayForLongIsBack_IsThatOfTheOthers()
        => Assert.Equal(
            new Fence(7, 5),
            new StoredPosition([Copy(0, 5, 0), Copy(A, 5, A | B), Copy(B, 5, A | B), Copy(C, 1, A | C)]).Position);

    [Fact]
    public void Position_OfDifferentLogs_IsNone()
        => Assert.Equal(default, new StoredPosition([Copy(0, 5, 0, log: 8), Copy(A, 5, A | B), Copy(B, 5, A | B)]).Position);

    [Fact]
    public void WithoutMalformed_CopyOfAnotherLength_IsNoneThere()
    {
        var stored = new StoredPosition([Copy(0, 5, 0), new PositionCopy("k", A, "life", [1, 2, 3])]).WithoutMalformed();

        Assert.Empty(stored.Copies[1].Bytes);
        Assert.Equal(new Fence(7, 5), stored.Position);
    }

    private static PositionCopy Copy(ulong bit, long? next, ulong together, ulong log = 7)
    {
        var copy = new PositionCopy("k", bit, "life", []);
        return next is { } at ? copy with { Bytes = copy.With(new Fence(log, at), together) } : copy;
    }
}
