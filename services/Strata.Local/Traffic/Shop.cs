using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Local.Sample;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;

namespace Strata.Local.Traffic;

/// <summary>What is put into the catalogue and taken out of it, by the public API only, and what is in it now.</summary>
internal sealed class Shop(IngestionClient ingestion, TimeProvider time)
{
    private const int ItemsACall = 100;
    private const int UsersACall = 500;

    private SampleCatalogue? _open;

    /// <summary>What is in the catalogue.</summary>
    /// <exception cref="InvalidOperationException">Nothing was put yet.</exception>
    public SampleCatalogue Catalogue => _open ?? throw new InvalidOperationException("The shop is not open yet.");

    /// <summary>Puts a shop's items, in the order of its shelves.</summary>
    /// <param name="catalogue">The shop.</param>
    /// <param name="calls">Into how many calls the items are divided; null: as few as a hundred each make.</param>
    /// <param name="pause">How long the producer rests between two calls.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PutAsync(SampleCatalogue catalogue, int? calls, TimeSpan pause, CancellationToken cancellationToken)
    {
        var items = catalogue.Items;
        var count = calls ?? (items.Count + ItemsACall - 1) / ItemsACall;
        for (var call = 0; call < count; call++)
        {
            var (from, to) = (items.Count * call / count, items.Count * (call + 1) / count);
            var request = new PutItemsRequest();
            request.Items.AddRange(items.Take(from..to).Select(
                item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
            await ingestion.PutItemsAsync(request, cancellationToken: cancellationToken);
            if (pause > TimeSpan.Zero && call + 1 < count)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }

        _open = catalogue;
    }

    /// <summary>Tells what is known of the shoppers.</summary>
    public async Task IntroduceAsync(ShopperSimulator shoppers, CancellationToken cancellationToken)
    {
        foreach (var chunk in shoppers.UserIds.Chunk(UsersACall))
        {
            var request = new PutUsersRequest();
            foreach (var user in chunk)
            {
                var known = shoppers.AttributesOf(user);
                request.Users.Add(new UserAttributes
                {
                    UserId = user,
                    AgeBand = known.AgeBand,
                    Gender = known.Gender,
                    Region = known.Region,
                });
            }

            await ingestion.PutUsersAsync(request, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Deletes all items and puts those of another shop.</summary>
    public async Task ReplaceAsync(SampleCatalogue catalogue, CancellationToken cancellationToken)
    {
        foreach (var chunk in Catalogue.Items.Chunk(ItemsACall))
        {
            await Task.WhenAll(chunk.Select(item => ingestion.DeleteItemAsync(
                new DeleteItemRequest { ItemId = item.ItemId }, cancellationToken: cancellationToken).ResponseAsync));
        }

        await PutAsync(catalogue, calls: null, TimeSpan.Zero, cancellationToken);
    }
}
