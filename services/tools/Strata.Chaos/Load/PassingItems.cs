namespace Strata.Chaos.Load;

/// <summary>
/// Items that come, are touched, and are deleted again: at each fault the last one is deleted and another put. When everything has been
/// fresh since its deletion, no slate may show it any more, whatever happens then.
/// </summary>
internal sealed class PassingItems(Producer producer, SlateClient client, Shoppers shoppers)
{
    private string? _deleted;

    public async Task NextAsync(int number, CancellationToken cancellationToken)
    {
        if (_deleted is not null)
        {
            client.Forbid(_deleted);
        }

        _deleted = shoppers.Passing;
        if (_deleted is not null)
        {
            shoppers.Passing = null;
            await producer.DeleteItemAsync(_deleted, cancellationToken);
        }

        var item = ShopCatalogue.Passing(number);
        await producer.PutItemsAsync([item], cancellationToken);
        shoppers.Passing = item.ItemId;
    }
}
