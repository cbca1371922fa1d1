using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Strata.Contracts.Policy.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Policies.Core;
using Strata.Ranking.Scoring.Core;
using Strata.RankingModel;
using Strata.ServiceDefaults.Access;

namespace Strata.Ranking.Policies;

/// <summary>The calls about policies: those kept, one of them, and back to one.</summary>
internal sealed class PoliciesService(PolicyVersions versions, PolicyRollback rollback) : Contracts.Policy.V1.Policies.PoliciesBase
{
    [Authorize(Scopes.Operate)]
    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
        => Task.FromResult(new ListPoliciesResponse { Policies = { versions.All().Select(SummaryOf) } });

    [Authorize(Scopes.Operate)]
    public override Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        var policy = Require(request.Version);
        var response = new GetPolicyResponse
        {
            Summary = SummaryOf(policy),
            Schema = policy.Schema,
            Layers = (uint)policy.Layers.Count,
            AllClicks = ClickRates.Of(0, policy.Clicks, policy.Shown),
            ClicksAsOfUnixMs = policy.TimeUnixMs,
        };
        response.LayerClicks.AddRange(policy.Layers.Select(layer => ClickRates.Of(layer.LayerId, layer.Clicks, layer.Shown)));
        var known = policy.Schema == FeatureSchema.Version && policy.Weights.Count == FeatureSchema.Count;
        for (var f = 0; f < policy.Weights.Count; f++)
        {
            response.Weights[known ? FeatureSchema.Names[f] : $"feature_{f}"] = policy.Weights[f];
        }

        return Task.FromResult(response);
    }

    [Authorize(Scopes.Operate)]
    public override async Task<RollbackPolicyResponse> RollbackPolicy(RollbackPolicyRequest request, ServerCallContext context)
    {
        var policy = Require(request.Version);
        if (policy.Schema != 0 && policy.Schema != FeatureSchema.Version)
        {
            throw new InvalidRequestException(
                "version",
                $"{request.Version} was learned of features of schema {policy.Schema}, and slates have those of {FeatureSchema.Version}: "
                    + "take a newer one")
            {
                Code = StatusCode.FailedPrecondition,
            };
        }

        return new RollbackPolicyResponse { Version = await rollback.ToAsync(request.Version, context.CancellationToken) };
    }

    private Policy Require(ulong version)
    {
        var all = versions.All();
        return all.FirstOrDefault(policy => policy.Version == version) ?? throw new InvalidRequestException(
            "version",
            all.Count == 0
                ? "is not kept: nothing was published yet"
                : $"{version} is not kept: take one of {string.Join(", ", all.Select(policy => policy.Version))}")
        {
            Code = StatusCode.NotFound,
        };
    }

    private PolicySummary SummaryOf(Policy policy) => new()
    {
        Version = policy.Version,
        PublishedUnixMs = policy.PublishedUnixMs,
        InForce = policy.Version == versions.InForce?.Version,
        Steps = policy.Steps,
        RestoredVersion = policy.RestoredVersion,
        Estimate = policy.Estimate,
    };
}
