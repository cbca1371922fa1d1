using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Strata.Client.Tests;

/// <summary>A clock that stands still, and says who waits by it.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            _waits.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>How long the next wait is, as soon as somebody begins it.</summary>
    public async Task<TimeSpan> WaitAsync() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets the next wait be over. Its length.</summary>
    public async Task<TimeSpan> PassAsync()
    {
        var wait = await WaitAsync();
        Advance(wait);
        return wait;
    }
}
