using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.Users.V1;
using Strata.Optimizer.Outcomes.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Tables;

namespace Strata.Optimizer.Outcomes;

/// <summary>
/// Joins the impressions of one partition with the events of the same users, counts per user and layer, and sends what is to be learned.
/// <para>Exactly once: an example leaves in the transaction that commits its impression's offset. The counts are written before that,
/// behind a fence on the impressions log, so that a crash in between counts nothing twice. Impressions are committed up to the oldest
/// unresolved one and events up to the oldest that one may still claim; a restart reads both again. What is resolved again is judged by the
/// events that are in the log by then: one that was too late the first time may be in time the second.</para>
/// <para>The store keeps both positions too. One that comes back older than the committed offsets is brought up to date by reading again;
/// examples of impressions that were committed before are not sent again.</para>
/// </summary>
internal sealed class OutcomeHandler(
    PartitionContext context,
    OutcomesOptions options,
    IStateStore store,
    ForgottenMarks marks,
    IPartitionReader reader,
    TimeProvider clock,
    OutcomesMetrics metrics,
    ILogger<OutcomeHandler> logger) : IPartitionHandler
{
    // Each may ask for a record of the log: what is left waits for the next time.
    private const int LateAtOnce = 64;

    private readonly ImpressionJoin _join = new(options);
    private readonly UserPolicyStore _policies = new(store, marks, reader, options, context.Partition);
    private readonly RefusedRecords _refused = new();
    private readonly Dictionary<string, Forgotten> _forgotten = new(StringComparer.Ordinal);
    private readonly long _emitFrom = context.Committed.GetValueOrDefault(Topics.Impressions);
    private readonly long _emitLateFrom = context.Committed.GetValueOrDefault(Topics.Events);
    private readonly long _began = clock.GetTimestamp();
    private long _nextImpression;
    private long _nextEvent;
    private long _committedImpression;
    private long _committedEvent;
    private long _early;
    private long _letGo;

    // By a clock that nobody sets: what arrived while the wall clock was hours ahead would be waited for until it is there again.
    private long NowMs => (long)clock.GetElapsedTime(_began).TotalMilliseconds;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        var positions = await store.ReadPositionsAsync([PositionKey(Topics.Impressions), PositionKey(Topics.Events)], cancellationToken);
        var start = new Dictionary<string, long>
        {
            [Topics.Impressions] = PositionIn(positions[0], Topics.Impressions),
            [Topics.Events] = PositionIn(positions[1], Topics.Events),
        };
        _committedImpression = _nextImpression = Math.Min(start[Topics.Impressions], _emitFrom);
        _committedEvent = _nextEvent = Math.Min(start[Topics.Events], context.Committed.GetValueOrDefault(Topics.Events));
        logger.Started(context.Partition, _nextImpression, _nextEvent, _emitFrom);
        return start;
    }

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        var now = NowMs;
        foreach (var record in batch)
        {
            if (record.Topic == Topics.Impressions)
            {
                TakeImpression(record, now);
            }
            else
            {
                TakeEvent(record, now);
            }
        }

        await SettleAsync(output, cancellationToken);
        await _policies.LetGoAsync(output.Committed(Topics.Impressions), cancellationToken);
    }

    public async ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        await store.CheckPositionsAsync([PositionKey(Topics.Impressions), PositionKey(Topics.Events)], cancellationToken);
        await SettleAsync(output, cancellationToken);
        await _policies.LetGoAsync(output.Committed(Topics.Impressions), cancellationToken);
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken) => SettleAsync(output, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void TakeImpression(StreamRecord record, long nowMs)
    {
        _nextImpression = record.Offset + 1;
        if (!record.TryParse(Impression.Parser, out var impression, out var reason)
            || !OpenImpression.TryMake(impression, record.Key, record.Offset, nowMs, out var open, out reason))
        {
            _refused.Add(record, reason);
            metrics.Refused();
            return;
        }

        metrics.Admitted(_join.Add(open));
    }

    private void TakeEvent(StreamRecord record, long nowMs)
    {
        _nextEvent = record.Offset + 1;
        if (!record.TryParse(UserEvent.Parser, out var act, out _))
        {
            // The Featurizer dead-letters what is no event; once is enough.
            metrics.Unreadable();
            return;
        }

        var time = (act.EventTime?.ToDateTimeOffset() ?? record.Timestamp).ToUnixTimeMilliseconds();
        if (act.Kind == EventKind.Forget)
        {
            _join.Forget(act.UserId);
            _forgotten[act.UserId] = new Forgotten
            {
                EventTimeUnixMs = time,
                AskedUnixMs = act.ReceivedTime?.ToDateTimeOffset().ToUnixTimeMilliseconds() ?? time,
            };
            return;
        }

        if (!act.AggregateOnly && act.Kind is not (EventKind.HandOver or EventKind.TakeOver))
        {
            _join.Add(act, record.Offset, time, nowMs);
        }
    }

    private async ValueTask SettleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        var resolved = _join.Resolve(NowMs);
        var nextImpression = _join.OldestImpression ?? _nextImpression;
        var nextEvent = _join.OldestEvent ?? _nextEvent;
        var late = _join.Late.TakeBelow(nextEvent, LateAtOnce);
        nextEvent = Math.Min(nextEvent, _join.Late.Oldest ?? nextEvent);
        Observe(resolved);
        if (resolved.Count + late.Count + _forgotten.Count == 0
            && nextImpression == _committedImpression
            && nextEvent == _committedEvent)
        {
            return;
        }

        var counted = await _policies.CountAsync(
            resolved,
            late,
            _forgotten,
            context.Logs,
            _emitFrom,
            [
                KeyValuePair.Create(PositionKey(Topics.Impressions), new Fence(context.Logs[Topics.Impressions], nextImpression)),
                KeyValuePair.Create(PositionKey(Topics.Events), new Fence(context.Logs[Topics.Events], nextEvent)),
            ],
            cancellationToken);
        _forgotten.Clear();
        Send(counted, output);
        metrics.Late(counted.Late.Count, late.Count - counted.Late.Count);
        foreach (var handed in counted.HandedOver)
        {
            output.Send(Topics.Impressions, handed.UserId, handed, clock.GetUtcNow());
        }

        _refused.Release(nextImpression, output);

        // Impressions first: an event that is committed while its impression is not would be lost to it after a crash.
        output.Commit(Topics.Impressions, nextImpression);
        output.Commit(Topics.Events, nextEvent);
        (_committedImpression, _committedEvent) = (nextImpression, nextEvent);
    }

    private void Send(CountedOutcomes counted, PartitionOutput output)
    {
        // The record's time is the clock's: the topic keeps a day, and what is caught up on may be older.
        var now = clock.GetUtcNow();
        var examples = counted.Outcomes.Where(outcome => outcome.Impression.Offset >= _emitFrom)
            .SelectMany(outcome => OutcomeExamples.Of(outcome, options.MaxWeight))
            .Concat(counted.Late.Where(late => late.EventOffset >= _emitLateFrom)
                .Select(late => OutcomeExamples.Of(late, options.MaxWeight)));
        foreach (var example in examples)
        {
            output.Send(Topics.Training, null, example, now, partition: 0);
        }
    }

    private void Observe(IReadOnlyList<ResolvedImpression> resolved)
    {
        foreach (var outcome in resolved.Where(outcome => outcome.Impression.HandOver is null))
        {
            metrics.Resolved(outcome);
        }

        if (_join.Early > _early)
        {
            metrics.Early(_join.Early - _early);
            logger.ResolvedEarly(_join.Early - _early, context.Partition);
            _early = _join.Early;
        }

        metrics.Late(0, _join.Late.LetGo - _letGo);
        _letGo = _join.Late.LetGo;
    }

    private string PositionKey(string topic) => Keys.Position(context.Group, topic, context.Partition);

    private long PositionIn(Fence position, string topic) => position.Log == context.Logs[topic] ? position.Next : 0;
}
