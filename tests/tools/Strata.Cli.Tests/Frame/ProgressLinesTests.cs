using Microsoft.Extensions.Time.Testing;
using Strata.Cli.Frame;

namespace Strata.Cli.Tests.Frame;

[Trait("height", "unit")]
public sealed class ProgressLinesTests
{
    [Fact]
    public void Begin_OfALongStep_WritesALineEveryTenSeconds()
    {
        var (time, to) = (new FakeTimeProvider(), new StringWriter { NewLine = "\n" });
        var done = new ProgressLines(to, time).Begin("events", 2_000, "events");

        for (var i = 1; i <= 5; i++)
        {
            done(i * 300);
            time.Advance(TimeSpan.FromSeconds(6));
        }

        Assert.Equal("events: 900 of 2,000 events\nevents: 1,500 of 2,000 events\n", to.ToString());
    }
}
