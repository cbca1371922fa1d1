using Confluent.Kafka;
using Google.Protobuf;
using Strata.Contracts;
using Strata.Testing.Poison;

namespace Strata.Chaos.Faults;

/// <summary>Records that no reader may take, made of a good message of each topic.</summary>
internal static class PoisonRecords
{
    /// <summary>Header of every record that the campaign puts on a topic past Ingestion.</summary>
    public const string Header = "strata-chaos";

    /// <summary>Larger values are the broker's to refuse.</summary>
    private const int MostBytes = 50_000;

    private const int OfEach = 3;

    /// <summary>Topic, key and good message: the keys are such as nobody's.</summary>
    private static IReadOnlyList<(string Topic, string? Key, IMessage Good)> Sources { get; } =
    [
        (Topics.Events, "poison-user", GoodMessages.Event()),
        (Topics.Items, "poison-item", GoodMessages.Item()),
        (Topics.Users, "poison-user", GoodMessages.User()),
        (Topics.Consents, "poison-user", GoodMessages.Consent()),
        (Topics.ItemFeatures, "poison-item", GoodMessages.Features(384)),
        (Topics.InterestPoints, "poison-user", GoodMessages.Point()),
        (Topics.ActivityDeltas, null, GoodMessages.Delta()),
        (Topics.ItemActivity, "poison-item", GoodMessages.Activity()),
        (Topics.LayerDeltas, null, GoodMessages.LayerDelta()),
        (Topics.LayerDeltas, Keys.LayerCommand, GoodMessages.LayerCommand()),
        (Topics.Layers, "layer:999999", GoodMessages.Layer()),
        (Topics.Layers, "set", GoodMessages.LayerSet()),
        (Topics.Layers, Keys.Segments, GoodMessages.Segments()),
        (Topics.Impressions, "poison-user", GoodMessages.Impression()),
        (Topics.Training, null, GoodMessages.Example()),
        (Topics.Training, Keys.PolicyCommand, GoodMessages.PolicyCommand()),
        (Topics.Policy, "linear", GoodMessages.Policy()),
    ];

    /// <summary>A few for every topic, other ones at each call.</summary>
    public static IReadOnlyList<(TopicPartition To, Message<byte[]?, byte[]?> Record)> Draw(Random random)
        =>
        [
            .. Sources.SelectMany(source =>
            {
                var refused = Absurdities.Of(source.Good).Where(one => one.IsRefused && one.Bytes.Length <= MostBytes).ToArray();
                var partitions = Topics.All.Single(topic => topic.Name == source.Topic).Partitions;
                return random.GetItems(refused, OfEach).Select(absurdity => (
                    new TopicPartition(source.Topic, random.Next(partitions)),
                    Marked(source.Key, absurdity.Bytes)));
            }),
        ];

    /// <summary>A record that says by a header that the campaign sent it.</summary>
    public static Message<byte[]?, byte[]?> Marked(string? key, byte[]? value) => new()
    {
        Key = key is null ? null : System.Text.Encoding.UTF8.GetBytes(key),
        Value = value,
        Headers = new Headers { { Header, [1] } },
    };
}
