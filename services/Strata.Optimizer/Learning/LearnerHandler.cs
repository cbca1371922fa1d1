using Strata.Contracts;
using Strata.Contracts.Policy.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Optimizer.Learning.Core;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Optimizer.Learning;

/// <summary>
/// Learns from strata.training.v1. Partition 0 carries all examples, so whoever the group gives it to is the only learner.
/// <para>Exactly once: an offset is committed only together with the policy that contains what was learned up to it, and the policy itself
/// says how far it has read; a new owner restores it and skips what it holds. What was learned and not yet published is learned
/// again.</para>
/// </summary>
internal sealed class LearnerHandler(
    PartitionContext context,
    LearningOptions options,
    IPartitionReader reader,
    TimeProvider clock,
    LearningMetrics metrics,
    ILogger<LearnerHandler> logger) : IPartitionHandler
{
    private const int LearningPartition = 0;

    private readonly PublicationGate _gate = new(options);
    private readonly KeptVersions _kept = new(options);
    private PolicyLearner _learner = new(options);
    private long _next;
    private int _unpublished;
    private int _untried;
    private long _publishedAt;

    // Position behind the last policy published, with which dead letters may leave while what was learned is held back.
    private long _published;
    private bool _letters;
    private Policy? _last;
    private long? _heldSince;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        _publishedAt = clock.GetTimestamp();
        _published = context.Committed.GetValueOrDefault(Topics.Training);
        if (context.Partition != LearningPartition)
        {
            return new Dictionary<string, long>();
        }

        (_learner, var policy) = await PublishedPolicies.ReadAsync(reader, options, _kept, cancellationToken);
        if (policy is null)
        {
            logger.Empty(options.PolicyName);
            return new Dictionary<string, long>();
        }

        if (policy.TrainingLog != context.Logs[Topics.Training])
        {
            logger.OtherLog(policy.Version);
            return new Dictionary<string, long>();
        }

        // What lies before it is learned already and read for the window alone.
        (_next, _last) = (policy.TrainingNext, policy);
        _gate.Published(_learner.Schema, _learner.Snapshot());
        logger.Restored(policy.Version, policy.Schema, policy.Steps, _next);
        return new Dictionary<string, long> { [Topics.Training] = Math.Max(0, _next - options.WindowExamples) };
    }

    public ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        foreach (var record in batch)
        {
            if (context.Partition != LearningPartition)
            {
                output.DeadLetter(record, $"training examples belong to partition {LearningPartition}");
                output.Commit(record.Topic, record.Offset + 1);
            }
            else if (record.Offset >= _next && record.Key == Keys.PolicyCommand)
            {
                _next = record.Offset + 1;
                _unpublished++;
                Obey(record, output);
            }
            else if (record.Offset >= _next)
            {
                Learn(record, output);
                _next = record.Offset + 1;
                _unpublished++;
                _untried++;
                PublishIfDue(output);
            }
            else if (record.Key is null && record.TryParse(TrainingExample.Parser, out var known, out _))
            {
                _gate.Observe(record.Offset, known);
            }
        }

        PublishIfDue(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        PublishIfDue(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        if (_unpublished > 0)
        {
            TryPublish(output);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Learn(StreamRecord record, PartitionOutput output)
    {
        if (!record.TryParse(TrainingExample.Parser, out var example, out var reason))
        {
            Refuse(record, reason, output);
            return;
        }

        _gate.Observe(record.Offset, example);
        var learned = _learner.Learn(example);
        metrics.Example(example.Origin, learned);
        if (learned == Learned.Refused)
        {
            Refuse(record, "the example contradicts itself or its schema", output);
            return;
        }

        if (learned == Learned.NewSchema)
        {
            logger.NewSchema(example.Schema);
        }

        if (example.Origin == TrainingExample.Types.Origin.Shadow && learned != Learned.OldSchema)
        {
            metrics.Test(_learner.LastRank);
        }
    }

    private void Refuse(StreamRecord record, string reason, PartitionOutput output)
    {
        output.DeadLetter(record, reason);
        _letters = true;
    }

    // Learning goes on from the version asked for; what was learned since is given up. Nothing holds it back: somebody wants it.
    private void Obey(StreamRecord record, PartitionOutput output)
    {
        if (!record.TryParse(PolicyCommand.Parser, out var command, out var reason))
        {
            Refuse(record, reason, output);
            return;
        }

        var version = command.Rollback.Version;
        var kept = (_last?.Version == version ? _last : _kept.Find(version))?.Clone();
        if (kept is null || (_learner.Schema != 0 && kept.Schema != _learner.Schema))
        {
            logger.NotKept(version);
            return;
        }

        kept.Version = Math.Max(_learner.Version, kept.Version);
        if (!PolicyLearner.TryMake(options, kept, out var learner, out reason))
        {
            Refuse(record, reason, output);
            return;
        }

        _learner = learner;
        logger.RolledBack(version, _next);
        Publish(output, _gate.Judge(_learner.Schema, _learner.Snapshot()), command.Rollback);
    }

    private void PublishIfDue(PartitionOutput output)
    {
        if (_untried >= options.PublishExamples || (_unpublished > 0 && clock.GetElapsedTime(_publishedAt) >= options.PublishInterval))
        {
            TryPublish(output);
        }
    }

    // What is held back is committed no more than published: after a crash it is learned again from the last policy. The log keeps what
    // that takes for a day, and rates and cohorts wait with the weights: so it is not held back for good.
    private void TryPublish(PartitionOutput output)
    {
        (_untried, _publishedAt) = (0, clock.GetTimestamp());
        var judgement = _gate.Judge(_learner.Schema, _learner.Snapshot());
        metrics.Judged(judgement);
        if (!judgement.IsHeld)
        {
            Publish(output, judgement);
            return;
        }

        var since = _heldSince ??= clock.GetTimestamp();
        var (learned, published) = (judgement.Learned, judgement.Published);
        if (clock.GetElapsedTime(since) >= options.HoldBackAtMost)
        {
            logger.HeldLongEnough(options.HoldBackAtMost, learned.DoublyRobust, judgement.HalfWidth, published.DoublyRobust);
            Publish(output, judgement);
            return;
        }

        logger.HeldBack(learned.DoublyRobust, judgement.HalfWidth, published.DoublyRobust, learned.Slates);
        if (_letters)
        {
            _letters = false;
            output.Commit(Topics.Training, _published);
        }
    }

    private void Publish(PartitionOutput output, Judgement judgement, PolicyCommand.Types.Rollback? rollback = null)
    {
        var policy = _learner.Publish();
        policy.PublishedUnixMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        (policy.RestoredVersion, policy.RollbackId) = (rollback?.Version ?? 0, rollback?.RequestId ?? "");
        policy.TrainingLog = context.Logs[Topics.Training];
        policy.TrainingNext = _next;
        policy.Estimate = judgement.ToMessage();
        output.Send(Topics.Policy, options.PolicyName, policy, clock.GetUtcNow(), partition: 0);
        if (_kept.PlaceFor(policy) is { } place)
        {
            _kept.Take(place, policy);
            output.Send(Topics.Policy, Keys.KeptPolicy(options.PolicyName, place), policy, clock.GetUtcNow(), partition: 0);
        }

        output.Commit(Topics.Training, _next);
        _gate.Published(_learner.Schema, _learner.Snapshot());
        metrics.Policy();
        (_unpublished, _untried, _publishedAt) = (0, 0, clock.GetTimestamp());
        (_published, _last, _letters, _heldSince) = (_next, policy, false, null);
    }
}
