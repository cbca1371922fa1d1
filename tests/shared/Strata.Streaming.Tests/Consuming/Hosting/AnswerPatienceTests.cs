using Strata.Streaming.Consuming.Hosting;

namespace Strata.Streaming.Tests.Consuming.Hosting;

[Trait("height", "unit")]
public sealed class AnswerPatienceTests
{
    private readonly AnswerPatience _patience = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void Now_NothingAskedYet_IsAQuarterOfTheLimit() => Assert.Equal(TimeSpan.FromSeconds(2.5), _patience.Now);

    [Fact]
    public void Unanswered_AgainAndAgain_GrowsUpToTheLimit()
    {
        var waits = Enumerable.Range(0, 4).Select(_ =>
        {
            _patience.Unanswered();
            return _patience.Now.TotalSeconds;
        });

        Assert.Equal([5, 10, 10, 10], waits);
    }

    [Fact]
    public void Answered_AfterNoAnswer_IsShortAgain()
    {
        _patience.Unanswered();

        _patience.Answered();

        Assert.Equal(TimeSpan.FromSeconds(2.5), _patience.Now);
    }
}
