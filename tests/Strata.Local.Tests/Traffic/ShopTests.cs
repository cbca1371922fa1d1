using Strata.Contracts.Ingestion.V1;
using Strata.Local.Sample;
using Strata.Local.Traffic;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Tests.Traffic;

[Trait("height", "unit")]
public sealed class ShopTests
{
    private static readonly SampleCatalogue Sample = SampleCatalogue.Load();

    private readonly UnaryCalls _calls = new(request => request is PutItemsRequest ? new PutItemsResponse() : new DeleteItemResponse());
    private readonly Shop _shop;

    public ShopTests() => _shop = new Shop(new IngestionClient(_calls), TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 9)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(10, 10)]
    [InlineData(831, 831)]
    public async Task PutAsync_InSoManyCalls_EveryItemOnceInPartsOfOneSize(int? calls, int made)
    {
        await _shop.PutAsync(Sample, calls, TimeSpan.Zero, Cancellation);

        var sizes = _calls.Of<PutItemsRequest>().Select(call => call.Items.Count).ToList();
        Assert.Equal(made, sizes.Count);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        Assert.Equal(
            Sample.Items.Select(item => item.ItemId),
            _calls.Of<PutItemsRequest>().SelectMany(call => call.Items).Select(item => item.ItemId));
    }

    [Fact]
    public async Task ReplaceAsync_ByOtherTopics_DeletesAllThatIsThereBeforeItPuts()
    {
        var (first, second) = (Sample.Only(topic => topic == Sample.Topics[0]), Sample.Only(topic => topic == Sample.Topics[1]));
        await _shop.PutAsync(first, calls: 1, TimeSpan.Zero, Cancellation);

        await _shop.ReplaceAsync(second, Cancellation);

        Assert.Equal(
            first.Items.Select(item => item.ItemId).Order(),
            _calls.Of<DeleteItemRequest>().Select(deleted => deleted.ItemId).Order());
        Assert.IsType<DeleteItemRequest>(_calls.Requests[^2]);
        var put = Assert.IsType<PutItemsRequest>(_calls.Requests[^1]);
        Assert.Equal(second.Items.Select(item => item.ItemId), put.Items.Select(item => item.ItemId));
        Assert.Same(second, _shop.Catalogue);
    }
}
