using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Strata.Streaming.Consuming;

/// <summary>
/// How records are consumed. Section <c>Streaming:Consuming</c> holds for all consumers, <c>Streaming:Consumers:{group}</c> overrides it
/// for one.
/// </summary>
public sealed class StreamConsumerOptions
{
    /// <summary>Section for all consumers.</summary>
    public const string SectionName = "Streaming:Consuming";

    /// <summary>Records a handler gets at most in one batch.</summary>
    /// <value>500.</value>
    [Range(1, 100_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>Bytes of values a handler gets at most in one batch; a single larger record still is a batch.</summary>
    /// <value>4 MiB.</value>
    [Range(1, 1L << 30)]
    public long BatchBytes { get; set; } = 4 << 20;

    /// <summary>Records that may wait in front of a handler; when they do, its partition is paused until half of them are left.</summary>
    /// <value>5,000.</value>
    [Range(1, 1_000_000)]
    public int PumpCapacity { get; set; } = 5_000;

    /// <summary>Bytes of values that may wait in front of a handler.</summary>
    /// <value>16 MiB.</value>
    [Range(1, 1L << 31)]
    public long PumpBytes { get; set; } = 16 << 20;

    /// <summary>Messages a partition may have sent that are not committed yet; beyond it the next batch waits.</summary>
    /// <value>20,000.</value>
    [Range(1, 10_000_000)]
    public int PendingMessages { get; set; } = 20_000;

    /// <summary>
    /// How long a partition is quiet before its handler's <see cref="IPartitionHandler.IdleAsync"/> is called; doubled from one such call
    /// to the next up to four times as long, so that a quiet system sleeps.
    /// </summary>
    /// <value>250 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan IdleInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Time between the starts of two transactions whose output somebody waits for. The first one after a quiet time starts at once.
    /// </summary>
    /// <value>200 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time between two commits that nobody waits for: of positions, and of output that is not <see cref="Awaited"/>.</summary>
    /// <value>1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan PositionInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether somebody waits for what this consumer sends. What sums up or trains says false: each transaction costs the broker a mark in
    /// every partition that it touches, however little it carries.
    /// </summary>
    /// <value>True; false for item activity, the layers' deltas, shadow slates, outcomes and the learner.</value>
    public bool Awaited { get; set; } = true;

    /// <summary>
    /// Bytes for which the broker holds a fetch, half a second at most. With 1 each record comes by itself and at once, which costs a fetch
    /// each while records are few.
    /// </summary>
    /// <value>1; 65,536 for item activity, shadow slates, outcomes and the learner, whose effect nobody waits for.</value>
    [Range(1, 1 << 24)]
    public int MinFetchBytes { get; set; } = 1;

    /// <summary>Time for finishing the batch in hand, draining and committing when partitions are revoked or the host stops.</summary>
    /// <value>10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan DrainBudget { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a consumer may stand still while the broker answers and there is something to do (records that don't come, a commit that
    /// doesn't end) before its Kafka clients are abandoned for new ones, which go on from the committed positions. After a broker that hung
    /// a client may never come back. What other members of the group may hold up gets 35 seconds more.
    /// </summary>
    /// <value>10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the host stops when this consumer can't go on. One that only trains or measures says false: it is started again for ever,
    /// and what the host serves goes on.
    /// </summary>
    /// <value>True; false for Ranking's shadow consumer.</value>
    public bool Essential { get; set; } = true;

    /// <summary>
    /// Failures in a row, without a commit between them, after which the host stops. What passes by itself does not count: a broker or a
    /// store that is away is waited for as long as it takes, asked every 5 seconds at the latest.
    /// </summary>
    /// <value>8.</value>
    [Range(1, 1_000)]
    public int FailureBudget { get; set; } = 8;

    /// <summary>Wait before the first restart of a failed partition; doubled with every further failure, with jitter.</summary>
    /// <value>500 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before a restart.</summary>
    /// <value>30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan MaxRestartDelay { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class StreamConsumerOptionsValidator : IValidateOptions<StreamConsumerOptions>;
