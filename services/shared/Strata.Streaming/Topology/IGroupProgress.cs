namespace Strata.Streaming.Topology;

/// <summary>How far other consumer groups are.</summary>
public interface IGroupProgress
{
    /// <summary>
    /// True when a group has committed every record that a topic holds; of a topic without records also when there is no such group. A
    /// broker that is away is waited for.
    /// </summary>
    ValueTask<bool> HasReadAllAsync(string group, string topic, CancellationToken cancellationToken);
}
