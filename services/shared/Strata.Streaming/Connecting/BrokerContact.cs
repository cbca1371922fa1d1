using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Strata.Streaming.Connecting;

/// <summary>Asks the broker for a sign of life every other second.</summary>
internal sealed class BrokerContact(KafkaClients clients, TimeProvider time) : BackgroundService, IBrokerContact, IHealthCheck
{
    /// <summary>Silence after which the broker counts as away: longer than a leader's election takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private long _heard = time.GetTimestamp();

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heard));

    public bool IsAway => Silence > Patience;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(IsAway
            ? HealthCheckResult.Unhealthy($"the broker has not answered for {Silence.TotalSeconds:F0} s")
            : HealthCheckResult.Healthy("the broker answers"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var admin = clients.Admin();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await Task.Run(() => Answers(admin), CancellationToken.None))
            {
                Volatile.Write(ref _heard, time.GetTimestamp());
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool Answers(IAdminClient admin)
    {
        try
        {
            // Of all topics: asking for one by its name may make it.
            return admin.GetMetadata(Pause).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false; // that is the answer: the client itself tells what is wrong
        }
    }
}
