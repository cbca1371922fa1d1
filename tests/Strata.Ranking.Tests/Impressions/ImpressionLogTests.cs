using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Ranking.Impressions;

namespace Strata.Ranking.Tests.Impressions;

[Trait("height", "harness")]
public sealed class ImpressionLogTests
{
    private readonly GatedPublisher _publisher = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger _logger = new();

    [Fact]
    public async Task Stop_AfterLogging_HasPublishedAllByUser()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.Zero });
        await log.StartAsync(CancellationToken.None);
        _publisher.Open();

        for (var i = 0; i < 1000; i++)
        {
            log.Log(Impression(i));
        }

        await log.StopAsync(CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"r{i}").ToHashSet(),
            _publisher.Published.Select(p => p.Impression.RequestId).ToHashSet());
        Assert.Equal(1000, _publisher.Published.Count);
        Assert.All(
            _publisher.Published,
            p => Assert.Equal(
                (Topics.Impressions, p.Impression.UserId, p.Impression.ServedUnixMs), (p.Topic, p.Key, p.Time.ToUnixTimeMilliseconds())));
    }

    [Fact]
    public async Task Log_ImpressionsOfAShortTime_ArePublishedTogether()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.FromSeconds(1) });
        _publisher.Open();
        await log.StartAsync(CancellationToken.None);

        log.Log(Impression(0));
        log.Log(Impression(1));
        await Task.WhenAny(_publisher.Entered, Task.Delay(100, TestContext.Current.CancellationToken));
        var early = _publisher.Count;
        for (var tries = 0; _publisher.Count < 2; tries++)
        {
            Assert.True(tries < 100_000, "they never came");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        log.Log(Impression(2));
        await log.StopAsync(CancellationToken.None); // which waits for nothing

        Assert.Equal((0, 3), (early, _publisher.Published.Count));
    }

    [Fact]
    public async Task Log_BrokerIsAway_ReturnsAtOnceDropsAndWarnsOnce()
    {
        using var log = Make(new ImpressionsOptions { Capacity = 10, InFlight = 3, Gather = TimeSpan.Zero });
        await log.StartAsync(CancellationToken.None);

        for (var i = 0; i < 100; i++)
        {
            log.Log(Impression(i));
        }

        Assert.Equal(1, _logger.Warnings);
        _clock.Advance(TimeSpan.FromSeconds(11));

        // Several: a loop that came late may have made room for a few.
        for (var i = 100; i < 120; i++)
        {
            log.Log(Impression(i));
        }

        Assert.Equal(2, _logger.Warnings);
        _publisher.Open();
        await log.StopAsync(CancellationToken.None);

        // Three under way, one waiting for its turn, ten in the channel; at least the ten.
        Assert.InRange(_publisher.Published.Count, 10, 14);
    }

    [Fact]
    public async Task Stop_ImpressionUnderWay_WaitsForItsAcknowledgement()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.Zero });
        await log.StartAsync(CancellationToken.None);
        log.Log(Impression(0));
        await _publisher.Entered;

        var stopping = log.StopAsync(CancellationToken.None);
        var early = await Task.WhenAny(stopping, Task.Delay(100, TestContext.Current.CancellationToken));
        _publisher.Open();
        await stopping;

        Assert.NotSame(stopping, early);
        Assert.Single(_publisher.Published);
    }

    [Fact]
    public async Task Stop_BudgetIsOver_LeavesTheRestAndSaysSo()
    {
        using var log = Make(new ImpressionsOptions { InFlight = 1, Gather = TimeSpan.Zero });
        await log.StartAsync(CancellationToken.None);
        log.Log(Impression(0));
        log.Log(Impression(1));
        log.Log(Impression(2));
        await _publisher.Entered;

        await log.StopAsync(new CancellationToken(canceled: true));

        Assert.Empty(_publisher.Published);
        Assert.True(_logger.Warnings >= 1);
    }

    [Fact]
    public async Task Log_BrokerRefuses_GoesOnWithTheNext()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.Zero });
        _publisher.Refuse = "r0";
        _publisher.Open();
        await log.StartAsync(CancellationToken.None);

        log.Log(Impression(0));
        log.Log(Impression(1));
        await log.StopAsync(CancellationToken.None);

        Assert.Equal("r1", Assert.Single(_publisher.Published).Impression.RequestId);
        Assert.Equal(1, _logger.Warnings);
    }

    [Fact]
    public async Task Log_BrokerIsAwayLongerThanAMessageMayTake_PublishesEachWhenItIsBack()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.Zero });
        _publisher.Away = 7;
        _publisher.Open();
        await log.StartAsync(CancellationToken.None);

        log.Log(Impression(0));
        log.Log(Impression(1));
        log.Log(Impression(2));
        for (var tries = 0; _publisher.Count < 3; tries++)
        {
            Assert.True(tries < 100_000, "they never came");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await log.StopAsync(CancellationToken.None);
        Assert.Equal(["r0", "r1", "r2"], _publisher.Published.Select(p => p.Impression.RequestId).Order());
        Assert.Equal(0, _logger.Warnings);
    }

    [Fact]
    public async Task Stop_BrokerIsAway_GivesUpInsteadOfWaitingForIt()
    {
        using var log = Make(new ImpressionsOptions { Gather = TimeSpan.Zero });
        _publisher.Away = int.MaxValue;
        _publisher.Open();
        await log.StartAsync(CancellationToken.None);
        log.Log(Impression(0));

        var stopping = log.StopAsync(CancellationToken.None);
        while (!stopping.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stopping;
        Assert.Empty(_publisher.Published);
        Assert.Equal(1, _logger.Warnings);
    }

    // Of a shop that was quiet for years: what the topic keeps goes by when a slate was served.
    private static Impression Impression(int i) => new()
    {
        RequestId = $"r{i}",
        UserId = $"u{i % 7}",
        TimeUnixMs = 1_400_000_000_000,
        ServedUnixMs = 1_700_000_000_000 + i,
    };

    private ImpressionLog Make(ImpressionsOptions options)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new ImpressionLog(_publisher, Options.Create(options), _clock, new ImpressionsMetrics(meters), _logger);
    }

    private sealed class ListLogger : ILogger<ImpressionLog>
    {
        private int _warnings;

        public int Warnings => _warnings;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Interlocked.Add(ref _warnings, logLevel == LogLevel.Warning ? 1 : 0);
    }
}
