using System.Diagnostics.CodeAnalysis;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.LayerPolicy;
using Strata.RankingModel;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// Everything that a policy says, learned example by example: weights, the layers' click rates and what cohorts choose. Pure and
/// deterministic: a learner made from the policy that another one wrote goes on exactly as that one would have.
/// <para>Schemas: the first example's schema is learned. An example of an older one is of no use for the weights (its layer outcomes still
/// count); one of a newer schema starts weights, standardisation and sources afresh, because features have changed their meaning or column.
/// Layer rates live on. Weights and standardisation start from the prior where it is of their schema.</para>
/// <para>Standardisation follows whole candidate lists (shadow slates). A slate that was shown is the top of such a list and varies less in
/// just what the score is made of, so it moves mean and variance only as long as no candidate list was ever seen.</para>
/// </summary>
public sealed class PolicyLearner
{
    private readonly LearningOptions _options;
    private readonly LearningRate _rate;
    private readonly Prior _prior;
    private readonly LayerRates _layers;
    private ListwiseLearner? _ranking;
    private readonly CohortCounts _cohorts;
    private uint _schema;
    private ulong _version;
    private ulong _candidateLists;
    private float[] _rows = [];

    /// <summary>Begins with a prior; null: the one that Strata ships.</summary>
    public PolicyLearner(LearningOptions options, Prior? prior = null)
        : this(options, new Policy(), prior)
    {
    }

    /// <summary>Goes on from a policy.</summary>
    public PolicyLearner(LearningOptions options, Policy policy, Prior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        _options = options;
        _rate = LearningRate.Default with { Rule = options.Rule, Step = options.StepLength };
        _layers = LayerRates.From(policy, options.LayerHalfLife);
        _cohorts = CohortCounts.From(policy);
        _prior = prior ?? Prior.Shipped;
        _ranking = policy.Weights.Count == 0
            ? null
            : ListwiseLearner.From(policy, _rate, PriorFor(policy.Schema, policy.Weights.Count));
        _schema = policy.Schema;
        _version = policy.Version;
        _candidateLists = policy.CandidateLists;
    }

    /// <summary>
    /// A learner that goes on from a policy; false with the reason when the policy's parts do not fit each other.
    /// </summary>
    public static bool TryMake(
        LearningOptions options,
        Policy policy,
        [NotNullWhen(true)] out PolicyLearner? learner,
        [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (learner, reason) = (null, null);
        if (policy.Weights.Count > 0 && policy.ContextWeights.Count is 0 or > Contexts.Count)
        {
            reason = $"the policy has {policy.ContextWeights.Count} contexts where there are {Contexts.Count}";
            return false;
        }

        try
        {
            learner = new PolicyLearner(options, policy);
            return true;
        }
        catch (ArgumentException fault)
        {
            reason = fault.Message;
            return false;
        }
    }

    /// <summary>Rank that the model gave the last example's positive before it learned it, 0 the best; −1 when there was none.</summary>
    public int LastRank { get; private set; } = -1;

    /// <summary>Learns from one example and says what became of it. A refused one has changed nothing.</summary>
    public Learned Learn(TrainingExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        LastRank = -1;
        if (!TryRead(example, out var candidates))
        {
            return Learned.Refused;
        }

        _layers.Absorb(example.Outcomes, example.TimeUnixMs);
        if (example.Origin == TrainingExample.Types.Origin.Shadow)
        {
            _cohorts.Count(example);
        }

        if (candidates == 0)
        {
            return Learned.OutcomesOnly;
        }

        if (_ranking is not null && example.Schema < _schema)
        {
            return Learned.OldSchema;
        }

        var features = _rows.Length / candidates;
        var fresh = _ranking is null || example.Schema > _schema;
        if (fresh)
        {
            Begin(example.Schema, features);
        }

        var shadow = example.Origin == TrainingExample.Types.Origin.Shadow;
        _candidateLists += shadow ? 1u : 0u;
        LastRank = _ranking!.Learn(
            _rows,
            example.Positive,
            (int)example.Context,
            example.Weight == 0 ? 1 : example.Weight,
            standardise: shadow || _candidateLists == 0,
            offsets: [.. example.Offsets]);
        return fresh ? Learned.NewSchema : Learned.Done;
    }

    /// <summary>Version of the last policy published.</summary>
    public ulong Version => _version;

    /// <summary>Feature schema that is learned; 0: none yet.</summary>
    public uint Schema => _schema;

    /// <summary>The model as of now; null before the first list.</summary>
    public LinearModel? Snapshot() => _ranking?.Snapshot();

    /// <summary>Writes the next version of the policy.</summary>
    public Policy Publish()
    {
        var policy = new Policy
        {
            Name = _options.PolicyName,
            Version = ++_version,
            Schema = _schema,
            CandidateLists = _candidateLists,
        };
        _ranking?.WriteTo(policy);
        _layers.WriteTo(policy);
        _cohorts.WriteTo(policy);
        return policy;
    }

    private void Begin(uint schema, int features)
    {
        _ranking = new ListwiseLearner(features, Contexts.Count, _rate, PriorFor(schema, features));
        _schema = schema;
        _candidateLists = 0;
    }

    // A prior of another schema says nothing of these features.
    private Prior? PriorFor(uint schema, int features) => _prior.Schema == schema && _prior.Features == features ? _prior : null;

    private bool TryRead(TrainingExample example, out int candidates)
    {
        candidates = 0;
        if (example.Origin == TrainingExample.Types.Origin.Unspecified
            || example.Context >= Contexts.Count
            || !(example.Weight >= 0)
            || float.IsInfinity(example.Weight))
        {
            return false;
        }

        if (example.Candidates == 0)
        {
            return example.Features.IsEmpty && example.Positive < 0;
        }

        var values = example.Features.Length / 2;
        if (example.Candidates > values
            || values % example.Candidates != 0
            || example.Positive >= (int)example.Candidates
            || example.Positive < -1
            || (example.Offsets.Count > 0 && example.Offsets.Count != example.Candidates)
            || example.Offsets.Any(offset => !float.IsFinite(offset)))
        {
            return false;
        }

        if (_ranking is not null && example.Schema == _schema && values / example.Candidates != _ranking.Features)
        {
            return false;
        }

        candidates = (int)example.Candidates;
        if (_rows.Length != values)
        {
            _rows = new float[values];
        }

        return FeatureBytes.TryDecode(example.Features.Span, _rows);
    }
}

public enum Learned
{
    /// <summary>It moved the policy.</summary>
    Done,

    /// <summary>It moved the policy and began a new schema.</summary>
    NewSchema,

    /// <summary>It carried layer outcomes and no list.</summary>
    OutcomesOnly,

    /// <summary>Its schema is older than the policy's: only its layer outcomes counted.</summary>
    OldSchema,

    /// <summary>It contradicts itself or the schema and can never be learned.</summary>
    Refused,
}
