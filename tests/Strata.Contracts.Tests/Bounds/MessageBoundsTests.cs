using Google.Protobuf;
using Strata.Contracts.Bounds;
using Strata.Testing.Poison;

namespace Strata.Contracts.Tests.Bounds;

[Trait("height", "unit")]
public sealed class MessageBoundsTests
{
    // Names, hashes and flags: whatever they hold, a reader finds it or does not. Counts that are kept and never added to another.
    private static readonly HashSet<string> AnyValue = new(StringComparer.Ordinal)
    {
        "log", "id_hash", "seeding", "content_hash", "training_log", "schema", "kinds", "length", "quantity", "position",
        "layer_id", "layer_ids", "into_layer_id", "gone", "heir", "removed", "merged_into", "parent", "first", "second",
        "evidence_layer_ids", "group_id", "parent_group_id", "shape_id", "next_layer_id", "next_group_id",
    };

    public static TheoryData<string> Messages => [.. GoodMessages.All.Select(message => message.Descriptor.FullName)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Fault_AsItsWriterMeansIt_IsNone(string name) => Assert.Null(MessageBounds.Fault(Good(name)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Fault_EachNumberAndText_IsBounded(string name)
    {
        var bounded = Absurdities.Values(Good(name))
            .Where(absurdity => double.TryParse(absurdity.Value, out _) || absurdity.Value.EndsWith("characters", StringComparison.Ordinal))
            .GroupBy(absurdity => absurdity.Field)
            .Where(field => !AnyValue.Contains(field.Key.Split('.')[^1]) && !IsEnum(Good(name), field.Key));

        Assert.All(bounded, field => Assert.Contains(field, absurdity => MessageBounds.Fault(absurdity.Message!) is not null));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Fault_WhatIsNoNumber_IsRefusedEverywhere(string name)
        => Assert.All(
            Absurdities.Values(Good(name)).Where(absurdity => absurdity.Value is "NaN" or "Infinity" or "-Infinity"),
            absurdity => Assert.NotNull(MessageBounds.Fault(absurdity.Message!)));

    [Fact]
    public void Fault_ListsThatBelongTogether_AreRefusedWhereTheyDiffer()
    {
        var weights = GoodMessages.UserLayers();
        weights.LongWeights.Add(1);
        var act = GoodMessages.Delta();
        act.Acts[0].SeenBefore[0] = 2;
        var points = GoodMessages.LayerDelta();
        points.Entries[0].Sum[0] = 3L << 30;

        Assert.Equal("long_weights has 3 entries where 2 belong", MessageBounds.Fault(weights));
        Assert.Equal("acts[0]: seen_before[0]: index is 2 where 2 items are named", MessageBounds.Fault(act));
        Assert.Contains("sum is 3221225472", MessageBounds.Fault(points), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_PicturesBeyondARecord_AreRefused()
    {
        var item = new Catalog.V1.Item { ItemId = "i", Title = "t", Pictures = { ByteString.CopyFrom(new byte[1 << 19]) } };
        Assert.Null(MessageBounds.Fault(item));

        item.Pictures.Add(ByteString.CopyFrom(new byte[(1 << 19) + 1]));

        Assert.Contains("bytes of pictures is 1048577", MessageBounds.Fault(item), StringComparison.Ordinal);
    }

    private static IMessage Good(string name) => GoodMessages.All.Single(message => message.Descriptor.FullName == name);

    private static bool IsEnum(IMessage message, string path)
    {
        var type = message.Descriptor;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            type = type.FindFieldByName(name).MessageType;
        }

        return type.FindFieldByName(names[^1]).FieldType == Google.Protobuf.Reflection.FieldType.Enum;
    }
}
