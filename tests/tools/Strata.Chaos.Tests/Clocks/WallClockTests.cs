using Strata.Chaos.Clocks;

namespace Strata.Chaos.Tests.Clocks;

[Trait("height", "unit")]
public sealed class WallClockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-clock-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(118)]
    [InlineData(-2)]
    public async Task Step_WhileSomebodyAsksTheTime_MovesTheWallClockAndNoTimer(int minutes)
    {
        var token = TestContext.Current.CancellationToken;
        var file = Path.Combine(_folder.FullName, "clock");
        var clock = new WallClock(file);
        var time = new SteppedTime(file);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        var asking = Task.Run(() => { while (!end.IsCancellationRequested) { time.GetUtcNow(); } }, token);
        var stamp = time.GetTimestamp();

        await clock.StepAsync(TimeSpan.FromMinutes(minutes), token);

        var ahead = time.GetUtcNow() - TimeProvider.System.GetUtcNow();
        Assert.InRange(ahead.TotalMinutes, minutes - 0.1, minutes + 0.1);
        Assert.InRange(time.GetElapsedTime(stamp), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await clock.StepAsync(TimeSpan.Zero, token);
        Assert.InRange((time.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalMinutes, -0.1, 0.1);
        await end.CancelAsync();
        await asking;
    }
}
