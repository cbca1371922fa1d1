using Microsoft.Extensions.Diagnostics.HealthChecks;
using Strata.Streaming.Consuming.Polling;

namespace Strata.Streaming.Tests.Consuming.Polling;

[Trait("height", "unit")]
public sealed class ConsumerLivenessTests
{
    private readonly ConsumerState _state = new("g", TimeProvider.System);

    [Theory]
    [InlineData(0, HealthStatus.Healthy)]
    [InlineData(2, HealthStatus.Healthy)]
    [InlineData(3, HealthStatus.Unhealthy)]
    public async Task Check_ClientsReplaced_FailsOnceTwoReplacementsDidNotHelp(int stalls, HealthStatus expected)
    {
        for (var i = 0; i < stalls; i++)
        {
            _state.Stalled();
        }

        Assert.Equal(expected, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task Check_ClientsWorkAgain_IsHealthy()
    {
        for (var i = 0; i < 4; i++)
        {
            _state.Stalled();
        }

        _state.Works();

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    private Task<HealthCheckResult> CheckAsync()
        => new ConsumerLiveness("g", _state).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
