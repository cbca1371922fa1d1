using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;

namespace Strata.Testing.Poison;

/// <summary>
/// A message of each kind that lies on a topic or in Redis, with every field set as its writer would: what poison is made of.
/// </summary>
public static class GoodMessages
{
    /// <summary>Some time in 2026.</summary>
    public const long TimeMs = 1_772_352_000_000;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IMessage> All =>
    [
        Event(), Point(), Item(), User(), Consent(), Features(), Delta(), Activity(), Marker(), LayerDelta(), LayerCommand(), Layer(),
        LayerSet(), Impression(), Example(), Policy(), PolicyCommand(), Profile(), UserLayers(), UserPolicy(), HandOver(),
    ];

    public static Vector Vector(int dimensions = 8)
        => new() { Codes = ByteString.CopyFrom([.. Enumerable.Range(0, dimensions).Select(i => (byte)(i % 5 * 20))]), Scale = .01f };

    public static UserEvent Event() => new()
    {
        EventId = "e1",
        UserId = "u1",
        Kind = EventKind.Click,
        ItemId = "i1",
        Query = "",
        EventTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(TimeMs)),
        ReceivedTime = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(TimeMs)),
        Quantity = 2,
        RequestId = "r1",
        Position = 1,
        LayerControl = Control(),
        DwellSeconds = 12,
        Price = 2.5,
        Language = "en",
    };

    public static InterestPoint Point() => new()
    {
        UserId = "u1",
        Kind = EventKind.Click,
        ItemId = "i1",
        Weight = 1,
        Vector = Vector(),
        EventTimeUnixMs = TimeMs,
        EventOffset = 3,
    };

    public static Item Item() => new()
    {
        ItemId = "i1",
        Title = "Red shoes",
        Description = "They run.",
        Categories = { "Shoes" },
        Tags = { "red" },
        Created = new Timestamp { Seconds = -3_000_000_000 },
        Updated = new Timestamp { Seconds = TimeMs / 1000 },
        Language = "en",
        Price = new Price { Amount = 59.9, Currency = "EUR" },
        Availability = Availability.InStock,
        PictureUrl = "https://example.org/shoes.jpg",
        Attributes = { ["colour"] = "red" },
    };

    public static UserAttributes User()
        => new() { UserId = "u1", AgeBand = "25-34", Gender = "f", Region = "NO", Updated = new Timestamp { Seconds = TimeMs / 1000 } };

    public static Consent Consent()
        => new() { UserId = "u1", Store = true, Personalise = false, Updated = new Timestamp { Seconds = TimeMs / 1000 } };

    public static ItemFeatures Features(int dimensions = 8) => new()
    {
        ItemId = "i1",
        Title = "Red shoes",
        Categories = { "Shoes" },
        Embedding = Vector(dimensions),
        Encoder = "test",
        Terms = { new TermWeight { Term = "shoe", Weight = .5f } },
        Length = 2,
        CreatedUnixMs = -3_000_000_000_000,
        UpdatedUnixMs = TimeMs,
        Tags = { "red" },
        Price = new Price { Amount = 59.9, Currency = "EUR" },
        Availability = Availability.InStock,
        PictureUrl = "https://example.org/shoes.jpg",
        Attributes = { ["colour"] = "red" },
    };

    public static ActivityDelta Delta() => new()
    {
        EventsPartition = 1,
        ItemPartition = 2,
        From = 10,
        To = 12,
        Log = 77,
        Items = { "i1", "i2" },
        Acts =
        {
            new ActivityDelta.Types.Act
            {
                At = 1,
                TimeUnixMs = TimeMs,
                Item = 0,
                Own = true,
                First = true,
                SeenBefore = { 1 },
                Seeing = { 1 },
                Origins = { 1 },
                OriginWeights = { .5f },
                SeenBeforeWeights = { .5f },
                SeeingWeights = { .5f },
            },
        },
    };

    public static ItemActivity Activity() => new()
    {
        ItemId = "i1",
        AsOfUnixMs = TimeMs,
        Popularity = { 1, 2, 3, 4, 5, 6 },
        FirstTouches = 2,
        TransitionsOut = 1,
        FirstEventUnixMs = TimeMs - 1000,
        LastEventUnixMs = TimeMs,
        CoVisits = { new ItemActivity.Types.Neighbour { ItemId = "i2", Weight = 1 } },
        Transitions = { new ItemActivity.Types.Neighbour { ItemId = "i2", Weight = 1 } },
    };

    public static ActivityMarker Marker()
        => new() { ItemPartition = 2, Positions = { new ActivityMarker.Types.Position { EventsPartition = 1, Log = 77, Next = 12 } } };

    public static LayerDelta LayerDelta() => new()
    {
        Partition = 1,
        Log = 77,
        From = 10,
        To = 12,
        LayerSetVersion = 1,
        Seeding = 5,
        EventTimeUnixMs = TimeMs,
        Move = new() { LayerId = 1, IntoLayerId = 2 },
        Entries =
        {
            new LayerDelta.Types.Entry
            {
                LayerId = 1,
                Points = 2,
                Sum = { Enumerable.Repeat(1L << 28, 8) },
                Need = 1L << 29,
                Error = 1L << 28,
                Samples = { Vector() },
                SampleOffsets = { 10 },
                SampleQueries = { "shoes" },
            },
        },
        Rows = { new LayerDelta.Types.UserRow { Offset = 10, LayerIds = { 1 }, Shares = ByteString.CopyFrom(255), Mark = 513 } },
    };

    public static LayerCommand LayerCommand() => new() { Move = new() { LayerId = 1, IntoLayerId = 2, RequestId = "m1" } };

    public static Layer Layer() => new()
    {
        LayerId = 1,
        Version = 1,
        Centroid = { Enumerable.Repeat(.35f, 8) },
        Weight = 10,
        Sum = { Enumerable.Repeat(3.5, 8) },
        Need = 2,
        Error = 1,
        Age = 1,
        Words = { new TermWeight { Term = "shoe", Weight = 1 } },
        ExampleItemIds = { "i1" },
        Items = 3,
        Points = 10,
        AsOfPoints = 10,
        BornPoints = 1,
        GroupId = 1,
        ParentGroupId = 2,
        ShapeId = 3,
        Series = { new Layer.Types.Hour { Hour_ = TimeMs / 3_600_000, Points = 4 } },
        Title = new LayerTitle
        {
            Title = "Shoes",
            Description = "To run.",
            Suggestion = new LayerTitle.Types.Suggestion { IntoLayerId = 2, Why = "Alike." },
        },
    };

    public static LayerSetMarker LayerSet() => new()
    {
        Version = 1,
        Seeding = 5,
        Mean = { Enumerable.Repeat(.1f, 8) },
        LayerIds = { 1 },
        Positions = { new LayerSetMarker.Types.Position { Partition = 1, Log = 77, Next = 10 } },
        Points = 10,
        Encoder = "test",
        NextLayerId = 2,
        EventTimeUnixMs = TimeMs,
        HalfLifePoints = 1000,
        SeededItems = 100,
        Heirs = { new LayerSetMarker.Types.Heir { Gone = 7, Heir_ = 1, Share = 1 } },
        EpochPoints = 100,
        NextGroupId = 4,
        Changes =
        {
            new LayerSetMarker.Types.Change { Version = 1, EventTimeUnixMs = TimeMs, FirstShare = .5f, Gain = 1, Need = 1, AtPoints = 1 },
        },
        Samples = 100,
        SamplesFrom = 3,
    };

    public static SegmentSet Segments() => new()
    {
        Set = LayerSet(),
        Segments = { Layer() },
        Users = ByteString.CopyFrom(new byte[4096]),
        UsersBefore = ByteString.CopyFrom(new byte[4096]),
        UsersSinceUnixMs = TimeMs,
        Next = 4,
    };

    public static Impression Impression() => new()
    {
        RequestId = "r1",
        UserId = "u1",
        TimeUnixMs = TimeMs,
        ServedUnixMs = TimeMs,
        Schema = 1,
        Context = 1,
        PolicyVersion = 3,
        Placement = "home-top",
        Beliefs =
        {
            new Impression.Types.LayerBelief
            {
                LayerId = 1,
                Liked = .3f,
                LikedRate = .2f,
                OtherRate = .02f,
                Words = { "running" },
                Probability = .4f,
            },
        },
        Model = ByteString.CopyFrom(0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 0),
        Shown =
        {
            new Impression.Types.Shown
            {
                ItemId = "i1",
                Position = 0,
                LayerId = 1,
                Score = 1,
                Propensity = .5f,
                Features = { 1, 2 },
                Fatigue = -.5f,
                Pin = "autumn",
                Reason = "Because you bought 'A'",
                BecauseOf = { "i2" },
                Exploration = true,
            },
        },
        Arms = { new ExperimentArm { Experiment = "layers", Arm = "control" } },
    };

    public static TrainingExample Example() => new()
    {
        Origin = TrainingExample.Types.Origin.Shadow,
        Schema = 1,
        Context = 1,
        TimeUnixMs = TimeMs,
        Candidates = 2,
        Features = ByteString.CopyFrom(0, 60, 0, 0, 0, 0, 0, 60),
        Positive = 1,
        Weight = 1,
        Outcomes = { new TrainingExample.Types.LayerOutcome { LayerId = 1, Shown = 1, Chosen = 1, Liked = .4f } },
        Placement = "home-top",
        Offsets = { -.5f, 0 },
        Chosen = { 1 },
        Expected = { .1f, .2f },
    };

    public static Policy Policy() => new()
    {
        Name = "default",
        Version = 4,
        Schema = 1,
        Mean = { 1, 2 },
        Variance = { 1, 1 },
        Lists = 10,
        Weights = { .1, .2 },
        ContextWeights = { Row(2), Row(2), Row(2), Row(2) },
        Squares = { 50, 0, 50 },
        ContextSquares = { Row(3), Row(3), Row(3), Row(3) },
        Steps = 10,
        Layers = { new Policy.Types.LayerRate { LayerId = 1, Clicks = 1, Shown = 2, LikedClicks = .5, LikedShown = .6 } },
        TimeUnixMs = TimeMs,
        Clicks = 1,
        Shown = 2,
        LikedClicks = .5,
        LikedShown = .6,
        CandidateLists = 3,
        TrainingLog = 77,
        TrainingNext = 10,
        Estimate = new Policy.Types.Estimate
        {
            Slates = 200,
            Ips = .5,
            Snips = .4,
            DoublyRobust = .45,
            HalfWidth = .05,
            EffectiveSlates = 150,
        },
        PublishedUnixMs = TimeMs,
        RestoredVersion = 2,
        RollbackId = "r7",
    };

    public static PolicyCommand PolicyCommand() => new() { Rollback = new PolicyCommand.Types.Rollback { Version = 3, RequestId = "r1" } };

    public static Profile Profile() => new()
    {
        Items = { ProfileItem() },
        Queries = { new ProfileQuery { Text = "shoes", Vector = Vector(), TimeUnixMs = TimeMs } },
        Terms = { new TermWeight { Term = "shoe", Weight = 1 } },
        TermsAsOfUnixMs = TimeMs,
        Attributes = User(),
        Seen = { new SeenEvent { IdHash = 9, Offset = 3 } },
        LastEventUnixMs = TimeMs,
        Events = 4,
        UndoLog = { new Undo { Offset = 3, ItemId = "i1", Index = 0, Before = ProfileItem(), Evicted = { ProfileItem() }, Point = true } },
        Dismissed = { "i9" },
        Controls = { Control() },
    };

    public static UserLayers UserLayers()
        => new()
        {
            LayerIds = { 1, 2 },
            LongWeights = { 2, 1 },
            ShortWeights = { 1, 0 },
            AsOfUnixMs = TimeMs,
            Version = 3,
            HandedOver = { new HandedOver { Offset = 3, Sent = Order() } },
        };

    public static UserPolicy UserPolicy()
        => new()
        {
            LayerIds = { 1, 2 },
            Clicks = { 2, 1 },
            Shown = { 5, 3 },
            AsOfUnixMs = TimeMs,
            Evidence = { 1.5f, -.2f },
            EvidenceLayerIds = { 1, 2 },
            PassedOver = { new PassedOver { ItemId = "i1", Count = 1.5f, Slates = 2, LastUnixMs = TimeMs } },
            PassedOverHalfLifeS = 604_800,
            Arms =
            {
                new UserArm { Arm = new ExperimentArm { Experiment = "layers", Arm = "control" }, Slates = 3, Clicked = 1, Ndcg = .5 },
            },
        };

    public static HandOver HandOver()
    {
        var handed = Order();
        (handed.Profile, handed.Layers, handed.Policy) = (Profile(), UserLayers(), UserPolicy());
        return handed;
    }

    private static HandOver Order() => new() { ToUserId = "u2", FromUserId = "u1", SameUser = true, AskedUnixMs = TimeMs };

    private static ProfileItem ProfileItem() => new() { ItemId = "i1", LastUnixMs = TimeMs, Kinds = 4, Count = 1, Offset = 3 };

    private static LayerControl Control() => new()
    {
        LayerId = 1,
        Action = LayerAction.Forget,
        LongWeight = 1,
        ShortWeight = 1,
        AsOfUnixMs = TimeMs,
        ItemIds = { "i1" },
        AskedUnixMs = TimeMs,
    };

    private static Policy.Types.Row Row(int values) => new() { Values = { Enumerable.Repeat(.5, values) } };
}
