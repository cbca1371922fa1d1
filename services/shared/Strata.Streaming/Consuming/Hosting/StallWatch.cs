using Confluent.Kafka;
using Strata.Streaming.Consuming.Committing;
using Strata.Streaming.Consuming.Polling;
using Strata.Streaming.Topology;

namespace Strata.Streaming.Consuming.Hosting;

/// <summary>
/// Watches the clients of one session: says when they stand still though the broker answers. Time in which it does not answer counts for
/// nothing: a broker that is away is waited for.
/// </summary>
internal sealed class StallWatch(ConsumerEnvironment environment, LogEnds ends, PollLoop poll, CommitLoop commit)
{
    /// <summary>
    /// What others may hold up on top: the drain of another member, the time after which a broker ends a transaction that a killed owner
    /// left open (20 seconds, looked at every 10).
    /// </summary>
    private static readonly TimeSpan Others = TimeSpan.FromSeconds(35);

    private readonly Dictionary<TopicPartition, (long Reached, long Since)> _behind = [];
    private readonly TimeSpan _limit = environment.Options.StallLimit;
    private readonly AnswerPatience _patience = new(environment.Options.StallLimit);
    private long _answered = environment.Time.GetTimestamp();
    private long _asked = environment.Time.GetTimestamp();

    /// <summary>
    /// What stands still, as soon as something does for too long; null when <paramref name="over"/> ends first.
    /// </summary>
    /// <param name="over">Ends with the session.</param>
    /// <param name="progress">Called while there is proof that the clients work.</param>
    public async Task<string?> WatchAsync(Task over, Action progress)
    {
        var started = environment.Time.GetTimestamp();
        while (!over.IsCompleted)
        {
            await Task.WhenAny(over, Task.Delay(_limit / 10, environment.Time));
            var suspicion = Suspicion();
            var calm = suspicion is null && _behind.Count == 0;
            if (over.IsCompleted)
            {
                break;
            }

            if (suspicion is not null || environment.Time.GetElapsedTime(_asked) >= _limit / 3)
            {
                var behind = await BehindAsync();
                if ((Suspicion() ?? behind) is { } stall)
                {
                    return stall;
                }
            }
            else if (commit.Committed || (calm && environment.Time.GetElapsedTime(started) > 3 * _limit))
            {
                progress();
            }
        }

        return null;
    }

    private string? Suspicion()
        => Over(commit.Since, _limit) ? "a commit does not end"
            : Over(poll.Polled, _limit) ? "the client does not come back from a poll"
            : Over(poll.Outside, _limit + Others) ? "it does not become a member of its group"
            : Over(poll.Asking, _limit + Others) ? "the group's positions are not answered"
            : null;

    // Only time in which the broker answered counts.
    private bool Over(long? since, TimeSpan limit)
        => since is { } start && environment.Time.GetElapsedTime(Math.Max(start, _answered)) > limit;

    private async Task<string?> BehindAsync()
    {
        var reached = poll.Reached;
        IReadOnlyList<TopicPartition> asked = reached.Count > 0 ? [.. reached.Keys] : poll.Any;
        _asked = environment.Time.GetTimestamp();
        if (await ends.StableOrNoneAsync(asked, _patience.Now) is not { } stable)
        {
            _patience.Unanswered();
            _answered = environment.Time.GetTimestamp();
            _behind.Clear();
            return null;
        }

        _patience.Answered();
        if (poll.Polled is null)
        {
            _behind.Clear(); // while partitions are drained nothing is read
            return null;
        }

        foreach (var partition in _behind.Keys.Except(reached.Keys).ToList())
        {
            _behind.Remove(partition);
        }

        foreach (var (partition, offset) in reached)
        {
            if (stable.GetValueOrDefault(partition) <= offset)
            {
                _behind.Remove(partition);
            }
            else if (!_behind.TryGetValue(partition, out var before) || before.Reached != offset)
            {
                _behind[partition] = (offset, _asked);
            }
            else if (Over(before.Since, _limit))
            {
                return $"records of {partition.Topic} partition {partition.Partition.Value} do not come";
            }
        }

        return null;
    }
}
