using Strata.Streaming.Records;

namespace Strata.Streaming.Tests.Records;

[Trait("height", "unit")]
public sealed class EventTimeTests
{
    [Fact]
    public void TryRead_WrittenTime_IsTheSame()
    {
        var time = new DateTimeOffset(1998, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
        KeyValuePair<string, byte[]>[] headers = [new("other", new byte[8]), new(EventTime.Header, EventTime.Bytes(time))];

        Assert.True(EventTime.TryRead(headers, out var read));
        Assert.Equal(time, read);
    }

    [Fact]
    public void TryRead_WrongSizeOrBeyondAllTimes_IsNone()
    {
        Assert.False(EventTime.TryRead([KeyValuePair.Create(EventTime.Header, new byte[7])], out _));
        Assert.False(EventTime.TryRead([KeyValuePair.Create(EventTime.Header, Enumerable.Repeat((byte)0x7f, 8).ToArray())], out _));
    }
}
