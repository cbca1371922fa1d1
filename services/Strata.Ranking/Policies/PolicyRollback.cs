using Grpc.Core;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Ranking.Scoring.Core;
using Strata.Streaming.Publishing;

namespace Strata.Ranking.Policies;

/// <summary>Asks the learner to take up an older version, in the log that it learns from, and waits until that is in force here.</summary>
internal sealed class PolicyRollback(PolicyVersions versions, IPublisher publisher, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>The new version.</summary>
    /// <exception cref="RpcException">DEADLINE_EXCEEDED: the learner has not answered in time.</exception>
    public async Task<ulong> ToAsync(ulong version, CancellationToken cancellationToken)
    {
        var command = new PolicyCommand
        {
            Rollback = new() { Version = version, RequestId = Guid.CreateVersion7(time.GetUtcNow()).ToString() },
        };
        await publisher.PublishAsync(Topics.Training, Keys.PolicyCommand, command, time.GetUtcNow(), cancellationToken, partition: 0);
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < Patience;)
        {
            if (versions.AnswerTo(command.Rollback.RequestId) is { } answer && versions.InForce?.Version >= answer)
            {
                return answer;
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }

        throw new RpcException(new Status(
            StatusCode.DeadlineExceeded,
            $"the rollback lies in the log, but the learner has not answered within {Patience.TotalSeconds:0} s: look whether Optimizer "
                + "runs (strata lag), and at the list of policies (GET /v1/policies) before you ask again"));
    }
}
