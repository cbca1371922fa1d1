using Strata.Cli.Doctor.Core;
using Strata.Contracts;
using Strata.Streaming.Inspection;

namespace Strata.Cli.Doctor;

/// <summary>Looks at a broker.</summary>
internal static class BrokerExam
{
    /// <summary>What is found of it.</summary>
    /// <param name="client">How it is reached.</param>
    /// <param name="watch">How long consumers are watched whether they move.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BrokerFacts> LookAsync(
        IReadOnlyDictionary<string, string> client, TimeSpan watch, CancellationToken cancellationToken)
    {
        using var inspector = new BrokerInspector(client);
        try
        {
            var cluster = await inspector.ClusterAsync();
            var before = await inspector.PositionsAsync(cancellationToken);
            await Task.Delay(watch, TimeProvider.System, cancellationToken);
            var after = await inspector.PositionsAsync(cancellationToken);
            var newest = cluster.Topics.TryGetValue(Topics.Events, out var events)
                ? await inspector.NewestAsync(events.Name, events.Partitions)
                : null;
            return new BrokerFacts(null, cluster, before, after, newest);
        }
        catch (BrokerAwayException away)
        {
            return new BrokerFacts(new Silence(away.Message, away.Refused));
        }
    }
}
