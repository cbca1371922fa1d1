using Confluent.Kafka;
using Strata.Contracts;

namespace Strata.Streaming.Inspection;

/// <summary>What a reading of dead letters brought.</summary>
internal sealed class LetterNews
{
    /// <summary>Letters, in the order in which they lie in their partitions.</summary>
    public List<StoredLetter> Letters { get; } = [];

    /// <summary>What was done about which letter, by its topic of dead letters, partition and offset.</summary>
    public Dictionary<(string Topic, int Partition, long Offset), string> Settled { get; } = [];

    /// <summary>Where each partition ended.</summary>
    public Dictionary<TopicPartition, long> Next { get; } = [];

    /// <summary>The letters with what was done about them, in the order in which they were set aside.</summary>
    public IReadOnlyList<StoredLetter> Marked() => [.. Letters.Select(Mark).OrderBy(letter => letter.Time)];

    /// <summary>A letter with what was done about it since.</summary>
    public StoredLetter Mark(StoredLetter letter)
        => letter with
        {
            Settled = Settled.GetValueOrDefault((Topics.DeadLettersOf(letter.Letter.Topic), letter.Partition, letter.Offset))
                ?? letter.Settled,
        };
}
