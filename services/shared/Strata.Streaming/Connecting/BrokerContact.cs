using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Strata.Streaming.Connecting;

/// <summary>
/// Asks the broker for a sign of life every other second. After a broker that hung or was killed a client may never be answered again, so
/// one that hears nothing is replaced, before anybody says that the broker is away.
/// </summary>
/// <param name="clients">Makes a client.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerContact(Func<SharedClient<IAdminClient>> clients, TimeProvider time)
    : BackgroundService, IBrokerContact, IHealthCheck
{
    /// <summary>Silence after which the broker counts as away: longer than a leader's election takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PatienceWithAClient = Patience / 2;

    private long _heard = time.GetTimestamp();

    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heard));

    public bool IsAway => Silence > Patience;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(IsAway
            ? HealthCheckResult.Unhealthy($"the broker has not answered for {Silence.TotalSeconds:F0} s")
            : HealthCheckResult.Healthy("the broker answers"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var admin = clients();
        var asked = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var client = admin;
            if (await Task.Run(() => Answers(client), CancellationToken.None))
            {
                asked = time.GetTimestamp();
                Volatile.Write(ref _heard, asked);
            }
            else if (time.GetElapsedTime(asked) >= PatienceWithAClient)
            {
                _ = Task.Run(client.Dispose, CancellationToken.None); // it may take minutes to let go
                admin = clients();
                asked = time.GetTimestamp();
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        admin.Dispose();
    }

    private static bool Answers(SharedClient<IAdminClient> admin)
    {
        try
        {
            // Of all topics: asking for one by its name may make it.
            return admin.Call(client => client.GetMetadata(PatienceWithAClient)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false; // that is the answer: the client itself tells what is wrong
        }
    }
}
