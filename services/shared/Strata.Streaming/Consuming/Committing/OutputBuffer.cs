using Strata.Streaming.Records;

namespace Strata.Streaming.Consuming.Committing;

/// <summary>Messages and the positions that go with them.</summary>
internal sealed class OutputBuffer
{
    public List<OutgoingMessage> Messages { get; } = [];

    public Dictionary<string, long> Positions { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => Messages.Count == 0 && Positions.Count == 0;

    public void Clear()
    {
        Messages.Clear();
        Positions.Clear();
    }

    public void MoveTo(OutputBuffer other)
    {
        other.Messages.AddRange(Messages);
        foreach (var (topic, next) in Positions)
        {
            other.Positions[topic] = next;
        }

        Clear();
    }
}
