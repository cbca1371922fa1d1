using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Experiments.Core;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Serving.Arms;
using Strata.Ranking.Users;
using Strata.ServiceDefaults.Access;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Topology;
using ExperimentsBase = Strata.Contracts.Ranking.V1.Experiments.ExperimentsBase;

namespace Strata.Ranking.Experiments;

/// <summary>Says how experiments fare, from what Optimizer counts, partition by partition.</summary>
internal sealed class ExperimentsService(
    ServingArms arms, UserReader store, Catalogue catalogue, ITopics topics, TimeProvider time) : ExperimentsBase
{
    [Authorize(Scopes.Operate)]
    public override async Task<ListExperimentsResponse> ListExperiments(ListExperimentsRequest request, ServerCallContext context)
    {
        var response = new ListExperimentsResponse();
        if (arms.Experiments.Count == 0)
        {
            return response;
        }

        var partitions = await topics.PartitionsAsync(Topics.Impressions, context.CancellationToken);
        var all = arms.Experiments.SelectMany(experiment => experiment.Arms.Select(arm => (Experiment: experiment.Name, arm.Name)));
        var keys = all.SelectMany(arm => Enumerable.Range(0, partitions).Select(at => Keys.ArmOutcomes(arm.Experiment, arm.Name, at)));
        var values = await store.RequireValuesAsync([.. keys], context.CancellationToken);
        var counted = new Queue<ArmOutcomes>(values.Chunk(partitions).Select(own => ArmTotals.Of(own.Select(Read).OfType<ArmOutcomes>())));
        var alive = Alive();
        response.Experiments.AddRange(arms.Experiments.Select(experiment => ExperimentReport.Of(
            experiment, [.. experiment.Arms.Select(_ => counted.Dequeue())], alive)));
        return response;
    }

    // What cannot be read its owner sets aside; until then it says nothing.
    private static ArmOutcomes? Read(ReadOnlyMemory<byte>? value)
        => StoredMessages.TryRead(value, ArmOutcomes.Parser, out var stored, out _) ? stored.Message : null;

    private int Alive()
    {
        var view = catalogue.Current;
        var nowMs = Math.Max(view.StreamTimeMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        return Enumerable.Range(0, view.Count).Count(item => view.IsAlive(item, nowMs));
    }
}
