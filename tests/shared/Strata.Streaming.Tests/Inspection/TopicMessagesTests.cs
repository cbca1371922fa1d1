using System.Text;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Contracts.DeadLetters.V1;
using Strata.Contracts.Events.V1;
using Strata.Streaming.Inspection;

namespace Strata.Streaming.Tests.Inspection;

[Trait("height", "unit")]
public sealed class TopicMessagesTests
{
    [Fact]
    public void Of_EveryTopic_KnowsItsMessages()
    {
        Assert.All(Topics.All, topic => Assert.NotNull(TopicMessages.Of(topic.Name, [])));
        Assert.Equal("LayerSetMarker", TopicMessages.Of(Topics.Layers, "set"u8).Name);
        Assert.Equal("SegmentSet", TopicMessages.Of(Topics.Layers, "segments"u8).Name);
        Assert.Equal("Layer", TopicMessages.Of(Topics.Layers, "layer:7"u8).Name);
        Assert.Equal("LayerCommand", TopicMessages.Of(Topics.LayerDeltas, "command"u8).Name);
        Assert.Equal("ActivityMarker", TopicMessages.Of(Topics.ItemActivity, "marker:3"u8).Name);
    }

    [Fact]
    public void Decode_ThenEncode_IsTheSameMessage()
    {
        var value = new UserEvent { UserId = "ann", ItemId = "BEE-001", EventId = "e1" }.ToByteString();

        var (json, fault) = TopicMessages.Decode(Topics.Events, "ann"u8, value);

        Assert.Null(fault);
        Assert.Contains("BEE-001", json, StringComparison.Ordinal);
        Assert.Equal(value, ByteString.CopyFrom(TopicMessages.Encode(Topics.Events, "ann"u8, json!)));
    }

    [Fact]
    public void Encode_OfWhatIsNoSuchMessage_SaysWhichMessageItShouldBe()
    {
        var fault = Assert.Throws<InvalidDataException>(() => TopicMessages.Encode(Topics.Events, [], "{\"colour\": 1}"));

        Assert.Contains("UserEvent", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void View_OfBytesThatAreNoMessage_ShowsThemRawAndWhy()
    {
        var letter = new DeadLetter
        {
            Topic = Topics.Events,
            Partition = 3,
            Offset = 77,
            Key = ByteString.CopyFromUtf8("ann"),
            Value = ByteString.CopyFrom(0xff, 0xff, 0xff),
            Reason = "not a UserEvent",
            Headers = { new DeadLetter.Types.Header { Name = "traceparent", Value = ByteString.CopyFromUtf8("00-1") } },
        };

        var view = LetterView.Of(new StoredLetter(0, 12, DateTimeOffset.UnixEpoch, null, letter), whole: true);

        Assert.Equal(("strata.events.v1/0/12", "strata.events.v1/3/77", "ann"), (view.Id, view.Source, view.Key));
        Assert.Null(view.Message);
        Assert.False(string.IsNullOrEmpty(view.Undecoded));
        Assert.Equal("////", view.Bytes);
        Assert.Equal("00-1", view.Headers!["traceparent"]);
    }

    [Fact]
    public void View_OfAMessageThatCouldBeRead_ShowsItAsJson()
    {
        var letter = new DeadLetter
        {
            Topic = Topics.Events,
            Value = new UserEvent { UserId = "ann" }.ToByteString(),
            Key = ByteString.CopyFrom(Encoding.UTF8.GetBytes("ann")),
        };

        var view = LetterView.Of(new StoredLetter(0, 1, DateTimeOffset.UnixEpoch, "resent", letter), whole: true);

        Assert.Equal("ann", view.Message!["userId"]!.GetValue<string>());
        Assert.Equal("resent", view.Settled);
    }
}
