using Strata.Contracts;
using Strata.Ingestion.Catalog;
using Strata.Streaming.Publishing;
using Strata.Streaming.Records;

namespace Strata.Ingestion.Tests.Catalog;

[Trait("height", "harness")]
public sealed class KnownItemsTests
{
    private readonly KnownItems _items = new();

    [Fact]
    public async Task ApplyAsync_ItemThenTombstone_ForgetsIt()
    {
        await ApplyAsync(Record("a", 0), Record("b", 1), Record("a", 2, tombstone: true));

        Assert.False(_items.Contains("a"));
        Assert.True(_items.Contains("b"));
    }

    [Fact]
    public void Put_Acknowledged_CountsAtOnce()
    {
        _items.Put("a", new PublishedPosition(0, 5, 1));

        Assert.True(_items.Contains("a"));
    }

    [Fact]
    public async Task ApplyAsync_OlderTombstoneBehindOwnPut_DoesNotUndoIt()
    {
        _items.Put("a", new PublishedPosition(0, 5, 1));

        await ApplyAsync(Record("a", 3, tombstone: true));
        var between = _items.Contains("a");
        await ApplyAsync(Record("a", 5));

        Assert.True(between);
        Assert.True(_items.Contains("a"));
    }

    [Fact]
    public async Task ApplyAsync_NewerTombstoneThanOwnPut_Counts()
    {
        _items.Put("a", new PublishedPosition(0, 5, 1));

        await ApplyAsync(Record("a", 5), Record("a", 6, tombstone: true));

        Assert.False(_items.Contains("a"));
    }

    [Fact]
    public async Task Put_AcknowledgedAfterTheTableReadOn_DoesNotUndoWhatCameLater()
    {
        await ApplyAsync(Record("a", 5), Record("a", 6, tombstone: true));

        _items.Put("a", new PublishedPosition(0, 5, 1));

        Assert.False(_items.Contains("a"));
    }

    [Fact]
    public void Deleted_AcknowledgedBeforeAnOlderPut_Stays()
    {
        _items.Deleted("a", new PublishedPosition(0, 6, 1));
        _items.Put("a", new PublishedPosition(0, 5, 1));

        Assert.False(_items.Contains("a"));
    }

    private static StreamRecord Record(string key, long offset, bool tombstone = false)
        => new(Topics.Items, 0, offset, key, tombstone ? (ReadOnlyMemory<byte>?)null : new byte[] { 1 }, IngestionApp.Now, []);

    private async Task ApplyAsync(params StreamRecord[] records) => await _items.ApplyAsync(records, TestContext.Current.CancellationToken);
}
