using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Optimizer.Learning.Core;
using Strata.Streaming.Tables;

namespace Strata.Optimizer.Learning;

/// <summary>Reads strata.policy.v1 to go on from what was published.</summary>
internal static class PublishedPolicies
{
    /// <summary>A learner made of the newest policy that one can be made of, and that policy; a fresh one, and null, without any.</summary>
    /// <param name="reader">Reads the topic.</param>
    /// <param name="options">Whose policy.</param>
    /// <param name="kept">Takes the versions that are kept.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<(PolicyLearner Learner, Policy? Newest)> ReadAsync(
        IPartitionReader reader, LearningOptions options, KeptVersions kept, CancellationToken cancellationToken)
    {
        var (learner, newest) = (new PolicyLearner(options), (Policy?)null);
        await foreach (var record in reader.ReadToEndAsync(Topics.Policy, 0, cancellationToken))
        {
            if (Keys.IsKeptPolicy(record.Key, options.PolicyName, out var place))
            {
                kept.Take(place, record.TryParse(Policy.Parser, out var version, out _) ? version : null);
                continue;
            }

            if (record.Key != options.PolicyName)
            {
                continue;
            }

            if (record.Value is null)
            {
                (learner, newest) = (new PolicyLearner(options), null);
            }
            else if (!record.TryParse(Policy.Parser, out var policy, out var reason)
                || !PolicyLearner.TryMake(options, policy, out var made, out reason))
            {
                record.Skip(reason);
            }
            else
            {
                (learner, newest) = (made, policy);
            }
        }

        return (learner, newest);
    }
}
