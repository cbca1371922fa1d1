using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Strata.Contracts;
using Strata.Contracts.Ranking.V1;
using Strata.Local.Hosting;
using Strata.ServiceDefaults.Access;
using Strata.Testing;
using RankingClient = Strata.Contracts.Ranking.V1.Ranking.RankingClient;

namespace Strata.Local.Tests.Access;

/// <summary>What somebody is told who has no key, or not the right one.</summary>
[Trait("height", "embedded")]
public sealed class RefusalsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-refusals-");
    private readonly Dictionary<string, string> _keys = [];
    private LocalSystem _system = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "keys.json");
        var (read, readText) = ApiKey.Create("reader", [Scopes.Read], null);
        var (events, eventsText) = ApiKey.Create("shop", [Scopes.Events], null);
        var (expired, expiredText) = ApiKey.Create("late", Scopes.All, TimeProvider.System.GetUtcNow().AddMinutes(-1));
        (_keys[Scopes.Read], _keys[Scopes.Events], _keys["expired"]) = (readText, eventsText, expiredText);
        ApiKeyFile.Write(file, [read, events, expired]);
        var settings = new LocalSettings { Port = 0, Overrides = new Dictionary<string, string?> { ["Access:KeysFile"] = file } };
        _system = await LocalSystem.StartAsync(settings, logging => logging.ClearProviders(), Cancel);
        await _system.ReadyAsync(_ => { }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A new user's walk: what each key says, by curl and by gRPC, in the words of the handbook.</summary>
    [Theory]
    [InlineData("none", HttpStatusCode.Unauthorized, StatusCode.Unauthenticated)]
    [InlineData("unknown", HttpStatusCode.Unauthorized, StatusCode.Unauthenticated)]
    [InlineData("expired", HttpStatusCode.Unauthorized, StatusCode.Unauthenticated)]
    [InlineData(Scopes.Events, HttpStatusCode.Forbidden, StatusCode.PermissionDenied)]
    public async Task Refusal_OfAKey_SaysWhatTheHandbookSays(string kind, HttpStatusCode http, StatusCode grpc)
    {
        var key = kind == "unknown" ? _keys[Scopes.Read] + "x" : _keys.GetValueOrDefault(kind);
        using var client = new HttpClient { BaseAddress = _system.Addresses.Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/layers");
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var answer = await client.SendAsync(request, Cancel);
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        using var channel = GrpcChannel.ForAddress(_system.Addresses.Grpc);
        var ranking = new RankingClient(channel.WithKey(key));
        var fault = await Assert.ThrowsAsync<RpcException>(
            async () => await ranking.SearchAsync(new SearchRequest { Query = "x" }, cancellationToken: Cancel));

        Assert.Equal((http, grpc), (answer.StatusCode, fault.StatusCode));
        Assert.Equal(said.GetProperty("message").GetString(), fault.Status.Detail);
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra/handbook/access.md"), Cancel);
        Assert.Contains($"*{fault.Status.Detail}*", page, StringComparison.Ordinal);
    }
}
