using Microsoft.Extensions.Time.Testing;
using Strata.Bench.Load;

namespace Strata.Bench.Tests.Load;

[Trait("height", "unit")]
public sealed class ArrivalsTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_CallerStalled_IsDueWhenItWasMeantToBe()
    {
        var arrivals = new Arrivals(100, TimeSpan.FromSeconds(1), _clock);
        var started = _clock.GetTimestamp();
        var due = new List<TimeSpan>();

        _clock.Advance(TimeSpan.FromSeconds(3)); // what was due meanwhile counts from then
        while (await arrivals.NextAsync(Cancel) is { } at)
        {
            due.Add(_clock.GetElapsedTime(started, at));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => TimeSpan.FromMilliseconds(10 * i)), due);
    }

    [Fact]
    public async Task Next_CallerInTime_WaitsUntilItIsDue()
    {
        var arrivals = new Arrivals(100, TimeSpan.FromSeconds(1), _clock);
        await arrivals.NextAsync(Cancel);

        var next = arrivals.NextAsync(Cancel);
        _clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(_clock.GetTimestamp(), await next);
    }

    [Fact]
    public async Task Next_WithoutARate_IsDueNowUntilTheTimeIsUp()
    {
        var arrivals = new Arrivals(0, TimeSpan.FromSeconds(1), _clock);
        _clock.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(_clock.GetTimestamp(), await arrivals.NextAsync(Cancel));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await arrivals.NextAsync(Cancel));
    }
}
