namespace Strata.Streaming.Topology;

/// <summary>How long what is deleted still lies in a topic, by the topic's own settings.</summary>
public interface ITopicAges
{
    /// <summary>
    /// Time after which a record written now is gone: from a topic that is deleted by age; from a compacted one, once a tombstone follows
    /// it, with that tombstone. Null: the topic's settings give no bound. Counts on a topic that goes on being written, since the broker
    /// closes a segment at a write.
    /// </summary>
    ValueTask<TimeSpan?> LongestAsync(string topic, CancellationToken cancellationToken);
}
