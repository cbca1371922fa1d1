using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Edge.Requests;
using Strata.Ranking.Policies;
using Strata.Ranking.Scoring;
using Strata.Ranking.Scoring.Core;
using Strata.Ranking.Tests.Serving;
using Strata.RankingModel;
using Strata.Testing.Doubles;

namespace Strata.Ranking.Tests.Policies;

[Trait("height", "harness")]
public sealed class PoliciesServiceTests
{
    private readonly CurrentPolicy _current = new();
    private readonly PolicyVersions _versions = new();
    private readonly RecordingPublisher _publisher = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly InMemoryLog _log = new();
    private readonly PolicyTable _table;
    private readonly PoliciesService _service;

    public PoliciesServiceTests()
    {
        _table = new PolicyTable(_current, _versions, Options.Create(new ScoringOptions()), NullLogger<PolicyTable>.Instance);
        _service = new PoliciesService(_versions, new PolicyRollback(_versions, _publisher, _clock));
    }

    [Fact]
    public async Task ListPolicies_KeptAndInForce_AreNewestFirst()
    {
        await ShowAsync(("default", Version(9)), ("default@0", Version(3)), ("default@1", Version(6)), ("other@0", Version(77)));

        var list = await _service.ListPolicies(new ListPoliciesRequest(), new ServiceWorld.Call());

        Assert.Equal([(9ul, true), (6, false), (3, false)], list.Policies.Select(policy => (policy.Version, policy.InForce)));
        Assert.Equal(.5, list.Policies[0].Estimate.Ips);

        await ShowAsync(("default@0", Version(9)), ("default@1", null));

        list = await _service.ListPolicies(new ListPoliciesRequest(), new ServiceWorld.Call());
        Assert.Equal([9ul], list.Policies.Select(policy => policy.Version));
    }

    [Fact]
    public async Task GetPolicy_Kept_HasItsWeightsAndAnotherIsNotFound()
    {
        await ShowAsync(("default", Version(9)), ("default@0", Version(3)));

        var policy = await _service.GetPolicy(new GetPolicyRequest { Version = 3 }, new ServiceWorld.Call());
        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _service.GetPolicy(new GetPolicyRequest { Version = 4 }, new ServiceWorld.Call()));

        Assert.Equal((3ul, 2), (policy.Summary.Version, policy.Weights.Count));
        Assert.Equal(StatusCode.NotFound, fault.Code);
        Assert.Contains("9, 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPolicy_Kept_SaysHowOftenWasChosenFromWhichLayer()
    {
        var published = Version(9);
        (published.Clicks, published.Shown, published.TimeUnixMs) = (30, 400, 77);
        published.Layers.Clear();
        published.Layers.Add(new Policy.Types.LayerRate { LayerId = 4, Clicks = 10, Shown = 100 });
        published.Layers.Add(new Policy.Types.LayerRate { LayerId = 5, Shown = 40 });
        await ShowAsync(("default", published));

        var policy = await _service.GetPolicy(new GetPolicyRequest { Version = 9 }, new ServiceWorld.Call());

        Assert.Equal((0u, 30d, 400d, .075), (
            policy.AllClicks.LayerId, policy.AllClicks.Clicks, policy.AllClicks.Shown, policy.AllClicks.Rate));
        Assert.Equal([(4u, .1), (5, 0)], policy.LayerClicks.Select(layer => (layer.LayerId, layer.Rate)));
        Assert.Equal((.054, .184), (Math.Round(policy.LayerClicks[0].Low, 3), Math.Round(policy.LayerClicks[0].High, 3)));
        Assert.Equal(77, policy.ClicksAsOfUnixMs);
    }

    [Fact]
    public async Task RollbackPolicy_OfAnotherSchema_IsRefused()
    {
        await ShowAsync(("default", Version(9)), ("default@0", Version(3, FeatureSchema.Version - 1)));

        var fault = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _service.RollbackPolicy(new RollbackPolicyRequest { Version = 3 }, new ServiceWorld.Call()));

        Assert.Equal(StatusCode.FailedPrecondition, fault.Code);
        Assert.Empty(_publisher.Messages);
    }

    [Fact]
    public async Task RollbackPolicy_Kept_AsksTheLearnerAndAnswersWhenItIsInForce()
    {
        await ShowAsync(("default", Version(9)), ("default@0", Version(3)));

        var call = _service.RollbackPolicy(new RollbackPolicyRequest { Version = 3 }, new ServiceWorld.Call());
        var published = Assert.Single(_publisher.Messages);
        var rollback = Assert.IsType<PolicyCommand>(published.Value).Rollback;
        Assert.False(call.IsCompleted);
        var restored = Version(10);
        restored.RollbackId = rollback.RequestId;
        await ShowAsync(("default", restored), ("default", Version(11)));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(10ul, (await call).Version);
        Assert.Equal((Topics.Training, Keys.PolicyCommand, 3ul), (published.Topic, published.Key, rollback.Version));
        Assert.Equal(11ul, _current.Current.Version); // learned on in the meantime
    }

    [Fact]
    public async Task RollbackPolicy_LearnerIsSilent_SaysThatItLiesInTheLog()
    {
        await ShowAsync(("default", Version(9)), ("default@0", Version(3)));

        var call = _service.RollbackPolicy(new RollbackPolicyRequest { Version = 3 }, new ServiceWorld.Call());
        for (var tries = 0; !call.IsCompleted && tries < 100_000; tries++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    private static Policy Version(ulong version, uint schema = FeatureSchema.Version)
    {
        var policy = Testing.Poison.GoodMessages.Policy();
        (policy.Version, policy.Schema) = (version, schema);
        return policy;
    }

    private async Task ShowAsync(params (string Key, Policy? Policy)[] records)
        => await _table.ApplyAsync(
            [.. records.Select(record => _log.Append(Topics.Policy, 0, record.Key, record.Policy, _clock.GetUtcNow()))],
            CancellationToken.None);
}
