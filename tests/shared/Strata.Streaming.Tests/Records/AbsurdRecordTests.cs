using System.Text;
using Confluent.Kafka;
using Google.Protobuf;
using Strata.Contracts.Events.V1;
using Strata.Streaming.Records;
using Strata.Testing.Poison;

namespace Strata.Streaming.Tests.Records;

/// <summary>Records as no producer of ours writes them: whoever polls must get past them.</summary>
[Trait("height", "unit")]
public sealed class AbsurdRecordTests
{
    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(1L << 62)]
    [InlineData(long.MaxValue)]
    public void Read_TimeThatIsNone_IsReadAllTheSame(long milliseconds)
    {
        var result = new ConsumeResult<RecordKey, byte[]?>
        {
            TopicPartitionOffset = new TopicPartitionOffset("t", 0, 3),
            Message = new Message<RecordKey, byte[]?>
            {
                Key = RecordKey.Of("k"u8),
                Value = [1],
                Timestamp = new Timestamp(milliseconds, TimestampType.CreateTime),
            },
        };

        Assert.Equal(DateTimeOffset.UnixEpoch, RecordReader.Read(result).Timestamp);
    }

    [Fact]
    public void TryParse_FieldBeyondItsBounds_IsNoMessage()
    {
        var absurd = GoodMessages.Event();
        absurd.EventTime.Seconds = 1L << 60;

        Assert.False(Record(absurd.ToByteArray()).TryParse(UserEvent.Parser, out var message, out var reason));
        Assert.Null(message);
        Assert.Equal("event_time is 1152921504606846976 s and 0 ns, no time between 1970 and 2100", reason);
    }

    [Theory]
    [InlineData(1, 1_000_000, 0)]
    [InlineData(990_000, 10_000, 0)]
    [InlineData(1, 10_000, 990_000)]
    public void DeadLetter_RecordAsLargeAsTheBrokerTakes_IsCutSoThatItIsTakenToo(int key, int value, int header)
    {
        var record = Record(new byte[value], new string('k', key)) with { Headers = [KeyValuePair.Create("h", new byte[header])] };

        var letter = DeadLetters.Of(record, "garbage", null, "g", "h");

        Assert.InRange(letter.CalculateSize() + DeadLetters.KeyOf(record)!.Length, 1, 950_000);
        Assert.Contains("(cut: key of", letter.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyHash_OfAUser_SaysNotWhoItIs()
    {
        Assert.Equal(16, Record([], "ann").KeyHash.Length);
        Assert.NotEqual(Record([], "ann").KeyHash, Record([], "bob").KeyHash);
        Assert.DoesNotContain("ann", Record([], "ann").KeyHash, StringComparison.Ordinal);
    }

    private static StreamRecord Record(byte[] value, string key = "u1")
        => new("t", 0, 3, key, value, DateTimeOffset.UnixEpoch, [KeyValuePair.Create("encoding", Encoding.UTF8.GetBytes("none"))]);
}
