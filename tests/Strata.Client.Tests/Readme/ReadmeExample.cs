using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ranking.V1;

namespace Strata.Client.Tests.Readme;

/// <summary>What README.md of the package shows, so that it compiles.</summary>
internal static class ReadmeExample
{
    public static async Task RunAsync()
    {
        using var strata = new StrataClient(new StrataClientOptions
        {
            Address = new Uri("http://localhost:5081"),
            ApiKey = Environment.GetEnvironmentVariable("STRATA_API_KEY"),
        });

        await strata.Items.PutAsync([new Item { ItemId = "lamp-1", Title = "Brass reading lamp", Categories = { "Lamps" } }]);

        await using var events = strata.CreateEventSender(new EventSenderOptions
        {
            OnFailed = refused => Console.Error.WriteLine($"{refused.EventId}: {refused.Field} {refused.Message}"),
        });
        var click = await events.SendAsync(new UserEvent { UserId = "ann", Kind = EventKind.Click, ItemId = "lamp-1" });

        var slate = await strata.Ranking.RecommendAsync(new RecommendRequest { UserId = "ann", Count = 5, AsOf = click.AsOf });
        foreach (var item in slate.Items)
        {
            Console.WriteLine($"{item.Title}: {string.Join(", ", item.Layer.Words)}. {item.Reason.Text}");
        }
    }
}
