using Strata.Contracts;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;
using Strata.Contracts.State.V1;
using Strata.Ranking.Shadow.Core;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;

namespace Strata.Ranking.Shadow;

/// <summary>
/// Makes training examples of organic positives: what would this user have been shown just before, and where did their choice stand? Only a
/// state that provably does not know the event is scored: no item partition's activity has absorbed it (checked before and after
/// scoring), and the profile is rolled back by offset. All else is dropped and counted; that is no loss of an event, because the examples
/// are a sample anyway. Examples leave in the transaction of their event's offset.
/// </summary>
internal sealed class ShadowHandler(
    PartitionContext context,
    ShadowOptions options,
    IStateStore store,
    IActivityWatermark watermark,
    IShadowRanker ranker,
    AdaptiveSampler sampler,
    TimeProvider clock,
    ShadowMetrics metrics) : IPartitionHandler
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    public ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyDictionary<string, long>>(new Dictionary<string, long>());

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        var picked = new List<Positive>();
        foreach (var record in batch)
        {
            // What is no event is dead-lettered by the Featurizer; once is enough.
            if (!record.TryParse(UserEvent.Parser, out var act, out _) || !ShadowExamples.IsOrganicPositive(act))
            {
                continue;
            }

            if (IsFarAhead(record.Offset))
            {
                await SendAsync(picked, output, cancellationToken);
                if (!await ComesNearAsync(record.Offset, cancellationToken))
                {
                    metrics.Count(ShadowResult.FarAhead);
                    continue;
                }
            }

            if (IsWanted(record.Offset))
            {
                picked.Add(new Positive(act, record.Offset, act.EventTime?.ToDateTimeOffset() ?? record.Timestamp));
            }
        }

        await SendAsync(picked, output, cancellationToken);
        output.Commit(Topics.Events, batch[^1].Offset + 1);
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsFarAhead(long offset) => offset - watermark.FirstOpen(context.Partition) > options.MaxAhead;

    private async ValueTask<bool> ComesNearAsync(long offset, CancellationToken cancellationToken)
    {
        for (var started = clock.GetTimestamp(); clock.GetElapsedTime(started) < options.MaxWait;)
        {
            await Task.Delay(LookAgain, clock, cancellationToken);
            if (!IsFarAhead(offset))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask SendAsync(List<Positive> picked, PartitionOutput output, CancellationToken cancellationToken)
    {
        if (picked.Count == 0)
        {
            return;
        }

        var users = picked.Select(positive => positive.Act.UserId);
        string[] keys = [.. users.SelectMany(user => new[] { Keys.Profile(user), Keys.UserLayers(user) })];
        var stored = await store.ReadAsync(keys, cancellationToken);
        for (var i = 0; i < picked.Count; i++)
        {
            var result = Make(picked[i], stored[2 * i], stored[(2 * i) + 1], out var example);
            metrics.Count(result);
            if (example is not null)
            {
                // The record's time is the clock's: the topic keeps a day, and events may be older.
                output.Send(Topics.Training, null, example, clock.GetUtcNow(), partition: 0);
            }
        }

        picked.Clear();
    }

    private bool IsWanted(long offset)
    {
        // First the watermark: when this consumer is behind, what it can't use must not spend the sample.
        if (watermark.HasAbsorbed(context.Partition, offset))
        {
            metrics.Count(ShadowResult.Absorbed);
            return false;
        }

        if (!sampler.Take())
        {
            metrics.Count(ShadowResult.NotSampled);
            return false;
        }

        return true;
    }

    private ShadowResult Make(
        Positive positive, ReadOnlyMemory<byte>? storedProfile, ReadOnlyMemory<byte>? storedLayers, out TrainingExample? example)
    {
        example = null;
        if (!StoredMessages.TryRead(storedProfile, Profile.Parser, out var held, out _)
            || !StoredMessages.TryRead(storedLayers, UserLayers.Parser, out var heldLayers, out _))
        {
            return ShadowResult.Unreadable;
        }

        var fence = held.Fence();
        if (fence.Log != 0 && fence.Log != context.Logs[Topics.Events])
        {
            return ShadowResult.OtherLog;
        }

        var profile = held.Message ?? new Profile();
        var time = positive.Time.ToUnixTimeMilliseconds();
        var (before, exact) = ProfileRollback.Before(profile, fence.Next, positive.Offset, time);
        if (!exact)
        {
            return ShadowResult.Inexact;
        }

        if (ShadowExamples.IsRepetition(before, positive.Act.EventId))
        {
            return ShadowResult.Repetition;
        }

        var had = before.Items.Any(item => item.ItemId == positive.Act.ItemId);
        if (had && !options.Repeats)
        {
            return ShadowResult.Repeat;
        }

        var list = ranker.Rank(before, LayersBefore(heldLayers.Message, time), positive.Time, allowRepeats: had);
        if (watermark.HasAbsorbed(context.Partition, positive.Offset))
        {
            return ShadowResult.Absorbed;
        }

        if (list.ItemIds.Count == 0)
        {
            return ShadowResult.NoCandidates;
        }

        example = ShadowExamples.Of(list, positive.Act.UserId, positive.Act.ItemId, positive.Time);
        return ShadowResult.Sent;
    }

    /// <summary>
    /// Weights on layers carry no offset of the event log; by time they either cannot hold the event yet, or they are unknown.
    /// </summary>
    private static UserLayers? LayersBefore(UserLayers? layers, long timeUnixMs) => layers?.AsOfUnixMs < timeUnixMs ? layers : null;

    private sealed record Positive(UserEvent Act, long Offset, DateTimeOffset Time);
}
