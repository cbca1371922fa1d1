using System.Text;
using Google.Protobuf;
using Strata.Cli.Backups.Core;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.State.V1;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Archiving;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Tests.Backups.Core;

/// <summary>Whatever names a place in a log names the same record after a restore.</summary>
[Trait("height", "unit")]
public sealed class MovesTests
{
    private const ulong Foreign = 99;

    // Logs 1 and 2 to 11 and 12, ...: each begins at 100 and has a mark of a transaction at 102.
    private static readonly string[] Topic =
    [
        Topics.Events, Topics.InterestPoints, Topics.ItemFeatures, Topics.LayerDeltas, Topics.Training, Topics.DeadLettersOf(Topics.Items),
    ];

    private static readonly LogMoves Moves = new([.. Topic.Select((topic, i) => Moved(topic, (ulong)i + 1))]);

    [Fact]
    public void Record_ThatNamesAPlace_NamesItsNewOne()
    {
        var point = After(Topics.InterestPoints, new InterestPoint { EventOffset = 103 });
        var delta = After(
            Topics.ActivityDeltas,
            new ActivityDelta { Log = 1, From = 101, To = 105, Acts = { new ActivityDelta.Types.Act { At = 2 } } });
        var activity = After(
            Topics.ItemActivity,
            new ActivityMarker { Positions = { new ActivityMarker.Types.Position { Log = 1, Next = 105 } } },
            "marker:0");
        var layerDelta = After(Topics.LayerDeltas, new LayerDelta { Log = 2, From = 100, To = 104 }, null);
        var marker = After(
            Topics.Layers,
            new LayerSetMarker
            {
                Positions = { new LayerSetMarker.Types.Position { Log = 2, Next = 104 } },
                Catalogue = { new LayerSetMarker.Types.Position { Log = 3, Next = 101 } },
                SamplesFrom = 103,
            },
            "set");
        var segments = After(
            Topics.Layers,
            new SegmentSet
            {
                Set = new LayerSetMarker { Positions = { new LayerSetMarker.Types.Position { Log = 2, Next = 104 } }, SamplesFrom = 103 },
                Next = 104,
            },
            "segments");
        var policy = After(Topics.Policy, new Policy { TrainingLog = 5, TrainingNext = 104 });

        Assert.Equal(2, point.EventOffset);
        Assert.Equal((11ul, 1, 4, 1u), (delta.Log, delta.From, delta.To, delta.Acts[0].At));
        Assert.Equal((11ul, 4), (activity.Positions[0].Log, activity.Positions[0].Next));
        Assert.Equal((12ul, 0, 3), (layerDelta.Log, layerDelta.From, layerDelta.To));
        Assert.Equal((12ul, 3), (marker.Positions[0].Log, marker.Positions[0].Next));
        Assert.Equal((13ul, 1, 2), (marker.Catalogue[0].Log, marker.Catalogue[0].Next, marker.SamplesFrom));
        Assert.Equal((12ul, 3), (segments.Set.Positions[0].Log, segments.Set.Positions[0].Next));
        Assert.Equal((2, 3), (segments.Set.SamplesFrom, segments.Next));
        Assert.Equal((15ul, 3), (policy.TrainingLog, policy.TrainingNext));
    }

    [Fact]
    public void Record_OfAnotherLifeOrNoMessage_Stays()
    {
        var foreign = After(Topics.LayerDeltas, new LayerDelta { Log = Foreign, From = 100, To = 104 }, null);
        var broken = new LogRecord(0, 7, null, [0xff, 0xff], []);
        var tombstone = new LogRecord(0, 7, "set"u8.ToArray(), null, []);

        Assert.Equal((Foreign, 100, 104), (foreign.Log, foreign.From, foreign.To));
        Assert.Same(broken, RecordMoves.Apply(Topics.LayerDeltas, broken, Moves));
        Assert.Same(tombstone, RecordMoves.Apply(Topics.Layers, tombstone, Moves));
    }

    [Fact]
    public void DeadLetter_AfterARestore_NamesItsRecord()
    {
        var letter = After(Topics.DeadLettersOf(Topics.Events), new DeadLetter { Topic = Topics.Events, Offset = 103, Reason = "bad" });
        var elsewhere = After(Topics.DeadLettersOf(Topics.Users), new DeadLetter { Topic = Topics.Users, Offset = 103 });

        Assert.Equal((2, "bad"), (letter.Offset, letter.Reason));
        Assert.Equal(103, elsewhere.Offset);
    }

    [Fact]
    public void Mark_OfADeadLetter_NamesItsLetter()
    {
        var mark = new LogRecord(0, 104, null, null, [KeyValuePair.Create(LetterBox.OffsetHeader, "103"u8.ToArray())]);

        var moved = RecordMoves.Apply(Topics.DeadLettersOf(Topics.Items), mark, Moves);

        Assert.Equal("2", Encoding.UTF8.GetString(moved.Headers.Single().Value));
    }

    [Fact]
    public void Value_BehindFences_HoldsTheSameRecords()
    {
        var profile = new Profile
        {
            Items = { new ProfileItem { ItemId = "a", Offset = 101 } },
            Seen = { new SeenEvent { Offset = 103 } },
            UndoLog =
            {
                new Undo { Offset = 104, Before = new ProfileItem { Offset = 103 }, Evicted = { new ProfileItem { Offset = 100 } } },
            },
        };

        var value = ValueMoves.Apply(Keys.Profile("ann"), FencedValue.Encode([new Fence(1, 105), new Fence(Foreign, 7)], profile), Moves);
        var moved = Profile.Parser.ParseFrom(FencedValue.Payload(value).Span);
        var weights = ValueMoves.Apply(Keys.UserLayers("ann"), FencedValue.Encode([new Fence(2, 104)], [1, 2, 3]), Moves);
        var position = ValueMoves.Apply(Keys.Position("g", Topics.Events, 0), FenceBytes.Write(new Fence(1, 103)), Moves);
        var counted = ValueMoves.ApplyField(ValueMoves.FenceField, FenceBytes.Write(new Fence(3, 103)), Moves);

        Assert.Equal((new Fence(11, 4), new Fence(Foreign, 7)), (FencedValue.ReadFence(value), FencedValue.ReadFence(value, 1)));
        Assert.Equal((1, 2, 3), (moved.Items[0].Offset, moved.Seen[0].Offset, moved.UndoLog[0].Offset));
        Assert.Equal((2, 0), (moved.UndoLog[0].Before.Offset, moved.UndoLog[0].Evicted[0].Offset));
        Assert.Equal(new Fence(12, 3), FencedValue.ReadFence(weights));
        Assert.Equal([1, 2, 3], FencedValue.Payload(weights).ToArray());
        Assert.True(FenceBytes.TryRead(position, out var fence) && fence == new Fence(11, 2));
        Assert.True(FenceBytes.TryRead(counted, out fence) && fence == new Fence(13, 2));
    }

    [Fact]
    public void Value_OfSettledSlates_FindsThemAgain()
    {
        var late = new SettledSlate.Types.LateChoice { Index = 2, EventOffset = 101 };
        var counts = new UserPolicy { Settled = { new SettledSlate { Request = 5, Offset = 103, Late = { late } } } };

        var value = ValueMoves.Apply(Keys.UserPolicy("ann"), FencedValue.Encode([new Fence(2, 104), new Fence(1, 102)], counts), Moves);
        var slate = UserPolicy.Parser.ParseFrom(FencedValue.Payload(value).Span).Settled.Single();

        Assert.Equal((new Fence(12, 3), new Fence(11, 2)), (FencedValue.ReadFence(value), FencedValue.ReadFence(value, 1)));
        Assert.Equal((2, 1), (slate.Offset, slate.Late.Single().EventOffset));
    }

    [Theory]
    [InlineData("{u:ann}:profile")]
    [InlineData("position:g:strata.events.v1:0")]
    [InlineData("quarantine:item:a")]
    public void Value_ThatIsNone_Stays(string key)
    {
        byte[] broken = [9, 1, 2];

        Assert.Equal(broken, ValueMoves.Apply(key, broken, Moves));
    }

    private static T After<T>(string topic, T message, string? key = "key")
        where T : IMessage<T>, new()
    {
        var record = new LogRecord(0, 1, key is null ? null : Encoding.UTF8.GetBytes(key), message.ToByteArray(), []);
        return new MessageParser<T>(() => new T()).ParseFrom(RecordMoves.Apply(topic, record, Moves).Value);
    }

    private static MovedLog Moved(string topic, ulong log)
    {
        var offsets = new OffsetMap();
        foreach (var offset in new[] { 100, 101, 103, 104 })
        {
            offsets.Add(offset);
        }

        return new MovedLog(topic, 0, log, log + 10, offsets);
    }
}
