using Strata.Streaming.Consuming;
using Strata.Streaming.Consuming.Committing;

namespace Strata.Streaming.Tests.Consuming.Committing;

[Trait("height", "unit")]
public sealed class CommitPaceTests
{
    [Theory]
    [InlineData("Flush", true, 0)]
    [InlineData("Flush", false, 0)]
    [InlineData("Output", true, 150)] // 200 ms after the last one
    [InlineData("Output", false, 950)] // nobody waits: a second after it
    [InlineData("Position", true, 950)]
    [InlineData("None", true, 1000)]
    public void Left_FiftyMillisecondsAfterACommit_DependsOnWhoWaits(string need, bool awaited, int milliseconds)
    {
        var options = new StreamConsumerOptions { Awaited = awaited };

        var left = CommitPace.Left(Enum.Parse<CommitNeed>(need), TimeSpan.FromMilliseconds(50), options);

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), left);
    }

    [Fact]
    public void Left_AfterAQuietTime_IsOver()
        => Assert.True(CommitPace.Left(CommitNeed.Output, TimeSpan.FromMinutes(1), new StreamConsumerOptions()) <= TimeSpan.Zero);
}
