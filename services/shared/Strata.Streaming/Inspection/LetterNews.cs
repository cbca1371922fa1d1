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
    public IReadOnlyList<StoredLetter> Marked()
        =>
        [
            .. Letters.Select(letter => letter with { Settled = Settled.GetValueOrDefault(PlaceOf(letter)) ?? letter.Settled })
                .OrderBy(letter => letter.Time),
        ];

    /// <summary>Where a letter lies.</summary>
    public static (string Topic, int Partition, long Offset) PlaceOf(StoredLetter letter)
        => (Topics.DeadLettersOf(letter.Letter.Topic), letter.Partition, letter.Offset);
}
