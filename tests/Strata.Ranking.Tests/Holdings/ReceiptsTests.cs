using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Users.V1;
using Strata.Ranking.Holdings.Core;
using Strata.ServiceDefaults.Forgetting;

namespace Strata.Ranking.Tests.Holdings;

/// <summary>A receipt says whom it is about to nobody, and a changed one is not ours.</summary>
[Trait("height", "unit")]
public sealed class ReceiptsTests
{
    private static readonly UserKey Key = new("one", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly UserKey Newer = new("two", [.. Enumerable.Range(7, 32).Select(i => (byte)i)]);

    public static TheoryData<string, Action<Receipt>> Changes => new()
    {
        { "who", receipt => receipt.UserHash = Key.HashOf("bob") },
        { "when", receipt => receipt.Asked.Seconds++ },
        { "up to when", receipt => receipt.EventsUntil.Nanos++ },
        { "what", receipt => receipt.Places[0].Deleted = false },
        { "more", receipt => receipt.Places.Add(new Place { Name = "store:layers", Deleted = true }) },
        { "no signature", receipt => receipt.Signature = "" },
        { "another key's name", receipt => receipt.Key = "two" },
    };

    [Fact]
    public void Fault_OfOurs_IsNone_AlsoAfterJsonAndUnderANewerKey()
    {
        var receipt = Receipts.Sign(Sample(), "ann", Key);

        var read = JsonParser.Default.Parse<Receipt>(JsonFormatter.Default.Format(receipt));

        Assert.Null(Receipts.Fault(read, "ann", [Newer, Key]));
        Assert.DoesNotContain("ann", receipt.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Fault_OfAChangedOne_IsTold(string what, Action<Receipt> change)
    {
        var receipt = Receipts.Sign(Sample(), "ann", Key);

        change(receipt);

        Assert.True(Receipts.Fault(receipt, "ann", [Newer, Key]) is { Length: > 0 }, what);
    }

    [Fact]
    public void Fault_OfAnotherUserOrAKeyThatIsGone_IsTold()
    {
        var receipt = Receipts.Sign(Sample(), "ann", Key);

        Assert.Contains("another user", Receipts.Fault(receipt, "bob", [Key]), StringComparison.Ordinal);
        Assert.Contains("key", Receipts.Fault(receipt, "ann", [Newer]), StringComparison.Ordinal);
    }

    private static Receipt Sample() => new()
    {
        Asked = new Timestamp { Seconds = 1_700_000_000 },
        EventsUntil = new Timestamp { Seconds = 1_700_000_000 },
        Done = new Timestamp { Seconds = 1_700_000_001 },
        Places = { new Place { Name = "store:profile", Deleted = true } },
    };
}
