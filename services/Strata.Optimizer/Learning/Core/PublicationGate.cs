using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Estimates;
using Strata.RankingModel;

namespace Strata.Optimizer.Learning.Core;

/// <summary>
/// Whether what was learned may be published: not while its estimate on the newest slates lies below that of the last one published by
/// more than the interval of the difference. The window is a range of offsets of the training log, so a restart that reads the range again
/// judges alike.
/// </summary>
internal sealed class PublicationGate(LearningOptions options)
{
    // Two models that put what was clicked alike differ by this much at most, whichever way.
    private const double Rounding = 1e-9;

    private readonly Queue<(long Offset, LoggedSlate Slate)> _window = new();
    private (uint Schema, LinearModel Model)? _published;

    /// <summary>Takes an example's slate into the window.</summary>
    public void Observe(long offset, TrainingExample example)
    {
        while (_window.TryPeek(out var oldest) && oldest.Offset <= offset - options.WindowExamples)
        {
            _window.Dequeue();
        }

        if (example.Origin == TrainingExample.Types.Origin.Impression && LoggedSlate.TryRead(example, out var slate))
        {
            _window.Enqueue((offset, slate));
        }
    }

    /// <summary>This is what is in force now; null: nothing that could be compared.</summary>
    public void Published(uint schema, LinearModel? model) => _published = model is null ? null : (schema, model);

    /// <summary>Compares what was learned with what is in force.</summary>
    public Judgement Judge(uint schema, LinearModel? model)
    {
        if (model is null)
        {
            return Judgement.None;
        }

        var learned = Estimate(schema, model);
        if (_published is not { } last || last.Schema != schema || last.Model.Features != model.Features)
        {
            return new Judgement(learned, default, 0, IsHeld: false);
        }

        var before = Estimate(last.Schema, last.Model);
        var (more, halfWidth) = OffPolicyEstimator.Difference(_window.Select(entry => entry.Slate), schema, model, last.Model);
        var held = options.HoldBack && learned.Clicked >= options.HoldBackSlates && more + halfWidth < -Rounding * before.DoublyRobust;
        return new Judgement(learned, before, halfWidth, held);
    }

    private OffPolicyEstimate Estimate(uint schema, LinearModel model)
        => OffPolicyEstimator.Of(_window.Select(entry => entry.Slate), schema, model);
}

/// <summary>What comparing came to.</summary>
/// <param name="Learned">Estimate of what was learned.</param>
/// <param name="Published">Estimate of what is in force, on the same slates; nothing where there is nothing to compare.</param>
/// <param name="HalfWidth">Half of the 95 % interval of the difference between the two.</param>
/// <param name="IsHeld">It may not be published.</param>
internal sealed record Judgement(OffPolicyEstimate Learned, OffPolicyEstimate Published, double HalfWidth, bool IsHeld)
{
    /// <summary>There was nothing to compare.</summary>
    public static Judgement None { get; } = new(default, default, 0, IsHeld: false);

    /// <summary>The estimate as a policy carries it; null where no slate was looked at.</summary>
    public Policy.Types.Estimate? ToMessage() => Learned.Slates == 0
        ? null
        : new Policy.Types.Estimate
        {
            Slates = (uint)Learned.Slates,
            Ips = Learned.Ips,
            Snips = Learned.Snips,
            DoublyRobust = Learned.DoublyRobust,
            HalfWidth = Learned.HalfWidth,
            EffectiveSlates = Learned.EffectiveSlates,
        };
}
