using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Cli.Export;
using Strata.Contracts;
using Strata.Contracts.Common.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.State.V1;
using Strata.Contracts.Users.V1;
using Strata.Numerics;
using Strata.Ranking.Users.Core;
using Strata.Streaming.Records;

namespace Strata.Cli.Tests.Export;

/// <summary>Ranking's tables, fed as the export feeds them.</summary>
[Trait("height", "harness")]
public sealed class RankingCopyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RowOf_AUserWithWeights_HasTheirSharesAndProbabilitiesThatSumToOneAndWhatTheyMutedAtZero()
    {
        await using var ranking = await CopyAsync();
        var user = new UserState(
            new Profile { Controls = { new LayerControl { LayerId = 2, Action = LayerAction.Mute, AskedUnixMs = 1 } } },
            new UserLayers { LayerIds = { 1, 3 }, LongWeights = { 3, 1 }, ShortWeights = { 1, 1 }, AsOfUnixMs = 1_000 });

        var row = ranking.RowOf("ann", user).ToDictionary(cell => cell.LayerId);

        Assert.Equal((.75f, .5f), (row[1].LongInterest, row[1].ShortInterest));
        Assert.Equal(.25f, row[3].LongInterest);
        Assert.Equal(0, row[2].Probability);
        Assert.Equal(1, row.Values.Sum(cell => cell.Probability), 1e-5);
        Assert.True(row[1].Probability > 0 && row[3].Probability > 0);
        Assert.All(row.Values, cell => Assert.Equal("ann", cell.User));
    }

    [Fact]
    public async Task IsStranger_WhoSaidNo_UntilTheyTakeItBack()
    {
        await using var ranking = await CopyAsync();

        await ranking.ApplyAsync(
            Topics.Consents,
            [
                Record(Topics.Consents, "ann", new Consent { UserId = "ann", Personalise = false }),
                Record(Topics.Consents, "bob", new Consent { UserId = "bob", Store = false }),
                Record(Topics.Consents, "cid", new Consent { UserId = "cid", Personalise = true }),
                Record(Topics.Consents, "bob", null),
            ],
            Cancel);

        Assert.Equal([true, false, false], new[] { "ann", "bob", "cid" }.Select(ranking.IsStranger));
    }

    private static async Task<RankingCopy> CopyAsync()
    {
        var ranking = new RankingCopy(null, TimeProvider.System);
        Layer[] layers = [.. Enumerable.Range(0, 3).Select(Of)];
        var marker = new LayerSetMarker { Version = 5, Seeding = 1, Encoder = "e", Mean = { 0, 0, 0 } };
        marker.LayerIds.AddRange(layers.Select(layer => layer.LayerId));
        await ranking.ApplyAsync(
            Topics.ItemFeatures,
            [.. "abc".Select((id, axis) => Record(Topics.ItemFeatures, $"{id}", ItemOf($"{id}", axis)))],
            Cancel);
        await ranking.ApplyAsync(
            Topics.Layers,
            [.. layers.Select(layer => Record(Topics.Layers, $"layer:{layer.LayerId}", layer)), Record(Topics.Layers, "set", marker)],
            Cancel);
        ranking.CaughtUp();
        Assert.Equal((5UL, 3), (ranking.View.Layers.Version, ranking.View.Layers.Count));
        return ranking;

        static Layer Of(int axis)
        {
            var layer = new Layer { LayerId = (uint)axis + 1, Version = 5, Weight = 1 };
            layer.Centroid.AddRange(Enumerable.Range(0, 3).Select(component => component == axis ? 1f : 0));
            layer.Sum.AddRange(layer.Centroid.Select(component => (double)component));
            return layer;
        }
    }

    private static ItemFeatures ItemOf(string id, int axis)
    {
        var (codes, scale) = Int8Codec.Encode([.. Enumerable.Range(0, 3).Select(component => component == axis ? 1f : 0)]);
        return new ItemFeatures
        {
            ItemId = id,
            Title = id,
            Encoder = "e",
            Embedding = new Vector { Codes = ByteString.CopyFrom(MemoryMarshal.AsBytes(codes.AsSpan())), Scale = scale },
        };
    }

    private static StreamRecord Record(string topic, string key, IMessage? message) => new(
        topic, 0, 0, key, message is null ? (ReadOnlyMemory<byte>?)null : message.ToByteArray(), DateTimeOffset.UnixEpoch, []);
}
