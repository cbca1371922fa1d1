using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Edge.Rates;
using Strata.Edge.Requests;

namespace Strata.Ingestion.Tests.Events;

/// <summary>How many events a user's bucket gives, and when the next one.</summary>
[Trait("height", "unit")]
public sealed class UserRatesTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 20)]
    [InlineData(200, 2_000)]
    [InlineData(7, 3)]
    public void Require_AtOnce_GivesTheBurstAndThenTheRate(int rate, int burst)
    {
        var rates = Rates(rate, burst);

        Assert.Equal(burst, Taken(rates, "flood", 2 * burst));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Math.Min(rate, burst), Taken(rates, "flood", 2 * (rate + burst)));
        _time.Advance(TimeSpan.FromSeconds((double)burst / rate) + TimeSpan.FromMilliseconds(1));
        Assert.Equal(burst, Taken(rates, "flood", 2 * burst));
        Assert.Equal(burst, Taken(rates, "somebody else", 2 * burst));
    }

    [Fact]
    public void Require_AtTheRate_IsNeverRefused()
    {
        var rates = Rates(200, 1);

        for (var sent = 0; sent < 2_000; sent++)
        {
            Assert.Equal(1, Taken(rates, "steady", 1));
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    [Fact]
    public void Require_NoLimit_TakesAll() => Assert.Equal(100_000, Taken(Rates(0, 1), "replay", 100_000));

    [Fact]
    public async Task Require_ByManyAtOnce_CountsEach()
    {
        const int Each = 1_000_000;
        var rates = Rates(1, 4 * Each);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Assert.Equal(Each, Taken(rates, "flood", Each)))));

        Assert.Equal(0, Taken(rates, "flood", 1));
    }

    private static int Taken(UserRates rates, string user, int tries)
    {
        var taken = 0;
        for (var i = 0; i < tries; i++)
        {
            try
            {
                rates.Require("event.user_id", user);
                taken++;
            }
            catch (InvalidRequestException)
            {
                // counted by what is left
            }
        }

        return taken;
    }

    private UserRates Rates(int rate, int burst)
        => new(Options.Create(new RatesOptions { UserEventsPerSecond = rate, UserEventBurst = burst }), _time);
}
