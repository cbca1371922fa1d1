using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Strata.Contracts;
using Strata.Contracts.Activity.V1;
using Strata.Contracts.Features.V1;
using Strata.Contracts.Layers.V1;
using Strata.Ranking.Index;
using Strata.Ranking.Index.Core;
using Strata.Ranking.Index.Items;
using Strata.Streaming.Records;

namespace Strata.Ranking.Tests.Index;

[Trait("height", "harness")]
public sealed class CatalogueTableTests : IDisposable
{
    private readonly OneMeterFactory _meters = new();
    private readonly Catalogue _catalogue = new(new IndexOptions());
    private readonly ActivityWatermarks _watermarks = new();
    private readonly CatalogueTable _table;

    public CatalogueTableTests()
    {
        _table = new CatalogueTable(_catalogue, _watermarks, new IndexMetrics(_meters), NullLogger<CatalogueTable>.Instance);
        _table.CaughtUp();
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Apply_LayersWithoutMarker_ShowNothing()
    {
        await Apply(Record(Topics.Layers, "layer:1", World.Layer(1, [1, 0])), Record(Topics.Layers, "layer:2", World.Layer(2, [0, 1])));
        Assert.Equal(0ul, _catalogue.Current.Layers.Version);

        await Apply(Record(Topics.Layers, "set", Marker(4, 1, 2)));
        Assert.Equal((4ul, 2), (_catalogue.Current.Layers.Version, _catalogue.Current.Layers.Count));
    }

    [Fact]
    public async Task Apply_HalfOfTheNextVersion_KeepsTheOldCentroids()
    {
        await Apply(Record(Topics.Layers, "layer:1", World.Layer(1, [1, 0])), Record(Topics.Layers, "set", Marker(1, 1)));

        await Apply(Record(Topics.Layers, "layer:1", World.Layer(1, [0, 1])), Record(Topics.Layers, "layer:1", null));

        Assert.Equal([1f, 0f], _catalogue.Current.Layers.Centroid(0).ToArray());
    }

    [Fact]
    public async Task Apply_MarkerBeforeItsLastLayer_WaitsForIt()
    {
        await Apply(Record(Topics.Layers, "layer:1", World.Layer(1, [1, 0])), Record(Topics.Layers, "set", Marker(2, 1, 2)));
        Assert.Equal(0ul, _catalogue.Current.Layers.Version);

        await Apply(Record(Topics.Layers, "layer:2", World.Layer(2, [0, 1])));
        Assert.Equal(2ul, _catalogue.Current.Layers.Version);
    }

    [Fact]
    public async Task Apply_ActivityWithoutMarker_IsNotSeenBeforeIt()
    {
        await Apply(
            Record(Topics.ItemFeatures, "a", new ItemFeatures { ItemId = "a" }),
            Record(Topics.ItemActivity, "a", World.Activity("a", popularity: 2)));
        Assert.Equal(0, _catalogue.Current.Items.Activity[0].Popularity(HalfLives.Ever, World.NowMs));
        Assert.True(_watermarks.AbsorbedNone(3, 10));
        Assert.Equal(0, _watermarks.FirstOpen(3));

        await Apply(Record(Topics.ItemActivity, "marker:0", ActivityMarker(next: 11)));
        Assert.Equal(2, _catalogue.Current.Items.Activity[0].Popularity(HalfLives.Ever, World.NowMs));
        Assert.Equal(11, _watermarks.FirstOpen(3));
        Assert.False(_watermarks.AbsorbedNone(3, 10));
        Assert.True(_watermarks.AbsorbedNone(3, 11));
    }

    [Fact]
    public async Task Apply_RecordThatIsNoMessage_LeavesItOutAndGoesOn()
    {
        var broken = new StreamRecord(Topics.ItemFeatures, 0, 5, "x", new byte[] { 0xff, 0xff, 0xff }, DateTimeOffset.UnixEpoch, []);

        await Apply(broken, Record(Topics.ItemFeatures, "a", new ItemFeatures { ItemId = "a" }));

        Assert.Equal((0, -1), (_catalogue.Current.IndexOf("a"), _catalogue.Current.IndexOf("x")));
    }

    [Fact]
    public async Task Apply_MessageWithoutItsId_IsLeftOut()
    {
        await Apply(Record(Topics.ItemFeatures, "a", new ItemFeatures { Title = "nameless" }));

        Assert.Equal(0, _catalogue.Current.Count);
    }

    [Fact]
    public async Task Apply_Tombstones_TakeItemAndActivityAway()
    {
        await Apply(
            Record(Topics.ItemFeatures, "a", new ItemFeatures { ItemId = "a" }),
            Record(Topics.ItemActivity, "a", World.Activity("a", popularity: 2)),
            Record(Topics.ItemActivity, "marker:0", ActivityMarker(1)));

        await Apply(
            Record(Topics.ItemFeatures, "a", null),
            Record(Topics.ItemActivity, "a", null),
            Record(Topics.ItemActivity, "marker:0", ActivityMarker(2)));

        Assert.False(_catalogue.Current.IsAlive(0, World.NowMs));
        Assert.Same(ItemActivities.None, _catalogue.Current.Items.Activity[0]);
    }

    private static ActivityMarker ActivityMarker(long next)
        => new() { ItemPartition = 0, Positions = { new ActivityMarker.Types.Position { EventsPartition = 3, Next = next } } };

    private static LayerSetMarker Marker(ulong version, params uint[] ids)
    {
        var marker = new LayerSetMarker { Version = version, Seeding = 1 };
        marker.LayerIds.AddRange(ids);
        return marker;
    }

    private static StreamRecord Record(string topic, string key, IMessage? value)
        => new(topic, 0, 0, key, value is null ? default(ReadOnlyMemory<byte>?) : value.ToByteArray(), DateTimeOffset.UnixEpoch, []);

    private ValueTask Apply(params StreamRecord[] records) => _table.ApplyAsync(records, CancellationToken.None);
}
