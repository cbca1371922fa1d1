using CsCheck;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Events.V1;
using Strata.Ingestion.Cleaning.Core;
using Strata.Ingestion.Events.Core;

namespace Strata.Ingestion.Tests.Events;

[Trait("height", "unit")]
public sealed class EventRulesTests
{
    private static readonly EventOptions Options = new();

    private static readonly CleaningOptions Cleaning = new();

    private static readonly Gen<string> Text = Gen.OneOf(Gen.Const(string.Empty), Gen.String[0, 6], Gen.String[Gen.Char, 0, 600]);

    private static readonly Gen<Timestamp?> Time = Gen.OneOf(
        Gen.Const((Timestamp?)null),
        Gen.Select(Gen.Long, Gen.Int, (s, n) => (Timestamp?)new Timestamp { Seconds = s, Nanos = n }),
        Gen.Long[946684800 - 5, 1740830400 + 600].Select(s => (Timestamp?)new Timestamp { Seconds = s }));

    private static readonly Gen<UserEvent> AnyEvent = Gen.Select(Text, Text, Gen.Int[-2, 9], Text, Text, Time, Text, Gen.UInt[0, 3]).Select(
        (id, user, kind, item, query, time, request, position) => new UserEvent
        {
            EventId = id,
            UserId = user,
            Kind = (EventKind)kind,
            ItemId = item,
            Query = query,
            EventTime = time,
            RequestId = request,
            Position = position,
        });

    [Fact]
    public void Clean_AnyEvent_IsRefusedWithReasonsOrFitToPublish()
        => AnyEvent.Sample(
            sent =>
            {
                var before = sent.Clone();
                var run = new RuleRun();

                var clean = EventRules.Clean(sent, Options, Cleaning, IngestionApp.Now, null, _ => "made", run);

                Assert.Equal(before, sent);
                Assert.Equal(clean is null, !run.Violations.None);
                if (clean is not null)
                {
                    AssertFit(clean);
                }
            },
            iter: 5000);

    [Theory]
    [InlineData("2000-01-01T00:00:00Z", true)]
    [InlineData("1999-12-31T23:59:59Z", false)]
    [InlineData("2025-03-01T12:05:00Z", true)]
    [InlineData("2025-03-01T12:05:01Z", false)]
    public void Clean_EventTime_IsTakenWithinItsBounds(string time, bool taken)
    {
        var sent = new UserEvent
        {
            UserId = "u",
            Kind = EventKind.View,
            ItemId = "i",
            EventTime = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToTimestamp(),
        };

        var clean = EventRules.Clean(sent, Options, Cleaning, IngestionApp.Now, null, _ => "made", new RuleRun());

        Assert.Equal(taken, clean is not null);
    }

    [Fact]
    public void Clean_NoEventTime_IsDatedByTheClockOfTheStream()
    {
        var played = IngestionApp.Now.AddYears(-1);
        var sent = new UserEvent { UserId = "u", Kind = EventKind.View, ItemId = "i" };

        var clean = EventRules.Clean(sent, Options, Cleaning, IngestionApp.Now, played, _ => "made", new RuleRun());

        Assert.Equal(played, clean?.EventTime.ToDateTimeOffset());
        Assert.Equal(IngestionApp.Now, clean?.ReceivedTime.ToDateTimeOffset());
    }

    [Fact]
    public void Clean_IdsAtTheirLimits_AreTaken()
    {
        var sent = new UserEvent
        {
            EventId = new string('e', 64),
            UserId = string.Concat(Enumerable.Repeat("\ud83d\ude00", 128)),
            Kind = EventKind.Cart,
            ItemId = new string('i', 128),
            RequestId = new string('r', 128),
            Position = 9,
        };

        var clean = EventRules.Clean(sent, Options, Cleaning, IngestionApp.Now, null, _ => "made", new RuleRun());

        Assert.Equal(sent.UserId, clean?.UserId);
    }

    private static void AssertFit(UserEvent clean)
    {
        Assert.NotEqual(EventKind.Unspecified, clean.Kind);
        Assert.True(System.Enum.IsDefined(clean.Kind));
        Assert.InRange(clean.UserId.Length, 1, 256);
        Assert.NotEmpty(clean.EventId);
        Assert.Equal(clean.Kind == EventKind.Search, clean.ItemId.Length == 0);
        Assert.Equal(clean.Kind == EventKind.Search, clean.Query.Length > 0);
        Assert.InRange(clean.EventTime.ToDateTimeOffset(), Options.Oldest, IngestionApp.Now);
        Assert.Equal(IngestionApp.Now, clean.ReceivedTime.ToDateTimeOffset());
    }
}
