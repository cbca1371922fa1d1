using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Ranking.Scoring.Core;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Ranking.Scoring;

/// <summary>Follows the policy named in the settings.</summary>
internal sealed class PolicyTable(
    CurrentPolicy slot, PolicyVersions versions, IOptions<ScoringOptions> options, ILogger<PolicyTable> logger) : ITableHandler
{
    /// <summary>Name in settings, health and metrics.</summary>
    public const string Name = "ranking-policy";

    public ValueTask ApplyAsync(IReadOnlyList<StreamRecord> batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            if (Keys.IsKeptPolicy(record.Key, options.Value.Policy, out var place))
            {
                versions.Keep(place, record.TryParse(Policy.Parser, out var kept, out _) ? kept : null);
            }
        }

        // Only the newest that can be read counts; one before it may be what somebody waits for.
        foreach (var record in batch.Where(record => record.Key == options.Value.Policy && record.Value is not null))
        {
            if (record.TryParse(Policy.Parser, out var published, out _))
            {
                versions.Note(published);
            }
        }

        foreach (var record in batch.Where(record => record.Key == options.Value.Policy).Reverse())
        {
            if (record.Value is null)
            {
                (slot.Current, versions.InForce) = (RankingPolicy.Shipped, null);
                break;
            }

            if (record.TryParse(Policy.Parser, out var policy, out var reason))
            {
                (slot.Current, versions.InForce) = (RankingPolicy.From(policy), policy);
                break;
            }

            record.Skip(reason);
        }

        return ValueTask.CompletedTask;
    }

    public void CaughtUp()
    {
        slot.Complete();
        logger.PolicyInForce(slot.Current.Version, slot.Current.Model.Steps > 0);
    }
}
