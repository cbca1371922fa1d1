using System.Text.Json;
using Strata.Cli.Frame;
using Strata.Contracts;
using Strata.Contracts.Catalog.V1;
using Strata.Contracts.Events.V1;
using Strata.Contracts.Ingestion.V1;
using Strata.Contracts.Layers.V1;
using Strata.Contracts.Ranking.V1;
using Strata.EndToEnd.Harness;
using Strata.Local.Sample;
using Strata.Testing.Brokers;
using Strata.Testing.Stores;
using Strata.Testing.Systems;
using IngestionClient = Strata.Contracts.Ingestion.V1.Ingestion.IngestionClient;
using LayersClient = Strata.Contracts.Layers.V1.Layers.LayersClient;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.EndToEnd;

/// <summary>
/// Layers as people hold them, through the real services: groups, neighbours, a map; a user's controls, each read back by its token.
/// </summary>
[Trait("height", "system")]
public sealed class LayersInHand(
    EmbeddedBrokerFixture broker,
    StoreFixture store) : IAsyncLifetime, IClassFixture<EmbeddedBrokerFixture>, IClassFixture<StoreFixture>
{
    private const string User = "holder";

    private StrataSystem _system = null!;
    private LayersClient _layers = null!;
    private RankingClient _ranking = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await StrataSystem.StartAsync(broker.Broker, store.Store, Cancellation);
        (_layers, _ranking) = (new LayersClient(_system.Channel), new RankingClient(_system.Channel));
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Layers_AreGroupedAndControlsAreHonouredAtOnce()
    {
        var ingestion = new IngestionClient(_system.Channel);
        var catalogue = SampleCatalogue.Load();
        var put = new PutItemsRequest();
        put.Items.AddRange(
            catalogue.Items.Select(item => new Item { ItemId = item.ItemId, Title = item.Title, Description = item.Description }));
        await ingestion.PutItemsAsync(put, cancellationToken: Cancellation);
        await UntilAsync(async () => (await ListAsync()).Layers.Sum(layer => layer.Items) == catalogue.Items.Count);
        var asOf = "";
        foreach (var item in catalogue.Items.Where(item => item.Topic == "bee-keeping").Take(3))
        {
            asOf = (await ingestion.PublishEventAsync(
                new PublishEventRequest
                {
                    Event = new UserEvent { UserId = User, Kind = EventKind.Click, ItemId = item.ItemId },
                }, cancellationToken: Cancellation)).AsOf;
        }

        await UntilAsync(async () => (await OwnAsync(asOf)).Layers.Any(layer => layer.LongInterest > 0));

        var list = await ListAsync();
        Assert.All(list.Layers, layer => Assert.True(layer is { GroupId: > 0, ParentGroupId: > 0 } && layer.Noise == (layer.ShapeId == 0)));
        Assert.All(list.Groups, group => Assert.NotEmpty(group.Words));
        var own = (await OwnAsync(asOf)).Layers.MaxBy(layer => layer.Interests.Sum(interest => interest.Items))!;
        var detail = await _layers.GetLayerAsync(new GetLayerRequest { LayerId = own.LayerId }, cancellationToken: Cancellation);
        Assert.Equal(5, detail.Neighbours.Count);
        Assert.Equal(
            list.Layers.Count,
            (await _layers.GetLayerMapAsync(new GetLayerMapRequest(), cancellationToken: Cancellation)).Places.Count);
        var lineage = await _layers.GetLayerLineageAsync(
            new GetLayerLineageRequest { LayerId = own.LayerId },
            cancellationToken: Cancellation);
        Assert.Equal(GetLayerLineageResponse.Types.Step.Types.Kind.Seeded, lineage.Steps[0].Kind);

        Assert.Contains(own.LayerId, await SlateAsync(asOf));
        Assert.DoesNotContain(own.LayerId, await SlateAsync(await ControlAsync(own.LayerId, LayerAction.Mute)));

        var cleared = await ControlAsync(own.LayerId, LayerAction.Clear);
        Assert.Contains(own.LayerId, await SlateAsync(cleared));

        var far = list.Layers.First(
            layer => layer.LayerId != own.LayerId && detail.Neighbours.All(near => near.LayerId != layer.LayerId)).LayerId;
        Assert.Contains(far, await SlateAsync(await ControlAsync(far, LayerAction.Pin)));

        var forgotten = await ControlAsync(own.LayerId, LayerAction.Forget);
        var after = await OwnAsync(forgotten);
        Assert.DoesNotContain(after.Layers, layer => layer.LayerId == own.LayerId && layer.LongInterest > 0);
        Assert.Equal(LayerAction.Pin, after.Layers.Single(layer => layer.LayerId == far).Action);

        await AssertToldByTheCommandLineAsync(far);
    }

    /// <summary>The same by <c>strata user show</c> and <c>strata layers</c>.</summary>
    private async Task AssertToldByTheCommandLineAsync(uint pinned)
    {
        var user = await ToolAsync("user", "show", User);
        Assert.Equal(3, user.GetProperty("recent").GetArrayLength());
        Assert.All(user.GetProperty("recent").EnumerateArray(), act => Assert.Equal("click", act.GetProperty("what").GetString()));
        Assert.Equal(
            "pin", user.GetProperty("layers").EnumerateArray().Single(layer => Id(layer) == pinned).GetProperty("wish").GetString());
        Assert.Contains(
            user.GetProperty("places").EnumerateArray(), place => place.GetProperty("name").GetString() == $"topic:{Topics.Events}");

        var listed = (await ToolAsync("layers", "list")).EnumerateArray().Select(Id).ToList();
        Assert.Equal((await ListAsync()).Layers.Select(layer => layer.LayerId), listed);
        var shown = await ToolAsync("layers", "show", $"{pinned}");
        Assert.Equal(5, shown.GetProperty("neighbours").GetArrayLength());
        var watched = await ToolAsync("layers", "watch", "--looks", "1");
        Assert.Contains($"{listed.Count} layers", watched.GetString(), StringComparison.Ordinal);

        var into = shown.GetProperty("neighbours")[0].GetProperty("layer_id").GetUInt32();
        var move = await ToolAsync("layers", "merge", $"{pinned}", "--into", $"{into}");
        Assert.Equal(pinned, move.GetProperty("removed").GetUInt32());
        var version = move.GetProperty("version").GetUInt64();
        await UntilAsync(async () => (await ListAsync()).Version >= version);
        var gone = await ToolAsync("layers", "show", $"{pinned}");
        Assert.Equal(JsonValueKind.Null, gone.GetProperty("layer").ValueKind);
        Assert.NotEmpty(gone.GetProperty("heirs").EnumerateArray());
    }

    private async Task<JsonElement> ToolAsync(params string[] command)
    {
        var (code, output, said) = await StrataTool.RunAsync([.. command, "--ranking", $"http://{_system.Channel.Target}"]);
        Assert.True(code == ExitCode.Done, said);
        return JsonDocument.Parse(output).RootElement;
    }

    private static uint Id(JsonElement layer) => layer.GetProperty("layer_id").GetUInt32();

    private async Task<ListLayersResponse> ListAsync()
        => await _layers.ListLayersAsync(new ListLayersRequest(), cancellationToken: Cancellation);

    private async Task<GetUserLayersResponse> OwnAsync(string asOf)
        => await _layers.GetUserLayersAsync(new GetUserLayersRequest { UserId = User, AsOf = asOf }, cancellationToken: Cancellation);

    private async Task<string> ControlAsync(uint layer, LayerAction action)
        => (
            await _layers.ControlUserLayerAsync(
                new ControlUserLayerRequest { UserId = User, LayerId = layer, Action = action },
                cancellationToken: Cancellation)).AsOf;

    private async Task<HashSet<uint>> SlateAsync(string asOf)
        =>
        [
            .. (
                await _ranking.RecommendAsync(
                    new RecommendRequest { UserId = User, AsOf = asOf, DryRun = true },
                    cancellationToken: Cancellation)).Items.Select(item => item.Layer.LayerId),
        ];

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        budget.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), budget.Token);
        }
    }
}
