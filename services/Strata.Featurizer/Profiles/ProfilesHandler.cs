using Microsoft.Extensions.Options;
using Strata.Contracts;
using Strata.Featurizer.Activity.Core;
using Strata.Featurizer.Profiles.Core;
using Strata.ServiceDefaults.Forgetting;
using Strata.ServiceDefaults.State;
using Strata.Streaming.Consuming;
using Strata.Streaming.Records;
using Strata.Streaming.Topology;

namespace Strata.Featurizer.Profiles;

/// <summary>
/// Folds one partition of events and users into profiles. The order is what makes every event count once: profiles (fenced), then the
/// store's positions, then in one transaction interest points, activity deltas and the group's offsets.
/// </summary>
internal sealed class ProfilesHandler(
    PartitionContext context,
    IStateStore store,
    ForgottenMarks marks,
    ITopics topics,
    SubjectSource subjects,
    TimeProvider time,
    IOptions<ProfilesOptions> options,
    IOptions<ActivityOptions> activityOptions,
    ProfilesMetrics metrics)
    : IPartitionHandler
{
    private static readonly string[] Followed = [Topics.Events, Topics.Users];

    private readonly ProfileStore _profiles = new(store, marks, options.Value.CachedProfiles);
    private readonly Dictionary<string, long> _stored = [];
    private readonly Dictionary<string, long> _next = [];
    private readonly HashSet<StoredProfile> _touched = [];
    private readonly HandedOverProfiles _handedOver = new();
    private long _sent;
    private ActivityAccumulator _activity = null!;
    private ProfileFold _fold = null!;
    private ProfileMoves _moves = null!;

    public async ValueTask<IReadOnlyDictionary<string, long>> StartAsync(CancellationToken cancellationToken)
    {
        var partitions = await topics.PartitionsAsync(Topics.ActivityDeltas, cancellationToken);
        _activity = new ActivityAccumulator(
            activityOptions.Value, context.Partition, context.Logs[Topics.Events], Committed(Topics.Events), partitions);
        _fold = new ProfileFold(
            new ProfileStep(options.Value),
            options.Value.Weights,
            new UserInfluence(options.Value),
            _activity,
            _moves = new ProfileMoves(new ProfileMerge(options.Value), context.Logs[Topics.Events], Committed(Topics.Events)),
            context.Logs[Topics.Events],
            context.Logs[Topics.Users],
            Committed(Topics.Events));
        var positions = await store.ReadPositionsAsync([.. Followed.Select(PositionKey)], cancellationToken);
        for (var i = 0; i < Followed.Length; i++)
        {
            _stored[Followed[i]] = positions[i].Log == context.Logs[Followed[i]] ? positions[i].Next : 0;
        }

        return _stored.ToDictionary();
    }

    public async ValueTask HandleAsync(IReadOnlyList<StreamRecord> batch, PartitionOutput output, CancellationToken cancellationToken)
    {
        var records = new ProfileRecord?[batch.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = Read(batch[i], output);
        }

        string[] users = [.. records.OfType<ProfileRecord>().Select(record => record.UserId).Distinct(StringComparer.Ordinal)];
        var toForget = records.OfType<ProfileRecord>().Where(record => record.Forgets).Select(record => record.UserId)
            .ToHashSet(StringComparer.Ordinal);
        var profiles = await _profiles.LoadAsync(users, toForget, cancellationToken);
        var subjectOf = await subjects.FindAsync(
            [
                .. records.OfType<ProfileRecord>()
                    .Where(record => _fold.Needs(profiles[record.UserId], record))
                    .Select(record => record.Event!),
            ],
            cancellationToken);
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i] is { } record)
            {
                var profile = profiles[record.UserId];
                if (record.Event is null)
                {
                    _fold.Absorb(profile, record);
                }
                else
                {
                    if (_fold.Forgets(profile, record))
                    {
                        // What the acts of before add for everybody is sent while it can be sent again.
                        await CutAsync(output, cancellationToken);
                        await output.FlushAsync(cancellationToken);
                    }
                    else if (!profile.Events.Holds(context.Logs[Topics.Events], batch[i].Offset))
                    {
                        await BoundUndoLogAsync(profile, record.Moves ? 1 : options.Value.UndoLimit, output, cancellationToken);
                    }

                    metrics.Event(_fold.Absorb(profile, record, _fold.Needs(profile, record) ? subjectOf(record.Event) : Subject.Unknown));
                }

                _touched.Add(profile);
                _handedOver.Note(profile);
            }

            _next[batch[i].Topic] = batch[i].Offset + 1;
            if (_activity.Events >= options.Value.EventsPerDelta)
            {
                await CutAsync(output, cancellationToken);
            }
        }

        await SaveAsync(output, cancellationToken);
        await _handedOver.LetGoAsync(_profiles, Safe(output), cancellationToken);
        SendIfDue(output);
    }

    public async ValueTask IdleAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        SendIfDue(output);
        await store.CheckPositionsAsync([.. Followed.Select(PositionKey)], cancellationToken);
        await _handedOver.LetGoAsync(_profiles, Safe(output), cancellationToken);
    }

    public ValueTask DrainAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        Send(output);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ProfileRecord? Read(StreamRecord record, PartitionOutput output)
    {
        var read = ProfileRecord.Read(record, out var reason);
        if (read is null && record.Offset >= Committed(record.Topic))
        {
            output.DeadLetter(record, reason!);
        }

        return read;
    }

    /// <summary>A user with too many events whose output may not be safe waits for the commit, which bounds their undo log.</summary>
    private async ValueTask BoundUndoLogAsync(
        StoredProfile profile, int limit, PartitionOutput output, CancellationToken cancellationToken)
    {
        profile.Trim(Safe(output));
        if (profile.UndoLog.Count >= limit)
        {
            await CutAsync(output, cancellationToken);
            await output.FlushAsync(cancellationToken);
            profile.Trim(Safe(output));
        }
    }

    private async ValueTask CutAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        await SaveAsync(output, cancellationToken);
        Send(output);
    }

    /// <summary>Writes what the batch has touched, and how far the store holds the log.</summary>
    private async ValueTask SaveAsync(PartitionOutput output, CancellationToken cancellationToken)
    {
        if (_next.Count == 0)
        {
            return;
        }

        foreach (var profile in _touched)
        {
            profile.Trim(Safe(output));
        }

        // A second reading never takes a position back: the values hold what it reads again.
        foreach (var (topic, next) in _next)
        {
            _stored[topic] = Math.Max(_stored[topic], next);
        }

        await _profiles.SaveAsync(
            _touched,
            [.. _next.Keys.Select(topic => KeyValuePair.Create(PositionKey(topic), new Fence(context.Logs[topic], _stored[topic])))],
            cancellationToken);
        _touched.Clear();
    }

    private void SendIfDue(PartitionOutput output)
    {
        if (time.GetElapsedTime(_sent) >= options.Value.CutInterval)
        {
            Send(output);
        }
    }

    /// <summary>Sends what the profiles written so far lead to, and with it the group's positions.</summary>
    private void Send(PartitionOutput output)
    {
        if (_next.Count == 0)
        {
            return;
        }

        foreach (var point in _fold.TakePoints())
        {
            output.Send(Topics.InterestPoints, point.UserId, point, DateTimeOffset.FromUnixTimeMilliseconds(point.EventTimeUnixMs));
        }

        foreach (var (topic, user, value, at) in _moves.TakeSent())
        {
            output.Send(topic, user, value, DateTimeOffset.FromUnixTimeMilliseconds(at));
        }

        if (_next.TryGetValue(Topics.Events, out var to) && to > Committed(Topics.Events))
        {
            // Stamped with the clock and not with event time: the topic's retention must not take a delta of old events away before it is
            // read.
            foreach (var delta in _activity.Cut(to))
            {
                output.Send(Topics.ActivityDeltas, null, delta, time.GetUtcNow(), delta.ItemPartition);
            }
        }

        foreach (var (topic, next) in _next)
        {
            if (next > Committed(topic))
            {
                output.Commit(topic, next);
            }
        }

        _next.Clear();
        _sent = time.GetTimestamp();
    }

    private long Committed(string topic) => context.Committed.GetValueOrDefault(topic);

    private long Safe(PartitionOutput output) => Math.Max(Committed(Topics.Events), output.Committed(Topics.Events));

    private string PositionKey(string topic) => Keys.Position(context.Group, topic, context.Partition);
}
