using Strata.Contracts.DeadLetters.V1;

namespace Strata.Streaming.Inspection;

/// <summary>A dead letter where it lies.</summary>
/// <param name="Partition">Partition of the topic of dead letters.</param>
/// <param name="Offset">Offset in it.</param>
/// <param name="Time">When it was set aside.</param>
/// <param name="Settled">What was done about it: "resent", "discarded"; null: nothing yet.</param>
/// <param name="Letter">The letter.</param>
public sealed record StoredLetter(int Partition, long Offset, DateTimeOffset Time, string? Settled, DeadLetter Letter)
{
    /// <summary>What it is called: source topic, partition and offset among its dead letters.</summary>
    public string Id => $"{Letter.Topic}/{Partition}/{Offset}";
}
